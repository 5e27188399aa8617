"""The service writes to readers beside its ticks, and welcomes them at one."""

import shutil
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from app_stage import change
from dispatch.cli.campaigns.run_summary import tell
from dispatch.config.process.known_database import KnownDatabase
from dispatch.model.people.form import KEPT_FOR
from dispatch.model.people.reader_mail import Topic
from dispatch.model.people.sign_up import Profile
from dispatch.model.people.subscriber import Consent, SubscriberRow
from dispatch.model.workspace.database_identity import Identity
from dispatch.scheduling.due import LOOKED_AFTER_EVERY, Waiting
from dispatch.scheduling.mails import send_reader_mails
from dispatch.scheduling.tick import tick

FORMS = """
forms:
  news: {audiences: [readers], consent: I want it, welcome: weekly, remind: 1d}
"""
ZOE = "zoe@example.org"


@pytest.fixture
def sign_up(app, folder):
    """Somebody fills in the form."""
    change(folder, "campaigns:", f"{FORMS}\ncampaigns:")
    app.reload_if_changed()

    def sign_up(email: str = ZOE) -> None:
        with app.store.begin() as tx:
            now = app.clock()
            profile = Profile(language="fr")
            made = tx.sign_ups.add("news", email, ("readers",), profile, now=now, ids=_ids)
            via, form = app.workspace.forms["news"].via, "news"
            about, subject = Topic.CONFIRM, made.public_id
            tx.reader_mails.add(about, email, subject_id=subject, via=via, form=form, now=now)

    return sign_up


def _ids() -> str:
    return "z" * 32


def mails_to(folder, address: str):
    files = folder.glob("outbox/mail/new/*.eml")
    found = [message_from_bytes(one.read_bytes(), policy=policy.default) for one in files]
    return [one for one in found if one["To"] == address]


@pytest.mark.parametrize("own", [True, False], ids=["own template", "the one of dispatch"])
def test_who_signs_up_is_written_to_without_waiting_for_a_tick(app, folder, said, sign_up, own):
    if not own:
        shutil.rmtree(folder / "templates" / "confirm", ignore_errors=True)
    elif not (folder / "templates" / "confirm").exists():
        pytest.fail("a new workspace has the template")
    sign_up()

    send_reader_mails(app)
    send_reader_mails(app)

    [mail] = mails_to(folder, ZOE)
    assert mail["Subject"] == "Please confirm: The Atelier Letter, Le Bulletin"
    assert mail["List-Unsubscribe"] is mail["List-Id"] is None
    assert [one["event"] for one in said if "reader_mail" in one["event"]] == [
        "reader_mail.accepted"
    ]


def test_who_does_not_confirm_is_reminded_and_forgotten(app, clock, folder, said, sign_up):
    waiting = Waiting()
    sign_up()
    send_reader_mails(app)
    for pause in (timedelta(days=1), LOOKED_AFTER_EVERY, KEPT_FOR):
        clock.advance(pause)
        tick(app, waiting=waiting)
        send_reader_mails(app)

    told = [one for one in said if one["event"].startswith("sign_ups.")]
    assert [(one["event"], one.get("readers", one.get("rows"))) for one in told] == [
        ("sign_ups.reminded", 1),
        ("sign_ups.forgotten", 3),
    ]
    assert len(mails_to(folder, ZOE)) == 2


def test_who_joins_after_an_edition_is_welcomed_with_it(app, clock, folder, said, sign_up):
    tick(app)
    clock.advance(timedelta(minutes=1))
    tick(app)
    join(app, ZOE)

    tick(app)

    [made] = [one for one in said if one["event"] == "welcome.made"]
    [mail] = mails_to(folder, ZOE)
    assert (made["readers"], mail["List-Unsubscribe"] is None) == (1, False)


def test_a_run_sends_what_waits_and_welcomes_those_whom_it_made_no_edition_for(
    app, folder, sign_up, capsys
):
    weekly = app.campaign("weekly")
    app.campaigns.run(weekly)
    sign_up()
    join(app, "lin@example.org")

    tell(app.campaigns.run(weekly), weekly)

    out = capsys.readouterr().out
    assert "1 mail to readers about their own affairs" in out
    assert "1 reader new to it get edition" in out
    assert len(mails_to(folder, ZOE)) == len(mails_to(folder, "lin@example.org")) == 1


def join(app, email: str) -> None:
    """Somebody has confirmed."""
    row = SubscriberRow(line=0, email=email, consent=Consent(None, "form news"))
    app.people.add(row, "readers")
    with app.store.begin() as tx:
        tx.welcomes.ask(tx.subscribers.find(email).id, "weekly", now=app.clock())


def test_nothing_goes_out_over_a_database_that_is_not_the_workspaces(app, folder, sign_up):
    sign_up()
    KnownDatabase(folder).adopt(Identity("another", 7))

    send_reader_mails(app)

    assert mails_to(folder, ZOE) == []
