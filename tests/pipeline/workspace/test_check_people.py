"""People who are in the database and in no file are counted, and those who are made up are told."""

from dataclasses import replace

import pytest

from app_stage import KEY, change, opened, workspace_in
from dispatch.config.people.subscribers import read_subscribers
from dispatch.ids import new
from dispatch.model.people.ending import Markers
from dispatch.model.people.subscriber import Consent, form_ground, noted_by
from dispatch.pipeline.people.add_subscriber import add_subscriber
from dispatch.pipeline.workspace import check_people
from dispatch.pipeline.workspace.check_people import PeopleCheck
from pipeline_samples import bring_in, row

FILE = "subscribers/readers.csv"
SMTP = """
channels:
  mail: {provider: smtp, options: {host: smtp.acme.com}}
  box: {provider: outbox}
"""


@pytest.fixture
def app(tmp_path, clock, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with opened(folder, clock) as app:
        yield app


def write(app, *emails: str, file: str = FILE) -> None:
    (app.folder / file).write_text("\n".join(["email", *emails, ""]), encoding="utf-8")


def people(app, *emails: str) -> None:
    bring_in("readers", [row(one) for one in emails], store=app.store, clock=app.clock)


def by_mail(app, via="mail") -> None:
    change(
        app.folder, "template: weekly}\n    social", f"template: weekly, via: {via}}}\n    social"
    )
    change(app.folder, "\ncampaigns:", f"{SMTP}\ncampaigns:")
    app.tools.files.read_again()


def told(app) -> list[str]:
    """What is told of all campaigns, in one piece each."""
    check = PeopleCheck(app.workspace, app.workspace.campaigns.values(), app.store, domains=True)
    for path in sorted((app.folder / "subscribers").glob("*.csv")):
        check.look_at(read_subscribers(path))
    return [str(one) for one in check.problems()]


def test_who_is_in_no_file_is_counted_and_named(app, clock):
    write(app, "me@acme.com", "new@acme.com")
    people(app, "me@acme.com", *(f"p{number}@acme.com" for number in range(5)))
    hand = replace(row("hand@acme.com"), consent=Consent(None, noted_by("at the fair", "marie")))
    form = replace(row("form@acme.com"), consent=Consent(None, form_ground("newsletter")))
    for one in (hand, form):
        markers = Markers([KEY])
        add_subscriber(one, "readers", store=app.store, clock=clock, ids=new, markers=markers)

    [one] = told(app)

    assert one.startswith(
        f"{FILE}: in audience 'readers' 8, in the file 2, noted by hand 1, joined by a form 1: 5"
        " in no file (p0@acme.com, p1@acme.com, p2@acme.com and 2 more) - they get it all the same"
    )
    assert one in [str(problem) for problem in app.check()]


def test_a_file_that_names_everybody_is_no_news(app):
    write(app, "Me@acme.com", "you@acme.com", "new@acme.com")
    people(app, "me@ACME.com", "you@acme.com")

    assert told(app) == []


def test_large_ones_are_only_counted(app, monkeypatch):
    monkeypatch.setattr(check_people, "ONE_BY_ONE", 2)
    write(app, "me@acme.com")
    people(app, *(f"p{number}@acme.com" for number in range(4)))

    [one] = told(app)

    assert "in audience 'readers' 4, in the file 1: at least 3 in no file - " in one


def test_a_file_that_is_gone_is_told_where_others_are_there(app):
    (app.folder / FILE).unlink()
    people(app, "me@acme.com")
    nothing = told(app)
    write(app, "me@acme.com", file="subscribers/press.csv")

    [one] = told(app)

    assert nothing == []
    assert (
        "in audience 'readers' 1, and there is no such file: 1 in no file (me@acme.com) - " in one
    )


@pytest.mark.parametrize(
    ("via", "channel"),
    [("mail", "mail"), ("[mail, box]", "mail"), ("[box, mail]", "mail"), ("box", None)],
)
def test_sample_people_are_told_where_a_channel_is_a_real_one(app, via, channel):
    by_mail(app, via)

    before = told(app)
    app.people.import_file(app.folder / FILE)
    after = told(app)

    words = f"8 sample people in audience 'readers' get nothing by channel '{channel}' - only an"
    assert before == after
    assert [words in one for one in after] == ([True] if channel else [])


def test_domains_that_are_nobodys_are_told_without_those_who_have_left(app):
    by_mail(app)
    write(
        app, "ada@acme.com", "eve@example.org", "joe@sub.example.com", "old@acme.test", "x@test.org"
    )
    people(app, "ada@acme.com", "old@acme.test")
    with app.store.begin() as tx:
        old = tx.subscribers.find("old@acme.test")
        tx.subscribers.end(old.id, "readers", source="link", now=app.clock())

    [one] = told(app)

    assert "2 people in audience 'readers' at domains that are nobody's, such as eve@" in one
    assert "by channel 'mail' their mails are lost or come back" in one


def test_a_run_and_a_dry_run_say_it_too(app):
    app.people.import_file(app.folder / FILE)
    write(app, "me@acme.com")

    campaign = app.campaign("weekly")
    found = app.look_at_people(campaign, [read_subscribers(app.folder / FILE)])

    assert "in audience 'readers' 8, in the file 1: 8 in no file" in str(found[0])
