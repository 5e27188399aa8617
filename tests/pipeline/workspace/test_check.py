"""Is every file of a workspace in order? Each problem with its file, line, key and advice."""

import pytest

from app_stage import change, place
from dispatch.config.new_workspace import new_workspace
from dispatch.config.process.secrets import resolve
from dispatch.config.schedules.load import load_workspace
from dispatch.pipeline.workspace.check import check_channels, check_workspace
from dispatch.render.templates.segment import compile_segment
from dispatch.render.trials.check import check_template
from dispatch.render.trials.check_mail import check_mail_template


@pytest.fixture
def folder(tmp_path):
    new_workspace(tmp_path / "letters")
    return tmp_path / "letters"


@pytest.fixture
def problems(folder):
    """What is wrong with the workspace, as lines; of one campaign's channels, if one is named."""

    def check(campaign: str = "", **environ: str) -> list[str]:
        def secret(reference):
            return resolve(reference, folder=folder, environ=environ)

        workspace = load_workspace(folder)
        if campaign:
            plan = workspace.campaigns[campaign]
            found = check_channels(plan, workspace, secret=secret, check_segment=compile_segment)
            return [*map(str, found.serious), *(f"borne: {one}" for one in found.borne)]
        found = check_workspace(
            workspace,
            secret=secret,
            audiences=(),
            check_template=check_template,
            check_mail_template=check_mail_template,
            check_segment=compile_segment,
        )
        return list(map(str, found))

    return check


