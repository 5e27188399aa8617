"""Posts reach a Matrix room once, in clear only where everybody may read them."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from dispatch.errors import CredentialsRefused, ProviderUnavailable, RateLimited
from dispatch.model.delivery.message import Accepted, Refused, SocialPicture
from dispatch.model.delivery.published import Published
from dispatch.providers.matrix import Matrix, MatrixOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import a_snippet

ROOM = "!abc:example.org"
ALIAS = "#news:example.org"
ME = "@acme:example.org"
EVENT = "$one"
AT = "https://matrix.to/#/%21abc%3Aexample.org/%24one?via=example.org"
NOT_THERE = httpx.Response(404, json={"errcode": "M_NOT_FOUND", "error": "Event not found."})
PICTURE = SocialPicture(b"\xff\xd8...", "image/jpeg", 640, 480, "Une aquarelle: bleue")


def is_send(request):
    return request.method == "PUT" and "/send/" in request.url.path


class Room:
    """A homeserver with one room; `said` are the contents of what was sent."""

    def __init__(self, **answers):
        self.requests = []
        self.answers = {
            "/directory/room/": {"room_id": ROOM, "servers": ["example.org"]},
            "/account/whoami": {"user_id": ME},
            "/joined_rooms": {"joined_rooms": [ROOM]},
            "/state/m.room.power_levels": {"users": {ME: 50}, "events_default": 50},
            "/media/v3/upload": {"content_uri": "mxc://example.org/pic"},
            "/send/": {"event_id": EVENT},
            "/redact/": {"event_id": "$gone"},
        } | answers

    def __call__(self, request):
        self.requests.append(request)
        path = unquote(request.url.path)
        found = next((one for part, one in self.answers.items() if part in path), NOT_THERE)
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    @property
    def said(self):
        return [json.loads(one.content) for one in self.requests if is_send(one)]


def matrix(server, room=ALIAS, **options):
    http = httpx.Client(transport=httpx.MockTransport(server))
    given = {"server": "https://matrix.example.org", "room": room, "token": SecretStr("a-token")}
    return Matrix(MatrixOptions(**given, **options), http, FakeClock())


class TestMatrix(ProviderContract):
    def provider(self, http, secret):
        options = MatrixOptions(server="https://matrix.example.org", room=ROOM, token=secret)
        return Matrix(options, http, FakeClock())

    def answering(self, handler):
        """The room is not encrypted, which is asked for before the first message."""

        def service(request):
            encryption = request.url.path.endswith("/state/m.room.encryption/")
            return NOT_THERE if encryption else handler(request)

        return super().answering(service)

    def accepted(self, request):
        return Room()(request)

    def key(self, request):
        return request.url.path.rpartition("/")[2]


def test_says_it_in_text_and_html_and_tells_nobody():
    server = Room()
    text = "Tom & @room <b>\nhttps://a.example/p?a=1&b=2, https://a.example/p?a=1&b=22"

    [outcome] = matrix(server).send([a_snippet(text=text, link="https://a.example/p?a=1&b=2")])

    assert outcome == Accepted(EVENT, AT)
    link = "https://a.example/p?a=1&amp;b=2"
    assert server.said == [
        {
            "msgtype": "m.text",
            "body": text,
            "format": "org.matrix.custom.html",
            "formatted_body": (
                f'Tom &amp; @room &lt;b&gt;<br><a href="{link}">{link}</a>, {link}2'
            ),
            "m.mentions": {},
        }
    ]


def test_tells_whom_it_names_only_where_the_campaign_says_so():
    server = Room()
    text = "Merci @ada:example.org. @room, @ada et @bob:matrix.example:8448!"

    matrix(server, kind="notice").send([a_snippet(text=text, mentions=True)])

    [said] = server.said
    assert said["m.mentions"] == {"user_ids": ["@ada:example.org", "@bob:matrix.example:8448"]}
    assert said["msgtype"] == "m.notice"


def test_a_picture_is_uploaded_and_has_the_text_as_its_caption():
    server = Room()

    matrix(server).send([a_snippet(text="Bonjour", picture=PICTURE)])

    upload = next(one for one in server.requests if "upload" in one.url.path)
    assert (upload.content, upload.headers["content-type"]) == (PICTURE.data, "image/jpeg")
    [said] = server.said
    assert said["msgtype"] == "m.image"
    assert said["body"] == "Bonjour"
    assert said["filename"] == "Une aquarelle bleue.jpeg"
    assert said["url"] == "mxc://example.org/pic"
    assert said["info"] == {"mimetype": "image/jpeg", "size": 5, "w": 640, "h": 480}


@pytest.mark.parametrize("status", [500, 502])
def test_an_upload_whose_answer_is_lost_has_posted_nothing(status):
    server = Room(**{"/media/v3/upload": httpx.Response(status)})

    with pytest.raises(ProviderUnavailable, match="did not take the picture"):
        matrix(server).send([a_snippet(picture=PICTURE)])

    assert server.said == []


def test_a_picture_that_the_server_does_not_take_is_refused_with_its_words():
    too_large = httpx.Response(413, json={"errcode": "M_TOO_LARGE", "error": "Too large"})
    server = Room(**{"/media/v3/upload": too_large})

    assert matrix(server).send([a_snippet(picture=PICTURE)]) == [Refused("picture: Too large")]
    assert server.said == []


def test_what_would_be_too_large_twice_is_said_once():
    server = Room()

    matrix(server).send([a_snippet(text="&" * 10_000)])

    assert "formatted_body" not in server.said[0]
    assert len(server.requests[-1].content) < 20_000


def test_an_encrypted_room_gets_nothing_in_clear():
    server = Room(**{"/state/m.room.encryption": {"algorithm": "m.megolm.v1.aes-sha2"}})

    with pytest.raises(CredentialsRefused, match="is encrypted, and dispatch writes in clear"):
        matrix(server).send([a_snippet()])
    with pytest.raises(CredentialsRefused, match="a room without encryption"):
        matrix(server).check()

    assert server.said == []


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        ({"retry_after_ms": 2_500}, {}, 2.5),
        ({"retry_after_ms": 2_500}, {"Retry-After": "7"}, 7),
        ({"retry_after_ms": "soon"}, {}, None),
    ],
)
def test_waits_as_long_as_the_server_says(body, headers, seconds):
    answer = httpx.Response(429, json={"errcode": "M_LIMIT_EXCEEDED", **body}, headers=headers)

    with pytest.raises(RateLimited) as raised:
        matrix(Room(**{"/send/": answer})).send([a_snippet()])

    wait = raised.value.retry_after
    assert (wait.total_seconds() if wait else None) == seconds


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (401, "M_UNKNOWN_TOKEN", "log its account in anew"),
        (403, "M_FORBIDDEN", "have it join, and let it post"),
    ],
)
def test_says_what_the_account_lacks(status, code, advice):
    answer = httpx.Response(status, json={"errcode": code, "error": "no", "soft_logout": True})

    with pytest.raises(CredentialsRefused, match=advice):
        matrix(Room(**{"/send/": answer})).send([a_snippet()])


def test_a_room_that_nobody_knows_is_named():
    with pytest.raises(CredentialsRefused, match="no room is called #news"):
        matrix(Room(**{"/directory/room/": NOT_THERE})).send([a_snippet()])


def test_names_who_posts_where():
    assert str(matrix(Room()).check()) == f"{ME} in {ALIAS}"


def test_says_where_the_account_may_lack_the_power_to_post():
    levels = {"users": {ME: "0"}, "events": {"m.room.message": 100}}

    account = matrix(Room(**{"/state/m.room.power_levels": levels})).check()

    assert account.notes == (
        "its power there is 0, and 100 is needed to post, unless it made the room",
    )


def test_a_room_without_levels_lets_everybody_post():
    assert matrix(Room(**{"/state/m.room.power_levels": NOT_THERE})).check().notes == ()


def test_an_account_outside_of_the_room_is_told_to_join():
    with pytest.raises(CredentialsRefused, match="invite it, and have it join"):
        matrix(Room(**{"/joined_rooms": {"joined_rooms": []}})).check()


def event(number, **more):
    now = FakeClock()()
    return {
        "event_id": f"${number}",
        "origin_server_ts": int(now.timestamp() * 1000),
        "content": {"body": "Another"},
        **more,
    }


def test_finds_its_own_message_by_the_transaction_or_the_text():
    server = Room()
    snippet = a_snippet(text="Bonjour")
    matrix(server).send([snippet])
    key = server.requests[-1].url.path.rpartition("/")[2]
    since = FakeClock()() - timedelta(hours=1)
    old = event(2, content={"body": "Bonjour"}, origin_server_ts=5)
    found = {
        "by key": [
            event(1, content={"body": "Bonjour"}),
            event(2, unsigned={"transaction_id": key}),
        ],
        "another's": [event(1, content={"body": "Bonjour"}, unsigned={"transaction_id": "other"})],
        "by text": [event(1), "odd", event(2, content={"body": "Bonjour"})],
        "none": [event(1), old, event(3, content=None, origin_server_ts=10**30)],
    }

    ids = {
        name: getattr(matrix(Room(**{"/messages": {"chunk": chunk}})).find(snippet, since), "id", 0)
        for name, chunk in found.items()
    }

    assert ids == {"by key": "$2", "another's": 0, "by text": "$2", "none": 0}


def test_an_edit_replaces_what_is_said_and_keeps_the_picture():
    before = {"msgtype": "m.image", "body": "Old", "url": "mxc://example.org/pic", "filename": "f"}
    server = Room(**{f"/event/{EVENT}": {"content": before}})

    outcome = matrix(server).edit(Published((EVENT,), AT, "Old"), a_snippet(text="New"))

    assert outcome == Accepted(EVENT, AT)
    [said] = server.said
    assert said["body"] == "* New"
    assert said["m.relates_to"] == {"rel_type": "m.replace", "event_id": EVENT}
    new = said["m.new_content"]
    assert (new["body"], new["msgtype"], new["url"]) == ("New", "m.image", "mxc://example.org/pic")


@pytest.mark.parametrize(
    ("answer", "why"),
    [(NOT_THERE, "Event not found."), ({"content": {}}, "it was taken away there")],
)
def test_what_was_taken_away_there_cannot_be_edited(answer, why):
    server = Room(**{f"/event/{EVENT}": answer})

    outcome = matrix(server).edit(Published((EVENT,), AT, "Old"), a_snippet(text="New"))

    assert outcome == Refused(f"it says nothing any more ({why})")


@pytest.mark.parametrize("answer", [{"event_id": "$gone"}, NOT_THERE])
def test_takes_away_what_is_there(answer):
    server = Room(**{"/redact/": answer})

    matrix(server).delete(Published((EVENT,), AT, "Old"))

    assert f"/redact/{EVENT}/" in unquote(server.requests[-1].url.path)


def test_says_that_it_cannot_be_taken_away():
    server = Room(**{"/redact/": httpx.Response(400, json={"error": "Not today"})})

    with pytest.raises(ProviderUnavailable, match="Not today"):
        matrix(server).delete(Published((EVENT,), AT, "Old"))


@pytest.mark.parametrize("room", ["news", "@ada:example.org", "#a room:example.org", ""])
def test_refuses_what_names_no_room(room):
    with pytest.raises(ValidationError, match="names no room"):
        MatrixOptions(server="https://matrix.example.org", room=room, token=SecretStr("t"))


def test_a_moment_that_is_none_is_long_ago():
    since = datetime(2026, 1, 1, tzinfo=UTC)
    chunk = [event(1, content={"body": "Bonjour"}, origin_server_ts="x")]

    assert matrix(Room(**{"/messages": {"chunk": chunk}})).find(a_snippet(text="B"), since) is None
