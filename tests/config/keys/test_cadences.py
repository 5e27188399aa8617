"""Campaigns with `cadences:`: what they become, and what is said where they cannot."""

import pytest

from dispatch.config.people.subscribers import read_subscribers
from dispatch.errors import NotFound
from dispatch.model.campaigns.cadence import Cadence, CadenceOffer

HEAD = """\
sender: {name: The Letter, email: letter@example.org}
public_url: https://news.example.org
feeds: {blog: {url: "file:feeds/blog.xml"}}
campaigns:
"""
FAMILY = """\
  letter:
    title: The Letter
    feeds: [blog]
    posts: {at_most: 9, hold: 30m, topics: [ia]}
    email: {audience: readers, template: weekly}
    cadences:
      default: weekly
      each post: {schedule: {every: day, at: ["08:00", "20:00"]}, social: [{via: outbox}]}
      weekly: {schedule: {every: tuesday, at: "09:00"}, posts: {at_most: none}, title: The Week}
"""


def test_a_family_becomes_a_campaign_for_each_cadence(load):
    workspace = load(HEAD + FAMILY)

    each, weekly = workspace.campaigns.values()

    assert (each.name, weekly.name) == ("letter-each-post", "letter-weekly")
    assert (each.title, weekly.title) == ("The Letter", "The Week")
    assert (each.family, weekly.cadence) == ("letter", Cadence.WEEKLY)
    assert weekly.email.offer == CadenceOffer(
        "letter", Cadence.WEEKLY, Cadence.WEEKLY, (Cadence.EACH_POST, Cadence.WEEKLY)
    )
    assert (each.posts.at_most, weekly.posts.at_most) == (9, None)
    assert each.posts.hold == weekly.posts.hold
    assert each.posts.topics == weekly.posts.topics == {"ia"}
    assert [plan.template for plan in each.social] == ["weekly"]
    assert weekly.social == ()
    assert weekly.schedule.words == "tuesday at 09:00 UTC"
    assert workspace.audience_title("readers") == "The Letter"


def test_a_family_is_no_campaign_but_names_its_own(load):
    workspace = load(HEAD + FAMILY)

    with pytest.raises(NotFound, match="name one of these: letter-each-post, letter-weekly"):
        workspace.campaign("letter")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "default: weekly",
            "default: daily",
            (
                "letter.cadences.default: 'daily' is not offered here - "
                "name one of these: each post, weekly"
            ),
        ),
        (
            "default: weekly",
            "default: often",
            (
                "letter.cadences.default: unknown value 'often' - "
                "known are: daily, each post, monthly, weekly"
            ),
        ),
        ("each post:", "each_post:", "letter.cadences.each_post: unknown key"),
        (
            "    cadences:",
            '    schedule: {every: day, at: "09:00"}\n    cadences:',
            (
                "letter.schedule: does not go with cadences, each of which has its own - "
                "move it to cadences.each post.schedule"
            ),
        ),
        (
            "    cadences:",
            "    social: [{via: outbox}]\n    cadences:",
            (
                "letter.social: would tell each post with every cadence - "
                "move it to one of them: cadences.each post.social"
            ),
        ),
        (
            "title: The Week",
            "social: [{via: outbox}]",
            (
                "letter.cadences.weekly.social[0]: channel 'outbox' belongs to cadence 'each post' "
                "already - remove one of the two"
            ),
        ),
        (
            "    email: {audience: readers, template: weekly}\n",
            "",
            "letter: has cadences but no email - add it: cadences are what readers of mail choose",
        ),
        (
            "posts: {at_most: none}",
            "posts: {topics: [art]}",
            (
                "letter.cadences.weekly.posts.topics: must be the same for all cadences, or who "
                "changes would miss posts - write it in the campaign's own posts"
            ),
        ),
        (
            "title: The Week",
            "template: weakly",
            (
                "letter.cadences.weekly.template: there is no folder templates/weakly - "
                "did you mean 'weekly'?"
            ),
        ),
        (
            "every: tuesday",
            "every: month",
            "letter.cadences.weekly.schedule.on: missing key - add 'on: first monday'",
        ),
        (
            "[{via: outbox}]",
            "[{via: outbux}]",
            (
                "letter.cadences.each post.social[0].via: unknown channel 'outbux' - "
                "did you mean 'outbox'?"
            ),
        ),
        (
            "  letter:",
            "  letter-weekly: {feeds: [blog], social: [{template: weekly}]}\n  letter:",
            (
                "letter.cadences.weekly: makes a campaign 'letter-weekly', and there is one of "
                "that name - rename one of the two"
            ),
        ),
    ],
)
def test_what_does_not_go_together_is_said_with_advice(problems, before, after, said):
    found = problems(HEAD + FAMILY.replace(before, after, 1))

    assert any(f"campaigns.{said}" in one for one in found), found


def test_a_family_without_a_cadence_is_said(problems):
    family = FAMILY[: FAMILY.index("      each post")]

    [*_, said] = problems(HEAD + family)

    assert "campaigns.letter.cadences: offers no cadence - add one of them" in said


def test_a_strange_cadence_in_a_file_leaves_nobody_out(tmp_path):
    file = tmp_path / "readers.csv"
    file.write_text(
        "email,cadence\nada@example.org,Each-Post\nbob@example.org,wekly\neve@example.org,\n"
    )

    read = read_subscribers(file)

    assert [row.cadence for row in read.rows] == ["each post", "wekly", ""]
    assert read.faulty == 0
    assert [str(one) for one in read.problems] == [
        (
            "readers.csv:3: cadence: 'wekly' is no cadence, so that they get the default - "
            "did you mean 'weekly'?"
        )
    ]
