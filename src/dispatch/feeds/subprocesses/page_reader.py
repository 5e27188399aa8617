"""The process that reads posts' pages, with the limits of the one that reads feeds."""

from functools import partial

from dispatch.feeds.pages.text import read_page_text
from dispatch.feeds.subprocesses.feed_reader import serve
from dispatch.subprocesses.child import run

if __name__ == "__main__":
    run(partial(serve, parse=read_page_text))
