"""A webhook of Discord shows texts as they are, tells nobody, and keeps its address to itself."""

import json
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from chat_samples import PICTURE, TRAPS, every_post
from chat_stage import Chat, answers
from dispatch.errors import CredentialsRefused, OutcomeUnknown, ProviderError, RateLimited
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.delivery.published import Published
from dispatch.providers.discord import Discord, DiscordOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import SECRET, ProviderContract
from dispatch.testing.samples import a_snippet
from vendors.descriptions.forms import read_form
from vendors.judge import judge_of

GUILD, CHANNEL, POST = "199737254929760256", "199737254929760257", "334385199974967042"
THERE = Published((POST,), f"https://discord.com/channels/{GUILD}/{CHANNEL}/{POST}", "Avant")
HOOK = {"id": "1", "type": 1, "name": "Les nouvelles", "channel_id": CHANNEL, "guild_id": GUILD}


def good(request):
    if request.method == "DELETE":
        return httpx.Response(204)
    said = HOOK if request.method == "GET" else {"id": POST, "channel_id": CHANNEL, "content": ""}
    return httpx.Response(200, json=said)


def build(http, secret, **options):
    url = SecretStr(f"https://discord.com/api/webhooks/223704706495545344/{secret_of(secret)}")
    return Discord(DiscordOptions(url=url, **options), http, FakeClock())


def secret_of(secret):
    return secret.get_secret_value()


def chat(answer=good, **options):
    return Chat(lambda http, secret: build(http, secret, **options), answer)


def no(status, code, message):
    return httpx.Response(status, json={"code": code, "message": message})


class TestDiscord(ProviderContract):
    def provider(self, http, secret):
        return build(http, secret)

    def accepted(self, request):
        return good(request)


def test_waits_for_the_number_of_a_post_and_says_where_it_is_seen():
    there = chat()

    outcomes = there.provider.send([a_snippet()])

    assert outcomes == [Accepted(POST, THERE.address)]
    assert there.requests[0].url.path.startswith("/api/v10/webhooks/223704706495545344/")
    assert there.requests[0].url.query == b"wait=true"


def test_a_post_without_an_address_is_a_post():
    def answer(request):
        return httpx.Response(500) if request.method == "GET" else good(request)

    assert chat(answer).provider.send([a_snippet()]) == [Accepted(POST)]


def test_asks_only_once_where_the_webhook_is():
    there = chat()

    for _ in range(3):
        there.provider.send([a_snippet()])

    assert [one.method for one in there.requests] == ["POST", "GET", "POST", "POST"]


@pytest.mark.parametrize(("mentions", "told"), [(False, []), (True, ["users", "roles"])])
def test_tells_nobody_unless_it_is_meant_and_never_everyone(mentions, told):
    there = chat()

    there.provider.send([a_snippet(text="<@123> et @everyone", mentions=mentions)])

    [said] = there.posted
    assert said["allowed_mentions"] == {"parse": told}
    assert said["content"] == ("<@123> et @everyone" if mentions else "\\<@123> et @everyone")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2 * 3 et snake_case", "2 \\* 3 et snake\\_case"),
        ("||secret|| ~~gone~~ `code`", "\\|\\|secret\\|\\| \\~\\~gone\\~\\~ \\`code\\`"),
        ("# titre\n> cité\n- un\n1. deux", "\\# titre\n\\> cité\n\\- un\n1\\. deux"),
        ("un # deux > trois - 1. quatre", "un # deux > trois - 1. quatre"),
        ("#hashtag et C# 5", "#hashtag et C# 5"),
        (">>> cité\n-# petit", "\\>>> cité\n\\-# petit"),
        ("\\*", "\\\\\\*"),
        ("[ici](https://evil.example/a)", "\\[ici](https://evil.example/a)"),
        ("[1] oui", "[1] oui"),
        ("https://a.example/b_c*d*_e *", "https://a.example/b_c*d*_e \\*"),
        (
            "https://a.example/b > https://a.example/c_d",
            "https://a.example/b > https://a.example/c_d",
        ),
        ("<:a:1> <t:1> < 2 </x:1>", "\\<:a:1> \\<t:1> < 2 \\</x:1>"),
    ],
)
def test_marks_outside_of_links_are_shown(text, shown):
    there = chat()

    there.provider.send([a_snippet(text=text)])

    assert there.posted[0]["content"] == shown


@pytest.mark.parametrize("text", TRAPS)
def test_nothing_of_a_text_is_lost(text):
    there = chat()

    there.provider.send([a_snippet(text=text)])

    assert there.posted[0]["content"].replace("\\", "") == text.replace("\\", "")


def test_marks_that_would_make_it_too_long_are_left_as_they_are():
    there = chat()

    there.provider.send([a_snippet(text="*" * 1500)])

    assert there.posted[0]["content"] == "*" * 1500


def test_a_picture_goes_with_what_it_shows():
    there = chat()

    there.provider.send([a_snippet(picture=PICTURE)])

    _, files = read_form(there.requests[0])
    said = json.loads(there.posted[-1]["payload_json"])
    assert [(one.field, one.data) for one in files] == [("files[0]", PICTURE.data)]
    assert said["attachments"] == [
        {"id": "0", "filename": "picture.png", "description": "Une aquarelle « bleue »"}
    ]


