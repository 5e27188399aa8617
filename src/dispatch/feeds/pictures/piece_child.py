"""The process that makes pictures fit for pieces, as its own so that no card waits for it."""

from functools import partial

from dispatch.feeds.pictures.child import serve
from dispatch.feeds.pictures.for_pieces import make_for_piece
from dispatch.subprocesses.child import run

if __name__ == "__main__":
    run(partial(serve, make=make_for_piece))
