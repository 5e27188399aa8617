"""One feed that misbehaves is told in a sentence, and the other one goes out (P6)."""

import itertools
import re
import socket

import pytest

from feeds.feed_server import FeedServer, chunks

FEED = b"""<rss version="2.0"><channel><title>Blog</title>
<item><title>One</title><link>https://blog.example/1</link></item></channel></rss>"""


@pytest.fixture
def run_with(dispatch, monkeypatch):
    """A run in which the feed `atelier` is at this address; `notebook` is well."""

    def run(url: str):
        monkeypatch.setenv("DISPATCH_FEED_SECONDS", "0.3")
        dispatch.edit('"file:samples/atelier.rss.xml"', f'"{url}"')
        return dispatch("run", "weekly", "--json")

    return run


def dead_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/feed.xml"


def fifty_megabytes(handler) -> None:
    chunks(handler, itertools.repeat(b"<item/>" * 10_000, 720))


def bad_address(kind: str, server: FeedServer) -> str:
    match kind:
        case "down":
            return dead_address()
        case "hanging":
            return server.hangs()
        case "HTML":
            return server.gives(b"<!doctype html><html><title>Blog</title></html>")
        case "empty":
            return server.gives(b"")
        case "not XML":
            return server.gives(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return server.on("/feed.xml", fifty_megabytes)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("down", "the server refuses connections - try the address in a browser"),
        ("hanging", "the server does not answer (no reply within 0.3 s) - try the address in a"),
        ("HTML", "page"),
        ("empty", "empty"),
        ("50 MB", "larger than 10 MB - ask its owner for a feed with fewer posts"),
        ("not XML", "not a feed"),
    ],
)
def test_the_other_feed_goes_out_all_the_same(dispatch, run_with, server, kind, words):
    url = bad_address(kind, server)

    ended = run_with(url)

    atelier, notebook = ended.json["feeds"]
    assert ended.code == 1
    assert re.fullmatch(rf"{re.escape(url)}: [^\n]+ - [^\n]+", atelier["problem"])
    assert words in atelier["problem"]
    assert (notebook["problem"], notebook["new"]) == ("", 5)
    assert sum(dispatch.copies().values()) == 8
    assert dispatch("feeds", "list", "--json").json[0]["problem"] == atelier["problem"]


def test_a_feed_that_is_well_again_is_read_by_the_next_run(dispatch, run_with, server):
    ran = run_with(server.gives(b"", status=500))
    server.gives(FEED)

    again = dispatch("run", "weekly", "--json")

    assert ran.code == 1
    assert again.code == 0
    assert again.json["feeds"][0]["problem"] == ""


def test_polling_by_hand_tells_the_problem_and_fails(dispatch, server):
    dispatch.edit('"file:samples/atelier.rss.xml"', f'"{server.gives(b"")}"')

    ended = dispatch("feeds", "poll")

    assert ended.code == 1
    assert "empty" in ended.out


def test_a_password_in_an_address_is_never_shown(dispatch, server):
    server.gives(b"", status=500)
    dispatch.edit('"file:samples/atelier.rss.xml"', f'"{server.url(userinfo="marie:hunter22@")}"')

    said = [
        dispatch("run", "weekly"),
        dispatch("feeds", "poll"),
        dispatch("feeds", "list"),
        dispatch("feeds", "list", "--json"),
        dispatch("check"),
    ]

    assert not any("hunter22" in ended.out + ended.err for ended in said)