def test_posts_as_whom_and_where_the_channel_says():
    there = chat(
        username="Les nouvelles",
        avatar_url="https://example.org/a.png",
        thread_id=42,
        previews=False,
        extra={"tts": True},
    )

    there.provider.send([a_snippet()])
    there.provider.edit(THERE, a_snippet())
    there.provider.delete(THERE)

    assert there.posted[0] | {"content": ""} == {
        "tts": True,
        "username": "Les nouvelles",
        "avatar_url": "https://example.org/a.png",
        "content": "",
        "allowed_mentions": {"parse": []},
        "flags": 4,
    }
    assert [one.url.query for one in there.requests if one.method != "GET"] == [
        b"wait=true&thread_id=42",
        b"thread_id=42",
        b"thread_id=42",
    ]


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (httpx.Response(429, json={"message": "slow", "retry_after": 0.65, "global": False}), 0.65),
        (httpx.Response(429, headers={"X-RateLimit-Reset-After": "1.5"}), 1.5),
        (httpx.Response(429, json={"retry_after": ["x"]}, headers={"Retry-After": "3"}), 3),
    ],
)
def test_waits_as_long_as_its_answer_says(answer, seconds):
    with pytest.raises(RateLimited) as raised:
        chat(lambda _: answer).provider.send([a_snippet()])

    assert raised.value.retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "answer",
    [
        no(404, 10015, "Unknown Webhook"),
        no(404, 10003, "Unknown Channel"),
        no(401, 50027, "Invalid Webhook Token"),
        no(400, 220001, "Webhooks posted to forum channels must have a thread_name or thread_id"),
        httpx.Response(404),
    ],
)
def test_stops_where_every_post_would_be_refused(answer):
    with pytest.raises(CredentialsRefused, match=" - "):
        chat(lambda _: answer).provider.send([a_snippet()])


def test_says_which_field_of_a_post_is_wrong():
    errors = {"content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "2000 at most"}]}}
    said = {"code": 50035, "message": "Invalid Form Body", "errors": errors}

    outcomes = chat(lambda _: httpx.Response(400, json=said)).provider.send([a_snippet()])

    assert outcomes == [Refused("Invalid Form Body: 2000 at most")]


def test_edits_only_the_text():
    there = chat()

    outcome = there.provider.edit(THERE, a_snippet(text="*Après*", picture=PICTURE))

    assert outcome == Accepted(POST, THERE.address)
    assert there.posted == [{"content": "\\*Après\\*", "allowed_mentions": {"parse": []}}]
    assert there.requests[0].method == "PATCH"


def test_refuses_to_edit_what_is_gone():
    gone = no(404, 10008, "Unknown Message")

    assert chat(lambda _: gone).provider.edit(THERE, a_snippet()) == Refused("Unknown Message")


def test_deletes_and_is_fine_with_what_is_gone():
    there = chat(answers(httpx.Response(204), no(404, 10008, "Unknown Message")))

    there.provider.delete(THERE)
    there.provider.delete(THERE)

    assert there.asked == [f"DELETE {POST}"] * 2


def test_says_why_a_post_cannot_be_deleted():
    with pytest.raises(ProviderError, match="by hand"):
        chat(lambda _: no(400, 1, "No")).provider.delete(THERE)


def test_names_the_webhook_and_its_channel():
    said = f"Les nouvelles in the channel {CHANNEL}, may post messages, edit messages, delete"

    assert str(chat().provider.check()).startswith(said)


@pytest.mark.parametrize("body", [b'{"id":"33', b"<html>", b"1", b"", b'{"id":null}', b'{"id":[]}'])
def test_what_is_no_answer_leaves_a_post_in_doubt(body):
    there = chat(lambda _: httpx.Response(200, content=body))

    with pytest.raises(OutcomeUnknown):
        there.provider.send([a_snippet()])
    with pytest.raises(OutcomeUnknown):
        there.provider.edit(THERE, a_snippet())


@pytest.mark.parametrize(
    "url",
    [
        "https://discord.com/api/webhooks/1",
        "https://discord.com/channels/1/2",
        "https://discord.com/api/webhooks/1/to-ken?wait=true",
        "http://discord.com/api/webhooks/1/to-ken",
        "not an address",
    ],
)
def test_refuses_what_is_no_webhook_and_does_not_repeat_it(url):
    with pytest.raises(ValidationError) as raised:
        DiscordOptions(url=SecretStr(url))

    assert url not in str(raised.value)


@pytest.mark.parametrize("way", ["", "/v9", "/v10"])
def test_takes_an_address_as_it_is_copied(way):
    url = SecretStr(f"https://discordapp.com/api{way}/webhooks/1/{SECRET}/")
    there = Chat(lambda http, _: Discord(DiscordOptions(url=url), http, FakeClock()), good)

    there.provider.check()

    assert str(there.requests[0].url) == f"https://discordapp.com/api/v10/webhooks/1/{SECRET}"


POSTS = dict(every_post(2000))


@pytest.mark.parametrize("post", POSTS.values(), ids=POSTS)
def test_discord_takes_every_call(post):
    judge = judge_of("discord")
    there = chat(thread_id="42", username="N", avatar_url="https://example.org/a.png")

    there.provider.send([post])
    there.provider.edit(THERE, post)
    there.provider.delete(THERE)
    there.provider.check()

    assert {str(one.url): judge(one) for one in there.requests if judge(one)} == {}


def test_discord_does_not_take_anything():
    judge = judge_of("discord")
    url = "https://discord.com/api/v10/webhooks/1/t?wait=true"

    assert judge(httpx.Request("POST", url, json={"content": ""}))
    assert judge(httpx.Request("POST", url, json={"content": "a", "no_such": 1}))
    assert judge(httpx.Request("POST", url, json={"content": "a" * 2001}))
    assert judge(httpx.Request("GET", "https://discord.com/api/v10/webhook/1/t"))
