"""A bot posts texts as they are, and no error shows its token."""

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
from dispatch.providers.telegram import Telegram, TelegramOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import SECRET, ProviderContract
from dispatch.testing.samples import a_snippet
from vendors.judge import judge_of

TOKEN = "4839574812:is-nobodys-token-but-as-long-as-one"
CHANNEL = {"id": -1001234567890, "type": "channel", "title": "Les nouvelles", "username": "news"}
THERE = Published(("-1001234567890:57",), "https://t.me/news/57", "Avant")


def good(request):
    method = request.url.path.rpartition("/")[2]
    result = {
        "getMe": {"id": 4839574812, "is_bot": True, "first_name": "B", "username": "news_bot"},
        "getChat": CHANNEL,
        "getChatMember": {"status": "administrator", "can_post_messages": True},
        "deleteMessage": True,
    }.get(method, {"message_id": 57, "date": 1, "chat": CHANNEL})
    return httpx.Response(200, json={"ok": True, "result": result})


def no(status, description, **parameters):
    said = {"ok": False, "error_code": status, "description": description}
    return httpx.Response(status, json=said | ({"parameters": parameters} if parameters else {}))


def build(http, secret, **options):
    chosen = TelegramOptions(token=secret, **{"chat": "@news", **options})
    return Telegram(chosen, http, FakeClock())


def chat(answer=good, **options):
    return Chat(lambda http, secret: build(http, secret, **options), answer)


class TestTelegram(ProviderContract):
    def provider(self, http, secret):
        return build(http, secret)

    def accepted(self, request):
        return good(request)


@pytest.mark.parametrize("text", TRAPS[:-1])
def test_a_text_arrives_as_it_is(text):
    there = chat()

    there.provider.send([a_snippet(text=text)])

    [said] = there.posted
    assert said["text"] == text
    assert not {"parse_mode", "entities"} & said.keys()


@pytest.mark.parametrize(
    ("preview", "said"),
    [
        ("large", {"url": "https://blog.example.org/posts/1", "prefer_large_media": True}),
        ("small", {"url": "https://blog.example.org/posts/1", "prefer_small_media": True}),
        ("off", {"is_disabled": True}),
    ],
)
def test_shows_the_linked_page_as_the_channel_says(preview, said):
    there = chat(preview=preview, silent=True)

    there.provider.send([a_snippet()])

    assert there.posted[0]["link_preview_options"] == said
    assert there.posted[0]["disable_notification"] is True


def test_says_where_a_public_post_is_seen():
    assert chat().provider.send([a_snippet()]) == [
        Accepted("-1001234567890:57", "https://t.me/news/57")
    ]


def test_says_where_members_see_a_post_of_a_private_channel():
    private = {"message_id": 57, "chat": {"id": -1001234567890, "type": "channel"}}
    answer = httpx.Response(200, json={"ok": True, "result": private})

    [outcome] = chat(lambda _: answer).provider.send([a_snippet()])

    assert outcome.address == "https://t.me/c/1234567890/57"


