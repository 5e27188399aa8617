"""The process that reads posts' pages, with the limits of the one that reads feeds."""

import gc
import sys

from dispatch.feeds.pages.text import read_page_text
from dispatch.feeds.subprocesses.feed_reader import serve
from dispatch.subprocesses.limits import limit_memory

if __name__ == "__main__":
    limit_memory()
    gc.freeze()  # what was imported is never garbage
    serve(sys.stdin.buffer, sys.stdout.buffer, parse=read_page_text)
