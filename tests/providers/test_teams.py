"""A workflow of Teams gets cards whose texts are shown as they are, small enough to be posted."""

import json

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from chat_samples import TRAPS, every_post
from chat_stage import Chat
from dispatch.errors import CredentialsRefused, OutcomeUnknown, ProviderError, RateLimited
from dispatch.model.delivery.message import Accepted, Card, Refused
from dispatch.providers.teams import Teams, TeamsOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import a_snippet
from vendors.judge import judge_of

FLOW = (
    "https://prod-00.westeurope.logic.azure.com:443/workflows/0123456789abcdef0123456789abcdef"
    "/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig="
)


def good(_):
    return httpx.Response(202)


def build(http, secret, **options):
    url = SecretStr(f"{FLOW}{secret.get_secret_value()}")
    return Teams(TeamsOptions(url=url, **options), http, FakeClock())


def chat(answer=good, **options):
    return Chat(lambda http, secret: build(http, secret, **options), answer)


def card_of(there):
    [attachment] = there.posted[0]["attachments"]
    return attachment["content"]


class TestTeams(ProviderContract):
    def provider(self, http, secret):
        return build(http, secret)

    def accepted(self, request):
        return good(request)


def test_a_workflow_has_taken_what_it_answers_202_to():
    there = chat()

    assert there.provider.send([a_snippet()]) == [Accepted()]
    assert there.requests[0].url.params["sv"] == "1.0"


def test_a_card_has_the_text_the_picture_and_a_button():
    there = chat()

    there.provider.send([a_snippet(text="Bonjour !\n\nhttps://blog.example.org/posts/1")])

    link = "https://blog.example.org/posts/1"
    assert card_of(there) == {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": "Bonjour !", "wrap": True},
            {"type": "TextBlock", "text": f"[{link}]({link})", "wrap": True},
            {
                "type": "Container",
                "items": [
                    {
                        "type": "Image",
                        "url": "https://blog.example.org/images/1.jpg",
                        "altText": "Une aquarelle bleue",
                        "size": "Stretch",
                    },
                ],
                "selectAction": {"type": "Action.OpenUrl", "url": link},
            },
        ],
        "fallbackText": "Des images qui parlent",
        "lang": "fr",
        "actions": [{"type": "Action.OpenUrl", "title": "blog.example.org", "url": link}],
    }


def test_a_card_of_the_linked_page_says_what_that_page_says():
    there = chat(pictures=False)
    link = "https://blog.example.org/posts/1"

    there.provider.send([a_snippet(card=Card(link, "*Un* titre", "Deux\nlignes"))])

    container = card_of(there)["body"][-1]
    assert container["items"] == [
        {"type": "TextBlock", "text": "\\*Un\\* titre", "wrap": True, "weight": "Bolder"},
        {"type": "TextBlock", "text": "Deux lignes", "wrap": True, "isSubtle": True},
    ]
    assert container["selectAction"]["url"] == link


def test_shows_no_picture_where_the_channel_says_so():
    there = chat(pictures=False)

    there.provider.send([a_snippet()])

    assert [one["type"] for one in card_of(there)["body"]] == ["TextBlock"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2 * 3, un_mot, `code`", "2 \\* 3, un\\_mot, \\`code\\`"),
        ("- un\n- deux\n1. trois\n# quatre", "\\- un\n\n\\- deux\n\n1\\. trois\n\n\\# quatre"),
        ("[ici](https://evil.example/a)", None),
        ("R&amp;D, Q&A", "R\\&amp;D, Q&A"),
        ("1 < 2 <b>", "1 \\< 2 \\<b>"),
        ("{{DATE(x)}}", "{\u2060{DATE(x)}}"),
        (
            "https://a.example/w_(x)",
            "[https://a.example/w\\_(x)](https://a.example/w_%28x%29)",
        ),
    ],
)
def test_marks_outside_of_links_are_shown(text, shown):
    there = chat(pictures=False)

    there.provider.send([a_snippet(text=text)])

    [block] = card_of(there)["body"]
    if shown is None:
        assert block["text"].startswith("\\[ici\\]([https://evil.example/a](https://evil")
        return
    assert block["text"] == shown


