"""Posts reach Bluesky once, as records that their own server would take."""

import json
import os
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bluesky_stage import BLOB, DID, PICTURE, SESSION, Server, no
from dispatch.errors import OutcomeUnknown, ProviderError, ProviderUnavailable
from dispatch.model.delivery.message import Accepted, Card, Refused
from dispatch.model.delivery.published import Published
from dispatch.providers.bluesky import Bluesky, BlueskyOptions, record_key
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import a_snippet

NOW = FakeClock()()


class TestBluesky(ProviderContract):
    def provider(self, http, secret):
        options = BlueskyOptions(handle="letter.example", password=secret)
        return Bluesky(options, http, FakeClock())

    def answering(self, handler):
        """Signed in: to open a session changes nothing that anybody sees, whatever comes of it."""

        def signed_in(request):
            opens = request.url.path.endswith("createSession")
            return httpx.Response(200, json=SESSION) if opens else handler(request)

        return super().answering(signed_in)

    def accepted(self, request):
        return Server()(request)

    def key(self, request):
        return json.loads(request.content)["rkey"]


def test_a_post_is_a_record_of_the_account():
    server = Server()

    [outcome] = server.account.send([a_snippet(id="d1", text="Bonjour", language="fr_CA")])

    key = record_key("d1")
    place = f"at://{DID}/app.bsky.feed.post/{key}"
    assert outcome == Accepted(place, f"https://bsky.app/profile/letter.example/post/{key}")
    assert server.record == {
        "$type": "app.bsky.feed.post",
        "text": "Bonjour",
        "createdAt": "2026-11-24T08:00:00.000Z",
        "langs": ["fr-CA"],
    }


def test_a_repeat_at_another_time_leaves_the_record_as_it_is():
    server = Server()
    account, clock = server.account, FakeClock()
    account._clock = clock
    message = a_snippet(id="d1", thread=("two",))
    [first] = account.send([message])
    before = dict(server.records)
    clock.advance(timedelta(hours=3))

    [again] = account.send([message])

    assert again == first
    assert server.records == before


def test_a_thread_answers_to_its_first_post_and_to_the_one_before():
    server = Server()

    [outcome] = server.account.send([a_snippet(id="d1", thread=("two", "three"))])

    one, two, three = (record_key(f"d1{part}") for part in ("", ".2", ".3"))
    assert [name.rpartition("/")[2] for name in (outcome.id, *outcome.others)] == [one, two, three]
    assert "reply" not in server.records[one]
    reply = server.records[three]["reply"]
    assert [reply[part]["cid"] for part in ("root", "parent")] == [f"cid-{one}", f"cid-{two}"]


def test_a_thread_that_is_refused_is_taken_away():
    server = Server({"com.atproto.repo.putRecord": [None, no("InvalidRequest")]})

    [outcome] = server.account.send([a_snippet(thread=("two",))])

    assert outcome == Refused("so it says: InvalidRequest")
    assert server.records == {}


TEXT = "Été: @ada.example, @nobody.example #été https://a.example/b."


