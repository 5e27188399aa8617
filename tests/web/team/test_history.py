"""What the page of an edition tells of its past, in whose name, and in what order."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from dispatch.model.campaigns.approval import BY_DEADLINE, BY_LATENESS, NOBODY_NEEDED
from dispatch.model.delivery.single_mail import MailState
from dispatch.model.editions.difference import Difference, EditionEdit, TextChange
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.editions.review_mail import About, ReviewMail
from dispatch.model.editions.run import MadeEdition, Run, RunPost
from dispatch.model.team.act import Done
from dispatch.model.team.person import Person
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.review.history import history_of
from dispatch.web.team.times import Times
from dispatch.words.catalogues import team_words_in

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MADE = NOW - timedelta(days=1)
JEAN = Person(id=1, handle="jean", name="Jean Kervella", email="Jean@atelier.example", roles=())
ADA = Person(id=2, handle="ada", name="", email="ada@atelier.example", roles=())
CONTENT = SimpleNamespace(posts=("one", "two"), pieces=(), letter=None)
EDITION = Edition("e1", "weekly", "slot", EditionState.IN_REVIEW, CONTENT, "f", MADE)
RUN = Run(1, "weekly", "slot", moment=NOW, started=MADE, manual=False)


def minute(number):
    return MADE + timedelta(minutes=number)


def history(edition=EDITION, run=None, *, mails=(), done=(), edits=()):
    """The steps of an edition of which the database has just these rows."""
    tx = SimpleNamespace(
        review_mails=SimpleNamespace(of=lambda _: mails),
        audit=SimpleNamespace(about=lambda *_, **__: done),
        edition_edits=SimpleNamespace(of=lambda _: edits),
        persons=SimpleNamespace(all=lambda **_: (JEAN, ADA)),
    )
    store = SimpleNamespace(read=lambda: nullcontext(tx))
    words = team_words_in("en")
    visit = SimpleNamespace(
        app=SimpleNamespace(store=store),
        words=words,
        now=NOW,
        times=Times(words, ZoneInfo("UTC"), NOW),
    )
    return history_of(Desk(visit, edition), run)


def told(*given, **rows):
    """The sentences of it, the newest first."""
    return [str(step.what) for step in history(*given, **rows)]


def post(*, chosen):
    return RunPost(1, "blog", "A title", "https://atelier.example/1", chosen, "")


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (None, "Made with 2 posts"),
        (RUN, "Made by the run for today 08:00, with 2 posts"),
        (replace(RUN, manual=True), "Made by a run that somebody started, with 2 posts"),
        (
            replace(RUN, posts=(post(chosen=True), post(chosen=False), post(chosen=None))),
            "Made by the run for today 08:00, with one post",
        ),
    ],
)
def test_it_begins_with_how_it_was_made_and_what_the_run_itself_chose(run, sentence):
    assert told(EDITION, run) == [sentence]


class TestMails:
    def mail(self, about, address, *, at=1, state=MailState.ACCEPTED):
        accepted = minute(at) if state is MailState.ACCEPTED else None
        return ReviewMail(
            id=1,
            edition_id="e1",
            about=about,
            address=address,
            fingerprint="f",
            said="",
            state=state,
            made=MADE,
            due=MADE,
            accepted=accepted,
        )

    @pytest.mark.parametrize(
        ("about", "sentence"),
        [
            (About.WAITS, "Jean Kervella was told by mail"),
            (About.CHANGES, "Jean Kervella was told of the changes requested"),
            (About.REMINDER, "Jean Kervella was reminded of the deadline"),
            (About.DECIDED, "Jean Kervella was told that the deadline has decided"),
        ],
    )
    def test_each_kind_has_its_sentence(self, about, sentence):
        assert told(mails=[self.mail(about, "jean@atelier.example")])[0] == sentence

    def test_all_who_were_told_at_once_are_one_step_at_the_last_of_them(self):
        mails = [
            self.mail(About.WAITS, "jean@atelier.example", at=3),
            self.mail(About.REMINDER, "ada@atelier.example", at=9),
            self.mail(About.WAITS, "ada@atelier.example", at=2),
            self.mail(About.WAITS, "<guest>@else.example", at=1),
            self.mail(About.WAITS, "late@else.example", state=MailState.WAITING),
        ]

        reminded, waits, _ = history(mails=mails)

        assert (reminded.at, reminded.what) == (minute(9), "ada was reminded of the deadline")
        names = "Jean Kervella, ada, &lt;guest&gt;@else.example"
        assert (waits.at, str(waits.what)) == (minute(3), f"{names} were told by mail")


def test_an_edit_says_what_it_was_about_and_leads_to_it():
    snippets = [TextChange("snippet", "", "b", channel) for channel in ("mastodon", "bluesky")]
    names = ("subject", "preheader", "intro")
    changes = Difference(
        texts=(*(TextChange(name, "a", "b") for name in names), *snippets),
        added=(4,),
        dropped=(5, 6),
        order=(4, 1),
    )
    edits = [
        EditionEdit(7, "jean", minute(1), "f", "g", changes),
        EditionEdit(8, "gone", minute(2), "g", "h", Difference(texts=tuple(snippets[:1]))),
        EditionEdit(9, "ada", minute(3), "h", "i", Difference(order=(1, 4))),
    ]

    third, second, first, _ = history(edits=edits)

    assert str(third.what) == "ada edited it: the order of posts"
    assert str(second.what) == "gone edited it: one snippet"
    assert str(first.what) == (
        "Jean Kervella edited it: subject, preheader, intro, 2 snippets, one post added, "
        "2 posts dropped, the order of posts"
    )
    assert first.href == "/editions/e1/changes#edit-7"


def test_what_the_log_has_is_told_with_what_was_said_and_what_belongs_elsewhere_is_not():
    acts = [
        ("edition.ask", {}),
        ("edition.test", {}),
        ("edition.request_changes", {"note": "a <b> word"}),
        ("edition.approve", {}),
        ("edition.take_back", {}),
        ("edition.pause", {"reason": "a wrong link"}),
        ("edition.reject", {"reason": "too old"}),
    ]
    done = [
        Done(id=at, at=minute(at), by="jean", act=act, detail=detail)
        for at, (act, detail) in enumerate(acts, start=1)
    ]
    rejected = replace(
        EDITION, state=EditionState.REJECTED, ended_by="jean", approved_by="jean", reason="too old"
    )

    steps = history(rejected, done=done)

    assert [(str(step.what), step.note) for step in steps] == [
        ("Jean Kervella rejected it", "too old"),
        ("Jean Kervella took the approval back", ""),
        ("Jean Kervella approved it", ""),
        ("Jean Kervella requested changes", "a <b> word"),
        ("Jean Kervella sent a test", ""),
        ("Jean Kervella asked for approval", ""),
        ("Made with 2 posts", ""),
    ]


class TestWithoutALineInTheLog:
    @pytest.mark.parametrize(
        ("by", "sentence"),
        [
            ("jean", "Jean Kervella approved it"),
            ("a colleague", "a colleague approved it"),
            (NOBODY_NEEDED, "Approved by itself: no approval is needed"),
            (BY_DEADLINE, "the deadline approved it"),
        ],
    )
    def test_an_approval_is_told_at_its_time(self, by, sentence):
        made = MadeEdition("e1", EditionState.APPROVED, 2, "", "", "", by, minute(5), "", None)
        approved = replace(EDITION, state=EditionState.APPROVED, approved_by=by)

        step, _ = history(approved, replace(RUN, edition=made))

        assert (str(step.what), step.at) == (sentence, minute(5))

    @pytest.mark.parametrize(
        ("by", "sentence"),
        [
            ("jean", "Jean Kervella rejected it"),
            (BY_DEADLINE, "It was skipped: the deadline decided"),
            (BY_LATENESS, "It was skipped: the schedule decided"),
        ],
    )
    def test_an_end_is_told_with_its_reason(self, by, sentence):
        rejected = replace(EDITION, state=EditionState.REJECTED, ended_by=by, reason="too late")

        step, _ = history(rejected)

        assert (str(step.what), step.note) == (sentence, "too late")
