"""An app of Slack shows texts as they are, by a token or a webhook, and tells nobody by chance."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from chat_samples import TRAPS, every_post
from chat_stage import Chat, answers
from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.delivery.published import Published
from dispatch.model.intake.feed import Image
from dispatch.providers.slack import Slack, SlackOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import SECRET, ProviderContract
from dispatch.testing.samples import a_snippet
from vendors.judge import judge_of

CHANNEL, TS = "C0123456789", "1503435956.000247"
LINK = "https://acme.slack.com/archives/C0123456789/p1503435956000247"
THERE = Published((f"{CHANNEL}:{TS}",), LINK, "Avant")
SINCE = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
HOOK = "https://hooks.slack.com/services/T00000000/B00000000"


def good(request):
    if request.url.host == "hooks.slack.com":
        return httpx.Response(200, text="ok")
    said = {"ok": True, "channel": CHANNEL, "ts": TS, "text": "t", "permalink": LINK}
    if request.url.path == "/api/auth.test":
        said = {"ok": True, "user": "news", "team": "Acme", "bot_id": "B1"}
    return httpx.Response(200, json=said, headers={"x-oauth-scopes": "chat:write,channels:history"})


def no(word, **more):
    return httpx.Response(200, json={"ok": False, "error": word, **more})


def by_token(http, secret, **options):
    chosen = SlackOptions(token=secret, channel=CHANNEL, **options)
    return Slack(chosen, http, FakeClock())


def by_webhook(http, secret, **options):
    url = SecretStr(f"{HOOK}/{secret.get_secret_value()}")
    return Slack(SlackOptions(url=url, **options), http, FakeClock())


def chat(answer=good, build=by_token, **options):
    return Chat(lambda http, secret: build(http, secret, **options), answer)


class TestSlack(ProviderContract):
    def provider(self, http, secret):
        return by_token(http, secret)

    def accepted(self, request):
        return good(request)


class TestSlackByWebhook(ProviderContract):
    def provider(self, http, secret):
        return by_webhook(http, secret)

    def accepted(self, request):
        return good(request)


def shown(block):
    """What people see of a text, and its links."""
    if block["type"] == "rich_text":
        [section] = block["elements"]
        return "".join(one.get("text", one.get("url")) for one in section["elements"])
    text = block["text"]["text"].replace("<http", "http").replace(">", "").replace("%7C", "|")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("build", [by_token, by_webhook])
@pytest.mark.parametrize("text", TRAPS[:-1])
def test_a_text_is_shown_as_it_is(text, build):
    there = chat(build=build)

    there.provider.send([a_snippet(text=text)])

    [block] = there.posted[0]["blocks"]
    assert shown(block) == text


@pytest.mark.parametrize("text", ["<!channel> lisez", "<@U012AB3CD>", "<#C1|news>", "<!here|a>"])
def test_nobody_is_told_by_what_a_title_says(text):
    there = chat()

    there.provider.send([a_snippet(text=text, title=text)])

    [said] = there.posted
    assert said["blocks"][0]["text"]["text"] == text.replace("<", "&lt;").replace(">", "&gt;")
    assert said["text"] == text.replace("<", "&lt;").replace(">", "&gt;")


def test_those_are_told_whom_a_campaign_means():
    there = chat()

    there.provider.send([a_snippet(text="<!here> <@U012AB3CD> R&D <b>", mentions=True)])

    assert there.posted[0]["text"] == "<!here> <@U012AB3CD> R&amp;D &lt;b&gt;"


def test_those_are_told_in_a_long_text_too():
    there = chat()
    text = f"<!here> <@U012AB3CD>, <#C012|news> <!subteam^S1> {'&' * 2000}"

    there.provider.send([a_snippet(text=text, mentions=True)])

    [said] = there.posted
    assert said["blocks"][0]["elements"][0]["elements"] == [
        {"type": "broadcast", "range": "here"},
        {"type": "text", "text": " "},
        {"type": "user", "user_id": "U012AB3CD"},
        {"type": "text", "text": ", "},
        {"type": "channel", "channel_id": "C012"},
        {"type": "text", "text": " "},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "text", "text": f" {'&' * 2000}"},
    ]
    assert not judge_of("slack")(there.requests[0])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Un mot https://a.example/b_c", "section"),
        ("2 * 3", "rich_text"),
        ("un_mot", "rich_text"),
        (":smile:", "rich_text"),
        ("> cité", "rich_text"),
        ("à 10:30, 5 > 4", "section"),
        ("&" * 2000, "rich_text"),
    ],
)
def test_a_text_that_a_section_would_read_is_rich_text(text, kind):
    there = chat()

    there.provider.send([a_snippet(text=text)])

    assert there.posted[0]["blocks"][0]["type"] == kind


def test_links_are_marked_and_no_others():
    there = chat()
    text = "Voir https://a.example/?a=1&b=2|c, ou b.example et #news."

    there.provider.send([a_snippet(text=text)])

    assert there.posted[0]["blocks"][0]["text"] == {
        "type": "mrkdwn",
        "text": "Voir <https://a.example/?a=1&amp;b=2%7Cc>, ou b.example et #news.",
        "verbatim": True,
    }


def test_says_where_a_post_is_seen():
    there = chat()

    assert there.provider.send([a_snippet()]) == [Accepted(f"{CHANNEL}:{TS}", LINK)]
    assert there.asked == ["POST chat.postMessage", "GET chat.getPermalink"]


@pytest.mark.parametrize("answer", [no("message_not_found"), httpx.Response(500)])
def test_a_post_without_an_address_is_a_post(answer):
    there = chat(answers(good(httpx.Request("POST", "https://slack.com/api/x")), answer))

    assert there.provider.send([a_snippet()]) == [Accepted(f"{CHANNEL}:{TS}")]


def test_a_webhook_gives_a_post_no_name():
    there = chat(build=by_webhook)

    assert there.provider.send([a_snippet()]) == [Accepted()]
    assert there.provider.edit(Published(()), a_snippet()).reason.endswith("by hand")
    with pytest.raises(ProviderError, match="by hand"):
        there.provider.delete(Published(()))
    with pytest.raises(ProviderError, match="by hand"):
        there.provider.find(a_snippet(), SINCE)
    assert len(there.requests) == 1


def test_shows_a_picture_where_the_channel_says_so():
    there = chat(pictures=True, previews=False)

    there.provider.send([a_snippet()])

    assert there.posted[0]["blocks"][1] == {
        "type": "image",
        "image_url": "https://blog.example.org/images/1.jpg",
        "alt_text": "Une aquarelle bleue",
    }
    assert there.posted[0]["unfurl_links"] is False


def test_shows_no_picture_without_words_for_who_does_not_see_it():
    there = chat(pictures=True)

    there.provider.send([a_snippet(image=Image("https://blog.example.org/i.jpg"), title="")])

    assert len(there.posted[0]["blocks"]) == 1


def test_posts_without_a_picture_that_slack_cannot_fetch():
    there = chat(
        answers(no("invalid_blocks"), good(httpx.Request("POST", "https://slack.com/api/x"))),
        pictures=True,
    )

    assert isinstance(there.provider.send([a_snippet()])[0], Accepted)
    assert [len(one["blocks"]) for one in there.posted] == [2, 1]


@pytest.mark.parametrize(
    "word",
    [
        "invalid_auth", "account_inactive", "token_revoked", "not_in_channel", "channel_not_found",
        "is_archived", "missing_scope", "restricted_action",
    ],
)  # fmt: skip
def test_stops_where_every_post_would_be_refused(word):
    with pytest.raises(CredentialsRefused, match=f"{word} - "):
        chat(lambda _: no(word)).provider.send([a_snippet()])


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (403, "invalid_token"),
        (403, "action_prohibited"),
        (404, "no_service"),
        (404, "channel_not_found"),
        (410, "channel_is_archived"),
        (404, "no_team"),
        (400, "no_active_hooks"),
    ],
)
def test_stops_where_a_webhook_is_no_more(status, word):
    answer = httpx.Response(status, text=word)

    with pytest.raises(CredentialsRefused, match=f"{word} - "):
        chat(lambda _: answer, build=by_webhook).provider.send([a_snippet()])


@pytest.mark.parametrize("word", ["msg_too_long", "no_text", "invalid_blocks", "something_new"])
def test_refuses_what_is_about_this_post(word):
    refused = [Refused(word)]

    assert chat(lambda _: no(word)).provider.send([a_snippet()]) == refused
    hook = chat(lambda _: httpx.Response(400, text=word), build=by_webhook)
    assert hook.provider.send([a_snippet()]) == refused


def test_waits_where_it_posts_too_fast():
    with pytest.raises(RateLimited):
        chat(lambda _: no("ratelimited")).provider.send([a_snippet()])
    busy = httpx.Response(429, json={"ok": False, "error": "ratelimited"}, headers=AFTER)
    with pytest.raises(RateLimited) as raised:
        chat(lambda _: busy).provider.send([a_snippet()])

    assert raised.value.retry_after == timedelta(seconds=30)


AFTER = {"Retry-After": "30"}


@pytest.mark.parametrize("word", ["fatal_error", "internal_error"])
def test_does_not_know_what_a_broken_service_has_done(word):
    with pytest.raises(OutcomeUnknown):
        chat(lambda _: no(word)).provider.send([a_snippet()])


@pytest.mark.parametrize(
    "said",
    [{}, {"ok": True}, {"ok": True, "channel": "C1"}, {"ok": None}, {"ok": True, "ts": [1]}, [], 1],
)
def test_what_is_no_answer_leaves_a_post_in_doubt(said):
    there = chat(lambda _: httpx.Response(200, json=said))

    with pytest.raises(OutcomeUnknown):
        there.provider.send([a_snippet()])
    with pytest.raises(OutcomeUnknown):
        there.provider.edit(THERE, a_snippet())


@pytest.mark.parametrize("body", [b"okay", b"<html>ok</html>", b"", b'{"ok":true}'])
def test_a_webhook_says_ok_and_nothing_else(body):
    there = chat(lambda _: httpx.Response(200, content=body), build=by_webhook)

    with pytest.raises(OutcomeUnknown):
        there.provider.send([a_snippet()])


def test_edits_by_its_name():
    there = chat()

    outcome = there.provider.edit(THERE, a_snippet(text="Après"))

    assert outcome == Accepted(f"{CHANNEL}:{TS}", LINK)
    assert there.posted[0] | {"blocks": []} == {
        "channel": CHANNEL,
        "ts": TS,
        "text": "Après",
        "blocks": [],
    }


@pytest.mark.parametrize("word", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_refuses_to_edit_what_cannot_be_edited(word):
    assert chat(lambda _: no(word)).provider.edit(THERE, a_snippet()) == Refused(word)


def test_deletes_and_is_fine_with_what_is_gone():
    there = chat(answers(good(httpx.Request("POST", f"{HOOK}/x")), no("message_not_found")))

    there.provider.delete(THERE)
    there.provider.delete(THERE)

    assert there.posted == [{"channel": CHANNEL, "ts": TS}] * 2


def test_says_why_a_post_cannot_be_deleted():
    with pytest.raises(ProviderError, match="cant_delete_message"):
        chat(lambda _: no("cant_delete_message")).provider.delete(THERE)


def history(*messages):
    def answer(request):
        if request.url.path.endswith("history"):
            return httpx.Response(200, json={"ok": True, "messages": list(messages)})
        return good(request)

    return answer


def named(name, kind="dispatch_post"):
    return {"event_type": kind, "event_payload": {"id": name}}


def test_finds_its_own_post_by_the_name_it_was_given():
    posted = chat()
    posted.provider.send([a_snippet(7)])
    others = [
        {"ts": "9.1"},
        {"ts": "9.2", "metadata": named("delivery-7", "another")},
        {"ts": "9.3", "metadata": "x"},
        {"ts": "9.4", "metadata": named("delivery-8")},
    ]
    ours = {"ts": TS, "metadata": posted.posted[0]["metadata"]}

    there = chat(history(*others, ours))

    assert there.provider.find(a_snippet(7), SINCE) == Accepted(f"{CHANNEL}:{TS}", LINK)
    assert dict(there.requests[0].url.params)["oldest"] == "1796025600.000000"
    assert chat(history(*others)).provider.find(a_snippet(7), SINCE) is None


@pytest.mark.parametrize(
    "answer",
    [no("missing_scope"), no("x"), httpx.Response(200, text="<html>"), httpx.Response(500)],
)
def test_does_not_say_that_a_post_is_not_there_when_it_cannot_look(answer):
    with pytest.raises(ProviderError, match=" - "):
        chat(lambda _: answer).provider.find(a_snippet(), SINCE)


def test_names_the_app_its_workspace_and_its_scopes():
    account = chat().provider.check()

    assert str(account).startswith("news in Acme, may channels:history, chat:write")


def test_says_that_a_token_may_not_post():
    answer = httpx.Response(
        200, json={"ok": True, "user": "n", "team": "A"}, headers={"x-oauth-scopes": "users:read"}
    )

    with pytest.raises(CredentialsRefused, match="may not post - give the app the scope"):
        chat(lambda _: answer).provider.check()


@pytest.mark.parametrize("body", [b"<html>", b'{"ok": true, "us', b"", b"[]", b'{"ok":false}'])
def test_a_page_of_somebody_else_lets_nobody_in(body):
    with pytest.raises(ProviderUnavailable, match=" - check "):
        chat(lambda _: httpx.Response(200, content=body)).provider.check()


def test_a_webhook_is_not_called_to_be_checked():
    there = chat(build=by_webhook)

    account = there.provider.check()

    assert [(one.method, str(one.url)) for one in there.requests] == [
        ("HEAD", "https://hooks.slack.com")
    ]
    assert "cannot be tried without posting" in str(account)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"token": "xoxb-1"},
        {"channel": CHANNEL},
        {"url": f"{HOOK}/x", "token": "xoxb-1", "channel": CHANNEL},
        {"token": "xoxb-1", "channel": "#news"},
        {"url": "http://hooks.slack.com/services/x"},
        {"url": "x"},
    ],
)
def test_refuses_what_is_neither_one_way_nor_the_other(options):
    with pytest.raises(ValidationError):
        SlackOptions(**options)


POSTS = dict(every_post(3000))


@pytest.mark.parametrize("build", [by_token, by_webhook])
@pytest.mark.parametrize("post", POSTS.values(), ids=POSTS)
def test_slack_takes_every_call(post, build):
    judge = judge_of("slack")
    there = chat(history(), build=build, pictures=True)

    there.provider.send([post])
    if build is by_token:
        there.provider.edit(THERE, post)
        there.provider.delete(THERE)
        there.provider.find(post, SINCE)
        there.provider.check()

    assert {str(one.url.path): judge(one) for one in there.requests if judge(one)} == {}


def test_slack_does_not_take_anything():
    judge = judge_of("slack")
    url, auth = "https://slack.com/api/chat.postMessage", {"Authorization": f"Bearer {SECRET}"}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3001}}

    for said in ({"channel": CHANNEL}, {"channel": CHANNEL, "text": "a", "no": 1}):
        assert judge(httpx.Request("POST", url, json=said, headers=auth))
    long = {"channel": CHANNEL, "text": "a", "blocks": [section]}
    assert judge(httpx.Request("POST", url, json=long, headers=auth))
    assert judge(httpx.Request("POST", url, json={"channel": CHANNEL, "text": "a"}))
    many = {"text": "a", "blocks": [{"type": "divider"}] * 51}
    assert judge(httpx.Request("POST", f"{HOOK}/x", json=many))