def parts_of(record):
    """What each facet points at, in the bytes of the text, and what it is."""
    sent = record["text"].encode()
    return [
        (sent[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(), one["features"])
        for one in record.get("facets", [])
    ]


def test_says_what_links_tags_and_mentions_are():
    server = Server()

    server.account.send([a_snippet(text=TEXT, mentions=True)])

    kind = "app.bsky.richtext.facet#"
    assert parts_of(server.record) == [
        ("@ada.example", [{"$type": f"{kind}mention", "did": "did:web:ada"}]),
        ("#été", [{"$type": f"{kind}tag", "tag": "été"}]),
        ("https://a.example/b", [{"$type": f"{kind}link", "uri": "https://a.example/b"}]),
    ]


def test_tells_nobody_whom_no_campaign_means():
    server = Server()

    server.account.send([a_snippet(text=TEXT)])

    assert [shown for shown, _ in parts_of(server.record)] == ["#été", "https://a.example/b"]
    assert "resolveHandle" not in server.asked


def test_shows_a_picture_with_its_words_and_shape():
    server = Server()

    server.account.send([a_snippet(picture=PICTURE, card=Card("https://a.example", "Title"))])

    [_, upload, _] = server.calls
    assert (upload.content, upload.headers["Content-Type"]) == (PICTURE.data, "image/png")
    shape = {"width": 8, "height": 6}
    assert server.record["embed"] == {
        "$type": "app.bsky.embed.images",
        "images": [{"image": BLOB, "alt": "Une aquarelle", "aspectRatio": shape}],
    }


@pytest.mark.parametrize(("picture", "thumb"), [(PICTURE, {"thumb": BLOB}), (None, {})])
def test_shows_the_card_of_a_link(picture, thumb):
    server = Server()
    card = Card("https://a.example/b", "Title", "Words", picture)

    server.account.send([a_snippet(card=card)])

    external = {"uri": "https://a.example/b", "title": "Title", "description": "Words", **thumb}
    assert server.record["embed"] == {"$type": "app.bsky.embed.external", "external": external}


@pytest.mark.parametrize("message", [{"picture": PICTURE}, {"card": Card("x", "y", "", PICTURE)}])
def test_says_that_a_picture_is_refused(message):
    server = Server({"com.atproto.repo.uploadBlob": no("BlobTooLarge", 413)})

    [outcome] = server.account.send([a_snippet(**message)])

    assert outcome == Refused("its picture: so it says: BlobTooLarge")
    assert server.records == {}


def test_nothing_is_in_doubt_while_a_picture_is_uploaded():
    server = Server({"com.atproto.repo.uploadBlob": httpx.Response(502)})

    with pytest.raises(ProviderUnavailable):
        server.account.send([a_snippet(picture=PICTURE)])


def test_finds_a_post_by_its_key_and_says_where_half_of_a_thread_is():
    server = Server()
    account, message = server.account, a_snippet(id="d1", thread=("two",))
    assert account.find(message, NOW) is None
    [outcome] = account.send([message])

    assert account.find(message, NOW) == outcome
    del server.records[record_key("d1.2")]
    with pytest.raises(ProviderUnavailable, match="1 of its 2 posts"):
        account.find(message, NOW)


def test_does_not_know_what_a_strange_answer_means():
    server = Server({"com.atproto.repo.getRecord": no("InvalidRequest")})

    with pytest.raises(ProviderUnavailable, match="not found out"):
        server.account.find(a_snippet(), NOW)


def test_takes_away_a_thread_and_minds_nothing_that_is_gone():
    server = Server()
    account = server.account
    [outcome] = account.send([a_snippet(thread=("two",))])

    account.delete(Published((outcome.id, *outcome.others)))
    account.delete(Published((outcome.id, *outcome.others)))

    assert server.records == {}


def test_says_that_a_post_is_still_there():
    server = Server({"com.atproto.repo.deleteRecord": no("InvalidSwap")})

    with pytest.raises(ProviderError, match="not deleted"):
        server.account.delete(Published((f"at://{DID}/app.bsky.feed.post/2222222222222",)))


def test_a_lost_answer_leaves_it_unknown():
    server = Server({"com.atproto.repo.putRecord": httpx.Response(502)})

    with pytest.raises(OutcomeUnknown):
        server.account.send([a_snippet()])


def _vendors_own(path):
    data = os.environ.get("DISPATCH_TEST_DATA")
    if not data:
        pytest.skip("DISPATCH_TEST_DATA is not set: the network's own descriptions are missing")
    return Path(data, path).read_text("utf-8")


def test_a_record_key_is_one_that_no_clock_makes_today():
    keys = [record_key(f"edition.{number}") for number in range(200)]

    assert len({*keys}) == 200
    assert all(key[0] == "2" and len(key) == 13 for key in keys)
    letters = next(
        line.removeprefix("# ")
        for line in _vendors_own("atproto-interop/syntax/tid_syntax_valid.txt").splitlines()
        if "abc" in line
    )
    moments = [sum(letters.index(one) << 5 * at for at, one in enumerate(reversed(key))) >> 10
               for key in keys]  # fmt: skip
    assert max(moments) < 1_126_000_000_000_000  # microseconds since 1970: in 2005


def test_declares_the_limits_of_the_network_itself():
    described = {one["id"]: one["defs"] for one in json.loads(
        _vendors_own("vendor-specs/atproto-lexicons.json"))}  # fmt: skip
    text = described["app.bsky.feed.post"]["main"]["record"]["properties"]["text"]
    thumb = described["app.bsky.embed.external"]["external"]["properties"]["thumb"]
    image = described["app.bsky.embed.images"]["image"]["properties"]["image"]
    declared = Bluesky.capabilities

    assert declared.max_text == text["maxGraphemes"]
    assert declared.most_text_bytes == text["maxLength"]
    assert declared.pictures.most_bytes == min(thumb["maxSize"], image["maxSize"])
