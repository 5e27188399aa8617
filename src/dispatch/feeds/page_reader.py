"""The process that reads posts' pages, with the limits of the one that reads feeds."""

import gc
import sys

from dispatch.apart.bounds import limit_memory
from dispatch.feeds.page_text import read_page_text
from dispatch.feeds.reader import serve

if __name__ == "__main__":
    limit_memory()
    gc.freeze()  # what was imported is never garbage
    serve(sys.stdin.buffer, sys.stdout.buffer, parse=read_page_text)