def add_channels(folder, text: str) -> None:
    with (folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\nchannels:\n{text}")


def test_a_new_workspace_has_no_problem(problems):
    assert problems() == []


def test_options_are_checked_where_they_are_written(folder, problems):
    add_channels(folder, "  mail:\n    provider: smtp\n    options:\n      hst: mail.example\n")

    missing, unknown = problems()

    assert "channels.mail.options.host: is missing - add it: the server's name" in missing
    assert unknown == (
        f"{place(folder, 'hst:')}: channels.mail.options.hst: unknown key - did you mean 'host'?"
    )


def test_an_unknown_provider_is_told_with_the_known_ones(folder, problems):
    add_channels(folder, "  mail: {provider: smpt}\n")

    [problem] = problems()

    assert problem.startswith(f"{place(folder, 'smpt')}: channels.mail.provider: ")
    assert "did you mean 'smtp'?" in problem


def test_a_secret_that_is_not_there_is_told_and_never_shown(folder, problems):
    options = "host: mail.example, username: marie, password: env:SMTP_PASSWORD"
    add_channels(folder, f"  mail: {{provider: smtp, options: {{{options}}}}}\n")

    missing = problems()[0]

    key = "channels.mail.options.password"
    assert missing.startswith(f"{place(folder, 'marie')}: {key}: the environment variable")
    assert problems(SMTP_PASSWORD="hunter22") == []


def test_a_key_that_is_not_there_is_told_where_it_is_named(folder, problems):
    dkim = "{domain: atelier.example, selector: news, key: file:dkim.pem}"
    add_channels(folder, f"  mail:\n    provider: outbox\n    dkim: {dkim}\n")

    [problem] = problems()

    place_of_it = place(folder, "dkim.pem")
    assert problem == (
        f"{place_of_it}: channels.mail.dkim.key: there is no file dkim.pem"
        " - check the path after file:"
    )


@pytest.mark.parametrize(
    ("domain", "told"),
    [("lettres.example.org", False), ("example.org", False), ("other.example", True)],
)
def test_a_signature_that_does_not_count_for_the_sender_is_told(domain, told, folder, problems):
    dkim = f"{{domain: {domain}, selector: news, key: env:DKIM}}"
    add_channels(folder, f"  mail:\n    provider: outbox\n    dkim: {dkim}\n")
    change(folder, "letter@atelier.example", "letter@lettres.example.org")

    found = [one for one in problems(DKIM="no key") if "dkim.domain" in one]

    where = f"{place(folder, 'domain:')}: channels.mail.dkim.domain: "
    said = "the sender is at lettres.example.org, so the signature does not count with DMARC"
    advice = "sign for lettres.example.org or a domain above it"
    assert found == ([f"{where}{said} - {advice}"] if told else [])


def test_a_digest_needs_a_channel_for_mail_and_snippets_one_for_texts(folder, problems):
    add_channels(
        folder,
        "  mail: {provider: smtp, options: {host: mail.example}}\n"
        "  toots: {provider: mastodon, options: {server: 'https://m.example', token: env:TOKEN}}\n",
    )
    change(
        folder,
        "{audience: readers, template: weekly}",
        "{audience: readers, template: weekly, via: toots}",
    )
    change(
        folder, "[{template: weekly, each: post}]", "[{template: weekly, each: post, via: mail}]"
    )

    mail, social = problems(TOKEN="t")
    assert mail == (
        f"{place(folder, 'via: toots')}: campaigns.weekly.email.via: channel 'toots' carries no "
        "email - name another channel"
    )
    assert social == (
        f"{place(folder, 'via: mail')}: campaigns.weekly.social[0].via: channel 'mail' carries no "
        "snippets - name another channel"
    )


def test_a_channel_that_steps_in_has_to_carry_mail_too(folder, problems):
    add_channels(
        folder,
        "  toots: {provider: mastodon, options: {server: 'https://m.example', token: env:TOKEN}}\n",
    )
    change(
        folder,
        "{audience: readers, template: weekly}",
        "{audience: readers, template: weekly, via: [outbox, toots]}",
    )

    [problem] = problems(TOKEN="t")
    assert problem == (
        f"{place(folder, 'toots]')}: campaigns.weekly.email.via[1]: channel 'toots' carries no "
        "email - name another channel"
    )
    assert problems("weekly", TOKEN="t") == [problem]


def test_a_segment_that_cannot_be_asked_is_told_with_its_line(folder, problems):
    change(folder, "locale == 'fr'", "langage == 'fr'")

    [problem] = problems()

    key = "campaigns.bulletin.email.segment"
    assert problem.startswith(f"{place(folder, 'langage')}: {key}: ")
    assert "unknown name 'langage'" in problem


def test_a_templates_problems_are_told_once_however_many_use_it(folder, problems):
    change(folder, "template: bulletin", "template: weekly")
    (folder / "templates/weekly/subject.txt").write_text("{{ edition.titel }}", encoding="utf-8")

    [problem] = problems()

    assert problem.startswith("templates/weekly/subject.txt:1: ")


def test_templates_are_tried_without_posts_where_a_campaign_may_have_none(folder, problems):
    digest = folder / "templates/weekly/digest.txt"
    digest.write_text("{{ edition.posts[0].title }} {{ links.unsubscribe }}", encoding="utf-8")
    before = problems()
    change(folder, "posts: {at_least: 1, at_most: 12}", "posts: {when_empty: send}")

    [problem] = problems()

    assert before == []
    assert problem.startswith("templates/weekly/digest.txt:1: [0] of nothing, or of too few - ")


@pytest.mark.parametrize("template", ["weekly", "bulletin"])
def test_the_templates_of_a_new_workspace_can_say_that_there_is_nothing_new(
    folder, problems, template
):
    change(folder, "posts: {at_least: 1, at_most: 12}", "posts: {when_empty: send}")
    change(
        folder, "audience: readers, template: weekly", f"audience: readers, template: {template}"
    )
    change(folder, "social: [{template: weekly", f"social: [{{template: {template}, each: edition")
    change(folder, ", each: post}]", "}]")

    assert problems() == []


def test_people_are_checked_too(folder, problems):
    with (folder / "subscribers/readers.csv").open("a", encoding="utf-8") as file:
        file.write("bob at example,,,,,,,,\n")

    [problem] = problems()

    assert problem.startswith("subscribers/readers.csv:10: email: 'bob at example' ")


def test_everything_that_is_wrong_is_told_at_once(folder, problems):
    add_channels(folder, "  mail: {provider: smpt}\n")
    change(folder, "locale == 'fr'", "langage == 'fr'")
    (folder / "templates/weekly/subject.txt").write_text("{{ nonsense }}", encoding="utf-8")
    (folder / "subscribers/readers.csv").write_text("name\nBob\n", encoding="utf-8")

    places = [problem.partition(": ")[0] for problem in problems()]

    assert places == [
        place(folder, "smpt"),
        place(folder, "langage"),
        "templates/weekly/subject.txt:1",
        "subscribers/readers.csv",
    ]


def test_a_campaign_does_not_suffer_from_channels_it_does_not_use(folder, problems):
    add_channels(folder, "  mail: {provider: smpt}\n")
    change(
        folder,
        "{audience: readers, template: weekly}",
        "{audience: readers, template: weekly, via: mail}",
    )

    assert len(problems("weekly")) == 1
    assert problems("bulletin") == []


def test_an_audience_that_nobody_is_in_is_most_often_a_slip(folder, problems):
    change(folder, "audience: readers, template: weekly", "audience: raeders, template: weekly")

    [problem] = problems()

    assert problem.startswith(place(folder, "raeders"))
    assert "campaigns.weekly.email.audience: there is nobody in audience 'raeders'" in problem
    assert "did you mean 'readers'? (subscribers/raeders.csv" in problem


def test_reviewers_are_told_over_a_channel_that_carries_email(folder, problems):
    add_channels(
        folder,
        "  toots:\n    provider: mastodon\n"
        "    options: {server: https://social.example, token: env:TOKEN}\n",
    )
    rule = "approval:\n      needed: true\n      tell: a@example.org\n      tell_via: toots"
    change(folder, "approval: {needed: true}", rule)

    [problem] = problems(TOKEN="x")

    where = place(folder, "tell_via: toots")
    key = "campaigns.bulletin.approval.tell_via"
    assert problem == f"{where}: {key}: channel 'toots' carries no email - name another channel"


def test_a_run_needs_the_options_of_the_channel_that_reviewers_are_told_by(folder, problems):
    add_channels(folder, "  desk: {provider: smtp, options: {host: env:DESK}}\n")
    rule = "approval: {needed: true, tell: a@example.org, tell_via: desk}"
    change(folder, "approval: {needed: true}", rule)

    [problem] = problems("bulletin")

    assert "channels.desk.options.host: " in problem
    assert problems("weekly") == []


LACKS = "{provider: smtp, options: {host: smtp.example, username: me, password: env:NOT_SET}}"
SOUND = "{provider: smtp, options: {host: smtp.example}}"


@pytest.mark.parametrize(
    ("mail", "backup", "told"),
    [
        (LACKS, SOUND, ["borne: mail"]),
        (SOUND, LACKS, ["borne: backup"]),
        ("{provider: smpt}", SOUND, ["borne: mail"]),
        (LACKS, LACKS, ["serious: mail", "serious: backup"]),
        (SOUND, SOUND, []),
    ],
    ids=["the first", "the second", "unknown provider", "both", "none"],
)
def test_a_channel_that_cannot_be_used_is_borne_while_another_one_is_left(
    folder, problems, mail, backup, told
):
    add_channels(folder, f"  mail: {mail}\n  backup: {backup}\n")
    change(folder, "readers, template: weekly", "readers, template: weekly, via: [mail, backup]")

    found = problems("weekly")

    kinds = ["borne" if one.startswith("borne: ") else "serious" for one in found]
    channels = [one.split("channels.")[1].split(".")[0] for one in found]
    assert [f"{kind}: {name}" for kind, name in zip(kinds, channels, strict=True)] == told


@pytest.mark.parametrize(
    ("zone", "meaning"),
    [
        ("Etc/GMT+2", "'Etc/GMT+2' is always 2 hours behind UTC (UTC-2) - "),
        ("EST", "'EST' is always UTC-5, also in summer - "),
        ("CET", "'CET' is the clock of a region, with its summer time - "),
    ],
)
def test_what_a_time_zone_means_is_spelt_out_where_many_mean_another(
    folder, problems, zone, meaning
):
    change(folder, "timezone: Europe/Paris", f"timezone: {zone}")

    [problem] = problems()

    assert problem.startswith(f"{place(folder, f'timezone: {zone}')}: timezone: {meaning}")
