"""Polling feeds that answer as a test says."""

import random

import httpx
import pytest

from dispatch.feeds.parse.document import parse
from dispatch.pipeline.intake.poll import always, poll_feeds
from poll_stage import BLOG, OTHER, rss


class Web:
    """Pages by address: a body, a response, or an exception."""

    def __init__(self):
        self.pages = {BLOG.url: rss("one"), OTHER.url: rss("two")}
        self.requests = []

    def answer(self, request):
        self.requests.append(request)
        page = self.pages[str(request.url)]
        if isinstance(page, Exception):
            raise page
        if not isinstance(page, httpx.Response):
            page = httpx.Response(200, text=page, headers={"ETag": '"1"'})
        # As from a network: a body that has not been read yet.
        return httpx.Response(page.status_code, headers=page.headers, content=iter([page.content]))


@pytest.fixture
def web():
    return Web()


@pytest.fixture
def poll(store, web, clock, tmp_path):
    http = httpx.Client(transport=httpx.MockTransport(web.answer))

    def poll(*feeds, wanted=always, **more):
        reports = poll_feeds(
            feeds,
            wanted=wanted,
            store=store,
            http=http,
            folder=tmp_path,
            clock=clock,
            rng=random.Random(1),
            **{"parse": parse, **more},
        )
        return sorted(reports, key=lambda report: report.feed)

    yield poll
    http.close()
