"""Who is told of reviews, and what is said about those who cannot be."""

import pytest

from dispatch.model.campaigns.approval import ApprovalRule

FILE = """\
sender: {{name: The Letter, email: letter@example.org}}
public_url: https://news.example.org
feeds: {{blog: {{url: "file:feeds/blog.xml"}}}}
channels:
  mail: {{provider: smtp, options: {{host: mail.example.org}}}}
campaigns:
  weekly:
    feeds: [blog]
    approval: {{{}}}
    {}
"""
EMAIL = "email: {audience: readers, template: weekly, via: [mail, outbox]}"
SOCIAL = "social: [{template: weekly}]"


@pytest.fixture
def rule(load):
    """The rule that the keys make."""
    return lambda keys, plan=EMAIL: load(FILE.format(keys, plan)).campaigns["weekly"].approval


@pytest.fixture
def said(problems):
    """What is said about them."""
    return lambda keys, plan=EMAIL: problems(FILE.format(keys, plan))


@pytest.mark.parametrize("written", ["marie@example.org", "[marie@example.org]"])
def test_reviewers_are_told_over_the_digests_first_channel(rule, written):
    expected = ApprovalRule(tell=("marie@example.org",), tell_via="mail")

    assert rule(f"needed: true, tell: {written}") == expected


def test_an_address_that_is_there_twice_is_told_once(rule):
    made = rule("needed: true, tell: [marie@example.org, Marie@Example.org, jean@example.org]")

    assert made.tell == ("marie@example.org", "jean@example.org")


def test_another_channel_may_be_named_and_has_to_be_without_email(rule):
    assert rule("needed: true, tell: a@example.org, tell_via: outbox").tell_via == "outbox"
    assert rule("needed: true, tell: a@example.org, tell_via: mail", SOCIAL).tell_via == "mail"


def test_without_anybody_to_tell_there_is_no_channel_for_it(rule):
    assert rule("needed: true").tell_via == ""


@pytest.mark.parametrize(
    ("keys", "plan", "problem"),
    [
        (
            "needed: true, tell: [marie]",
            EMAIL,
            "tell: 'marie' is not an e-mail address - an address looks like name@example.org",
        ),
        ("needed: true, tell: [7]", EMAIL, "tell: must be an e-mail address - write it, or"),
        (
            "needed: false, tell: a@example.org",
            EMAIL,
            "tell: tells nobody, as no edition waits for approval - write needed: true, or",
        ),
        (
            "needed: true, tell: a@example.org, tell_via: mial",
            EMAIL,
            "tell_via: unknown channel 'mial' - did you mean 'mail'?",
        ),
        (
            "needed: true, tell: a@example.org",
            SOCIAL,
            "tell_via: missing key, as the campaign has no email whose channel could be used -",
        ),
        ("needed: true, tell_via: mail", EMAIL, "tell_via: is of no use without tell - name"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(said, keys, plan, problem):
    [found] = said(keys, plan)

    assert found.startswith(f"schedules.yaml:9: campaigns.weekly.approval.{problem}")


def test_a_mail_to_reviewers_needs_a_sender(problems):
    keys = "needed: true, tell: a@example.org, tell_via: mail"
    file = FILE.format(keys, SOCIAL).partition("\n")[2]

    [found] = problems(file)

    assert found.startswith(
        "schedules.yaml: sender: missing key, as campaign 'weekly' tells reviewers by mail - add"
    )
