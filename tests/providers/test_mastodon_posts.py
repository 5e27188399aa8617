"""What Mastodon and its kin are asked for: pictures, time, changes, and what their servers take."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from dispatch.channels.provider import Account
from dispatch.errors import CredentialsRefused, ProviderError, ProviderUnavailable
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Refused, SocialPicture
from dispatch.model.delivery.published import Published
from dispatch.providers.mastodon import BETWEEN_LOOKS, MOST_LOOKS, Mastodon, MastodonOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_png, a_snippet
from vendors.judge import judge_of

NOW = FakeClock()()
PICTURE = SocialPicture(a_png(8), "image/png", 8, 8, "Une aquarelle")
ME = {"id": "7", "acct": "acme"}
POSTED = {"id": "103", "url": "https://social.example/@acme/103"}
THERE = {**POSTED, "sensitive": True, "media_attachments": [{"id": "m1"}, {"id": "m2"}]}


@dataclass
class Server:
    """Answers by what `says` has for a call, and keeps the calls; `waited` are pauses between."""

    says: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    waited: list = field(default_factory=list)

    def __call__(self, request):
        self.calls.append(request)
        answer = self.says.get(f"{request.method} {request.url.path}", httpx.Response(404))
        if isinstance(answer, Iterator):
            answer = next(answer)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    @property
    def account(self):
        options = MastodonOptions(server="https://social.example", token=SecretStr("token-4711"))
        http = new_client(transport=httpx.MockTransport(self))
        return Mastodon(options, http, FakeClock(), wait=self.waited.append)

    @property
    def said(self):
        """What the last call had in its body."""
        return json.loads(self.calls[-1].content)

    @property
    def asked(self):
        return [f"{one.method} {one.url.path}" for one in self.calls]


def posting(**says):
    return Server({"POST /api/v1/statuses": POSTED, "POST /api/v2/media": {"id": "m1"}, **says})


def test_tells_where_the_post_stands_and_puts_the_warning_before_it():
    server = posting()

    [outcome] = server.account.send([a_snippet(warning="Spoiler", language="pt-BR")])

    assert outcome == Accepted("103", "https://social.example/@acme/103")
    assert (server.said["spoiler_text"], server.said["language"]) == ("Spoiler", "pt")


@pytest.mark.parametrize(("minutes", "scheduled"), [(5, True), (4, False), (-1, False)])
def test_only_what_is_five_minutes_ahead_is_left_to_the_server(minutes, scheduled):
    server = posting()

    server.account.send([a_snippet(appears=NOW + timedelta(minutes=minutes))])

    assert ("scheduled_at" in server.said) is scheduled


def test_a_thread_cannot_be_left_to_the_server():
    server = posting()

    [outcome] = server.account.send([a_snippet(appears=NOW + timedelta(days=1), thread=("2",))])

    assert isinstance(outcome, Refused)
    assert server.calls == []


def test_a_picture_is_shown_by_the_first_post_of_a_thread():
    server = posting()

    server.account.send([a_snippet(picture=PICTURE, thread=("2",))])

    uploaded, first, second = server.calls
    assert b"Une aquarelle" in uploaded.content
    assert PICTURE.data in uploaded.content
    assert json.loads(first.content)["media_ids"] == ["m1"]
    assert "media_ids" not in json.loads(second.content)
    assert json.loads(second.content)["in_reply_to_id"] == "103"


def test_waits_for_a_picture_that_the_server_works_on():
    working = httpx.Response(206, json={"id": "m1", "url": None})
    server = posting(
        **{
            "POST /api/v2/media": httpx.Response(202, json={"id": "m1", "url": None}),
            "GET /api/v1/media/m1": iter([working, working, {"id": "m1"}]),
        }
    )

    [outcome] = server.account.send([a_snippet(picture=PICTURE)])

    assert isinstance(outcome, Accepted)
    assert server.waited == [BETWEEN_LOOKS] * 3
    assert server.said["media_ids"] == ["m1"]


def test_does_not_wait_for_a_picture_for_ever_and_posts_nothing():
    working = httpx.Response(202, json={"id": "m1"})
    server = posting(**{"POST /api/v2/media": working, "GET /api/v1/media/m1": working})

    with pytest.raises(ProviderUnavailable, match="still works on the picture"):
        server.account.send([a_snippet(picture=PICTURE)])

    assert len(server.waited) == MOST_LOOKS
    assert "POST /api/v1/statuses" not in server.asked


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(500), ProviderUnavailable),
        (httpx.Response(200, text="<html>"), ProviderUnavailable),
        (httpx.Response(403, json={"error": "outside the authorized scopes"}), CredentialsRefused),
    ],
)
def test_nothing_is_in_doubt_while_a_picture_is_uploaded(answer, error):
    server = posting(**{"POST /api/v2/media": answer})

    with pytest.raises(error):
        server.account.send([a_snippet(picture=PICTURE)])

    assert server.asked == ["POST /api/v2/media"]


def test_says_that_a_picture_is_refused():
    refused = httpx.Response(422, json={"error": "File content type is invalid"})
    server = posting(**{"POST /api/v2/media": refused})

    [outcome] = server.account.send([a_snippet(picture=PICTURE)])

    assert outcome == Refused("its picture: File content type is invalid")


def test_uploads_pictures_as_older_servers_take_them():
    older = {"POST /api/v2/media": httpx.Response(404), "POST /api/v1/media": {"id": 9}}
    server = posting(**older)

    server.account.send([a_snippet(picture=PICTURE)])

    assert server.said["media_ids"] == ["9"]


SERVERS = {
    "Mastodon": (
        {
            "GET /api/v2/instance": {
                "configuration": {
                    "statuses": {"max_characters": 1000, "characters_reserved_per_url": 23}
                }
            },
            "GET /api/v1/apps/verify_credentials": {
                "name": "dispatch",
                "scopes": ["read", "write"],
            },
        },
        Account("@acme on https://social.example", can=("read", "write"), max_text=1000),
    ),
    "Mastodon before 4": (
        {"GET /api/v1/instance": {"configuration": {"statuses": {"max_characters": 500}}}},
        Account("@acme on https://social.example", max_text=500),
    ),
    "Pleroma": (
        {
            "GET /api/v1/instance": {"max_toot_chars": 5000, "pleroma": {}},
            "GET /api/v1/apps/verify_credentials": {"name": "dispatch", "scopes": None},
        },
        Account("@acme on https://social.example", max_text=5000),
    ),
    "GoToSocial": (
        {
            "GET /api/v2/instance": {
                "configuration": {
                    "statuses": {"max_characters": 5000, "characters_reserved_per_url": 25}
                }
            }
        },
        Account(
            "@acme on https://social.example", max_text=5000, notes=("a link counts 25 there",)
        ),
    ),
    "a token that may not attach pictures": (
        {"GET /api/v1/apps/verify_credentials": {"scopes": ["write:statuses", "read"]}},
        Account(
            "@acme on https://social.example",
            can=("write:statuses", "read"),
            notes=("its application lacks write:media - give it these, and take a new token",),
        ),
    ),
    "a server that answers anything": (
        {
            "GET /api/v2/instance": ["configuration"],
            "GET /api/v1/apps/verify_credentials": httpx.Response(500),
        },
        Account("@acme on https://social.example"),
    ),
    "a server with other kinds of limits": (
        {"GET /api/v2/instance": {"configuration": {"statuses": {"max_characters": True}}}},
        Account("@acme on https://social.example"),
    ),
}


@pytest.mark.parametrize("kind", SERVERS)
def test_says_what_a_server_tells_of_itself(kind):
    says, account = SERVERS[kind]
    server = Server({"GET /api/v1/accounts/verify_credentials": ME, **says})

    assert server.account.check() == account


def listing(*statuses):
    return Server(
        {
            "GET /api/v1/accounts/verify_credentials": ME,
            "GET /api/v1/accounts/7/statuses": list(statuses),
        }
    )


def a_status(name, content, *, at=NOW, **more):
    return {"id": name, "url": f"https://a.example/{name}", "content": content,
            "created_at": at.isoformat(), **more}  # fmt: skip


TEXT = "Café & thé, @ada@social.example:\n\nlire https://blog.example/a?b=1 #Thé"
SHOWN = (
    '<p>Café &amp; thé, <span class="h-card"><a href="https://social.example/@ada">@<span>ada</span>'
    '</a></span>:</p><p>lire <a href="https://blog.example/a?b=1"><span class="invisible">https://'
    '</span><span class="ellipsis">blog.example/a</span><span class="invisible">?b=1</span></a> '
    '<a href="https://social.example/tags/The">#<span>Thé</span></a></p>'
)


def test_finds_its_own_post_by_what_is_shown_of_it():
    server = listing(a_status("2", "<p>Another</p>"), a_status("1", SHOWN))

    found = server.account.find(a_snippet(text=TEXT), NOW)

    assert found == Accepted("1", "https://a.example/1")


@pytest.mark.parametrize(
    "status",
    [
        a_status("1", SHOWN, at=NOW - timedelta(hours=1)),
        a_status("1", SHOWN, created_at="yesterday"),
        a_status("1", SHOWN[:-20]),
        a_status("1", None),
    ],
    ids=["older", "of no moment", "half", "without words"],
)
def test_does_not_take_another_post_for_its_own(status):
    assert listing(status).account.find(a_snippet(text=TEXT), NOW) is None


def test_finds_a_thread_where_all_of_it_is_there_and_says_where_half_is():
    message = a_snippet(text="One", thread=("Two",))
    one, two = a_status("1", "<p>One</p>"), a_status("2", "<p>Two</p>")

    assert listing(two, one).account.find(message, NOW) == Accepted(
        "1", "https://a.example/1", ("2",)
    )
    assert listing(two).account.find(message, NOW) is None
    with pytest.raises(
        ProviderUnavailable, match=r"1 of its 2 posts - look at https://a\.example/1"
    ):
        listing(one).account.find(message, NOW)


def test_does_not_know_what_a_strange_list_means():
    server = listing()
    server.says["GET /api/v1/accounts/7/statuses"] = httpx.Response(200, text="<html>")

    with pytest.raises(ProviderUnavailable):
        server.account.find(a_snippet(), NOW)


def test_a_changed_post_keeps_its_pictures():
    server = Server({"GET /api/v1/statuses/103": THERE, "PUT /api/v1/statuses/103": POSTED})

    outcome = server.account.edit(
        Published(("103",), POSTED["url"]), a_snippet(text="Better", warning="W", language="fr")
    )

    assert outcome == Accepted("103", POSTED["url"])
    assert server.said == {
        "status": "Better",
        "spoiler_text": "W",
        "language": "fr",
        "sensitive": True,
        "media_ids": ["m1", "m2"],
    }


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        (Published(("103", "104"), POSTED["url"]), "it is 2 posts, and now it would be 1"),
        (Published(("103",)), "it was scheduled"),
        (Published(("99",), POSTED["url"]), "not found"),
    ],
)
def test_says_why_a_post_cannot_be_changed(published, reason):
    server = Server({"GET /api/v1/statuses/99": httpx.Response(404, json={"error": "not found"})})

    outcome = server.account.edit(published, a_snippet())

    assert isinstance(outcome, Refused)
    assert reason in outcome.reason


def test_takes_away_the_end_of_a_thread_first_and_minds_nothing_that_is_gone():
    gone = httpx.Response(404, json={"error": "Record not found"})
    server = Server({"DELETE /api/v1/statuses/1": {"id": "1"}, "DELETE /api/v1/statuses/2": gone})

    server.account.delete(Published(("1", "2"), POSTED["url"]))

    assert server.asked == ["DELETE /api/v1/statuses/2", "DELETE /api/v1/statuses/1"]


def test_says_that_a_post_is_still_there():
    server = Server({"DELETE /api/v1/statuses/1": httpx.Response(422, json={"error": "Busy"})})

    with pytest.raises(ProviderError, match=r"not deleted \(Busy\)"):
        server.account.delete(Published(("1",), POSTED["url"]))


def test_asks_for_nothing_that_its_description_does_not_have():
    judge = judge_of("mastodon")
    server = posting(
        **{
            "GET /api/v1/accounts/verify_credentials": ME,
            "GET /api/v1/accounts/7/statuses": [a_status("103", "<p>One</p>")],
            "POST /api/v2/media": httpx.Response(202, json={"id": "m1"}),
            "GET /api/v1/media/m1": {"id": "m1"},
            "GET /api/v1/statuses/103": THERE,
            "PUT /api/v1/statuses/103": POSTED,
            "DELETE /api/v1/statuses/103": POSTED,
            "DELETE /api/v1/scheduled_statuses/103": {},
        }
    )
    account, there = server.account, Published(("103",), POSTED["url"])

    account.check()
    account.send([a_snippet(text="One", warning="W", picture=PICTURE)])
    account.send([a_snippet(text="One", thread=("Two",))])
    account.send([a_snippet(appears=NOW + timedelta(days=1))])
    account.find(a_snippet(text="One"), NOW)
    account.edit(there, a_snippet())
    account.delete(there)
    account.delete(Published(("103",)))

    assert {str(one.url.path): judge(one) for one in server.calls if judge(one)} == {}
    assert judge(httpx.Request("POST", server.calls[0].url.copy_with(path="/api/v1/statuses"),
                               json={"status": "x", "no_such_field": 1}))  # fmt: skip