def test_a_card_that_would_be_too_large_goes_out_with_less_around_its_text():
    there = chat()
    text = "*" * Teams.capabilities.most_text_bytes

    assert there.provider.send([a_snippet(text=text)]) == [Accepted()]
    assert len(there.requests[0].content) <= 28 * 1024
    assert text in "".join(one.get("text", "") for one in card_of(there)["body"]).replace("\\", "")


def test_refuses_what_no_workflow_would_post():
    there = chat()

    [outcome] = there.provider.send([a_snippet(text="é" * 20_000)])

    assert outcome == Refused("it is too large for Teams, which takes 28 KB")
    assert there.requests == []


FAILED = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (f"{FAILED} 429 with ContextId tcid=1", RateLimited),
        (f"{FAILED} 403 with ContextId tcid=1", CredentialsRefused),
        (f"{FAILED} 500 with ContextId tcid=1", OutcomeUnknown),
        ("Webhook message delivery failed with error: something", OutcomeUnknown),
        ("<html>Sign in</html>", OutcomeUnknown),
        ("", OutcomeUnknown),
    ],
)
def test_reads_what_an_old_connector_says_by_a_200(said, error):
    with pytest.raises(error):
        chat(lambda _: httpx.Response(200, text=said)).provider.send([a_snippet()])


def test_takes_an_old_connectors_yes_and_its_no():
    too_large = httpx.Response(200, text=f"{FAILED} 413 with ContextId tcid=1")

    assert chat(lambda _: httpx.Response(200, text="1")).provider.send([a_snippet()]) == [
        Accepted()
    ]
    assert isinstance(chat(lambda _: too_large).provider.send([a_snippet()])[0], Refused)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "DirectApiAuthorizationRequired"),
        (404, "WorkflowNotFound"),
        (400, "WorkflowTriggerIsNotEnabled"),
        (410, ""),
    ],
)
def test_stops_where_every_post_would_be_refused(status, code):
    answer = httpx.Response(status, json={"error": {"code": code, "message": "No."}})

    with pytest.raises(CredentialsRefused, match=" - "):
        chat(lambda _: answer).provider.send([a_snippet()])


def test_refuses_what_is_about_this_post():
    answer = httpx.Response(400, json={"error": {"code": "InvalidRequest", "message": "Bad card"}})

    assert chat(lambda _: answer).provider.send([a_snippet()]) == [Refused("Bad card")]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_shows_nothing_of_an_address_that_is_repeated(status):
    def repeating(request):
        return httpx.Response(status, json={"error": {"message": str(request.url)}})

    there = chat(repeating)
    try:
        shown = repr(there.provider.send([a_snippet()]))
    except ProviderError as error:
        shown = f"{error!r} {error.__cause__!r}"

    assert "0123456789abcdef0123456789abcdef" not in shown
    assert "whsec" not in shown


def test_a_workflow_is_not_called_to_be_checked():
    there = chat()

    account = there.provider.check()

    assert [(one.method, one.url.path) for one in there.requests] == [("HEAD", "/")]
    assert str(account).startswith("prod-00.westeurope.logic.azure.com (it answers)")
    assert "cannot be tried without posting" in str(account)


@pytest.mark.parametrize("url", ["http://a.example/workflows/secret-of-somebody", "workflow"])
def test_refuses_what_is_no_address_and_does_not_repeat_it(url):
    with pytest.raises(ValidationError) as raised:
        TeamsOptions(url=SecretStr(url))

    assert url not in str(raised.value)


POSTS = dict(every_post(4000)) | {
    f"only trap {number}": a_snippet(text=text or "-") for number, text in enumerate(TRAPS)
}


@pytest.mark.parametrize("post", POSTS.values(), ids=POSTS)
def test_teams_takes_every_call(post):
    judge = judge_of("teams")
    there = chat()

    there.provider.send([post])
    there.provider.check()

    assert {str(one.url.path): judge(one) for one in there.requests if judge(one)} == {}


def test_teams_does_not_take_anything():
    judge = judge_of("teams")
    there = chat()
    there.provider.send([a_snippet()])
    said = there.posted[0]
    wrong = json.loads(json.dumps(said))
    wrong["attachments"][0]["content"]["body"][0]["markdown"] = True

    assert judge(httpx.Request("POST", FLOW, json=wrong))
    assert judge(httpx.Request("POST", FLOW, json={**said, "pad": "x" * 30_000}))
    assert judge(httpx.Request("GET", FLOW))