@pytest.mark.parametrize(("units", "method"), [(1024, "sendPhoto"), (1026, "sendMessage")])
def test_a_text_too_long_for_a_caption_goes_out_by_itself(units, method):
    there = chat()

    there.provider.send([a_snippet(text="🎨" * (units // 2), picture=PICTURE)])

    assert there.asked == [f"POST {method}"]


def test_a_picture_is_uploaded_with_the_text_below_it():
    there = chat(extra={"reply_parameters": {"message_id": 3}})

    there.provider.send([a_snippet(text="*Un* mot", picture=PICTURE)])

    [request] = there.requests
    assert PICTURE.data in request.content
    assert there.posted[0]["caption"] == "*Un* mot"
    assert json.loads(there.posted[0]["reply_parameters"]) == {"message_id": 3}


def test_waits_as_long_as_its_answer_says():
    there = chat(lambda _: no(429, "Too Many Requests: retry after 35", retry_after=35))

    with pytest.raises(RateLimited) as raised:
        there.provider.send([a_snippet()])

    assert raised.value.retry_after == timedelta(seconds=35)


@pytest.mark.parametrize(
    "answer",
    [
        no(400, "Bad Request: chat not found"),
        no(403, "Forbidden: bot was kicked from the channel chat"),
        no(403, "Forbidden: bot is not a member of the channel chat"),
        no(400, "Bad Request: not enough rights to send text messages to the chat"),
        no(400, "Bad Request: need administrator rights in the channel chat"),
        no(401, "Unauthorized"),
        no(404, "Not Found"),
    ],
)
def test_stops_where_every_post_would_be_refused(answer):
    with pytest.raises(CredentialsRefused, match=" - "):
        chat(lambda _: answer).provider.send([a_snippet()])


def test_says_the_new_number_of_a_group_that_has_moved():
    moved = no(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=-1009876543210,
    )

    with pytest.raises(CredentialsRefused, match="write -1009876543210 as the option 'chat'"):
        chat(lambda _: moved).provider.send([a_snippet()])


@pytest.mark.parametrize("why", ["message is too long", "PHOTO_INVALID_DIMENSIONS"])
def test_refuses_what_is_about_this_post(why):
    answer = no(400, f"Bad Request: {why}")

    assert chat(lambda _: answer).provider.send([a_snippet()]) == [Refused(f"Bad Request: {why}")]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_shows_no_token_of_its_address(status):
    answer = no(status, f"no such path: /bot{TOKEN}/sendMessage")
    there = Chat(lambda http, _: build(http, SecretStr(TOKEN)), lambda _: answer)

    try:
        shown = repr(there.provider.send([a_snippet()]))
    except ProviderError as error:
        shown = f"{error!r} {error.__cause__!r}"

    assert TOKEN in str(there.requests[0].url)
    assert TOKEN not in shown
    assert TOKEN.partition(":")[2] not in shown


def test_edits_a_text_where_it_was_posted():
    there = chat(chat="@another")

    outcome = there.provider.edit(THERE, a_snippet(text="Après"))

    assert outcome == Accepted("-1001234567890:57", "https://t.me/news/57")
    assert there.asked == ["POST editMessageText"]
    assert there.posted[0]["chat_id"] == "-1001234567890"
    assert there.posted[0]["message_id"] == 57


def test_edits_what_stands_below_a_picture():
    there = chat(answers(no(400, "Bad Request: there is no text in the message to edit"), good(A)))

    outcome = there.provider.edit(THERE, a_snippet(text="Après"))

    assert isinstance(outcome, Accepted)
    assert there.asked == ["POST editMessageText", "POST editMessageCaption"]


A = httpx.Request("POST", "https://api.telegram.org/bot1/editMessageText")


def test_an_edit_that_changes_nothing_is_done():
    same = no(400, "Bad Request: message is not modified: specified new message content ...")

    outcome = chat(lambda _: same).provider.edit(THERE, a_snippet())

    assert outcome == Accepted(THERE.ids[0], THERE.address)


def test_refuses_to_edit_what_is_gone():
    gone = no(400, "Bad Request: message to edit not found")

    assert isinstance(chat(lambda _: gone).provider.edit(THERE, a_snippet()), Refused)


def test_deletes_and_is_fine_with_what_is_gone():
    there = chat(answers(good(A), no(400, "Bad Request: message to delete not found")))

    there.provider.delete(THERE)
    there.provider.delete(THERE)

    assert there.posted == [{"chat_id": "-1001234567890", "message_id": 57}] * 2


def test_says_that_a_post_is_too_old_to_be_deleted():
    old = no(400, "Bad Request: message can't be deleted for everyone")

    with pytest.raises(ProviderError, match="after 48 hours"):
        chat(lambda _: old).provider.delete(THERE)


def test_names_the_bot_and_its_channel():
    said = "@news_bot in Les nouvelles, may post messages, edit messages, "

    assert str(chat().provider.check()).startswith(said)


@pytest.mark.parametrize(
    ("kind", "member", "fine"),
    [
        ("channel", {"status": "administrator"}, False),
        ("channel", {"status": "member"}, False),
        ("channel", {"status": "left"}, False),
        ("channel", {"status": "creator"}, True),
        ("supergroup", {"status": "member"}, True),
        ("supergroup", {"status": "restricted", "can_send_messages": False}, False),
        ("supergroup", {"status": "restricted", "can_send_messages": True}, True),
        ("supergroup", {"status": "kicked"}, False),
    ],
)
def test_says_before_the_first_post_whether_it_may_post(kind, member, fine):
    def answer(request):
        if request.url.path.endswith("getChatMember"):
            return httpx.Response(200, json={"ok": True, "result": member})
        if request.url.path.endswith("getChat"):
            return httpx.Response(200, json={"ok": True, "result": {**CHANNEL, "type": kind}})
        return good(request)

    if fine:
        assert chat(answer).provider.check()
        return
    with pytest.raises(CredentialsRefused, match="may not post to Les nouvelles"):
        chat(answer).provider.check()


@pytest.mark.parametrize("body", [b'{"ok":true,"result":{"message_id"', b"<html>", b"1", b""])
def test_an_edit_whose_answer_is_no_answer_stays_in_doubt(body):
    with pytest.raises(OutcomeUnknown):
        chat(lambda _: httpx.Response(200, content=body)).provider.edit(THERE, a_snippet())


@pytest.mark.parametrize("name", ["news", "@n", "https://t.me/news", "@a b", ""])
def test_refuses_what_is_no_chat(name):
    with pytest.raises(ValidationError, match="is no chat"):
        TelegramOptions(token=SecretStr(SECRET), chat=name)


def test_takes_a_number_as_a_chat():
    assert TelegramOptions(token=SecretStr(SECRET), chat=-1001234567890).chat == "-1001234567890"


POSTS = dict(every_post(4096))


@pytest.mark.parametrize("post", POSTS.values(), ids=POSTS)
def test_telegram_takes_every_call(post):
    judge = judge_of("telegram")
    there = chat()

    there.provider.send([post])
    there.provider.edit(THERE, post)
    there.provider.delete(THERE)
    there.provider.check()

    assert {str(one.url.path): judge(one) for one in there.requests if judge(one)} == {}


def test_telegram_does_not_take_anything():
    judge = judge_of("telegram")
    url = "https://api.telegram.org/bot1/"

    assert judge(httpx.Request("POST", f"{url}sendMessage", json={"chat_id": "@news"}))
    assert judge(httpx.Request("POST", f"{url}sendMessages", json={}))
