"""What the page of an edition says when something is in the way, and in its less usual cases."""

import re
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, time, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from app_stage import change, opened, workspace_in
from dispatch.errors import BadInput, ChangedMeanwhile, TemplateFailed
from dispatch.model.campaigns.approval import (
    BY_DEADLINE,
    BY_LATENESS,
    NOBODY_NEEDED,
    Otherwise,
    Review,
)
from dispatch.model.campaigns.schedule import slot_on
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.single_mail import MailState
from dispatch.model.editions.difference import Difference, EditionEdit, TextChange
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.review_mail import About, ReviewMail
from dispatch.model.editions.run import Run, RunPost
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.preview import SentTest
from dispatch.pipeline.reviews.write_review_mail import write_mail
from dispatch.pipeline.team.count_readers import count_readers
from dispatch.signing import mark_of
from dispatch.testing.clock import FakeClock
from dispatch.web.team.review import facts
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.review.facts import bar, facts_of, may_approve
from dispatch.web.team.review.history import history_of
from dispatch.web.team.review.posts import left_out
from dispatch.web.team.visit import Visit
from dispatch.words.catalogues import team_words_in, words_in
from team_stage import TOKEN, join, signed_in

NOTES = """
  notes:
    title: Notes
    feeds: [notebook]
    schedule: {every: monday, at: "08:00"}
    approval: {needed: true}
    social: [{template: weekly, each: edition}]
"""
TOOTS = """channels:
  toots: {provider: mastodon, options: {server: "https://social.example", token: "env:TOKEN"}}

campaigns:
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("details") / "letters", migrated_sqlite)
    change(folder, 'at: "09:00"}', 'at: "09:00"}\n    approval: {needed: true}')
    change(folder, "each: post}", "each: post, via: toots}")
    change(folder, "\ncampaigns:\n", f"\n{TOOTS}")
    with (folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        file.write(NOTES)
    with opened(folder, FakeClock(), environ={"TOKEN": "secret"}) as app:
        join(app, "ada", Role.AUTHOR, name="Ada Lindqvist")
        join(app, "eve", Role.EDITOR, name="Eve Moreau")
        join(app, "marie", Role.APPROVER, name="Marie Aubert")
        list(app.people.import_files())
        list(app.intake.poll(list(app.workspace.feeds)))
        yield app


@pytest.fixture(scope="module")
def edition(app):
    """The id of one with a mail and a snippet for each post."""
    return composed(app, "weekly")


@pytest.fixture(scope="module")
def snippet_only(app):
    """The id of one that has no mail."""
    return composed(app, "notes")


def composed(app, campaign: str) -> str:
    ours = app.campaign(campaign)
    return app.editions.compose(ours, app.editions.this_slot(ours)).edition.id


def stored(app, edition):
    with app.store.read() as tx:
        return tx.editions.get(edition)


def read(answer) -> str:
    assert "Traceback" not in answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def fails_with(monkeypatch, app, name: str, *errors: Exception) -> None:
    """Have the next calls of something that is done with editions fail, each in its way."""
    coming = iter(errors)

    def fail(*_args, **_values):
        raise next(coming)

    monkeypatch.setattr(type(app.editions), name, fail)


def snippet_fields(page) -> dict[str, str]:
    """What a browser would send of the form of snippets."""
    texts = re.findall(r'<textarea id="(snippet-[^"]+)"[^>]*>\n?([^<]*)</textarea>', page.text)
    was = re.findall(r'name="(was-snippet-[^"]+)" value="([^"]*)"', page.text)
    return {name: unescape(text) for name, text in (*texts, *was)}


class TestForms:
    def test_words_that_are_as_they_were_say_that_nothing_changes(self, app, edition):
        with signed_in(app, "ada") as ada:
            answer = ada.post(f"/team/editions/{edition}/words", data={"subject": " "})

        assert answer.headers["location"].endswith("said=edition_nothing#words-save")

    def test_words_that_collide_while_they_are_saved_are_shown_beside_those_that_won(
        self, app, edition, monkeypatch
    ):
        fails_with(monkeypatch, app, "edit", ChangedMeanwhile("meanwhile"))
        with signed_in(app, "ada") as ada:
            answer = ada.post(f"/team/editions/{edition}/words", data={"subject": "Mine of today"})

        assert answer.status_code == 409
        assert "Mine of today" in answer.text

    def test_what_concerns_no_field_stands_above_them(self, app, edition, monkeypatch):
        problem = "weekly/subject.txt:1: no such word"
        fails_with(monkeypatch, app, "edit", TemplateFailed(problem), BadInput(["all: is wrong"]))
        with signed_in(app, "ada") as ada:
            path = f"/team/editions/{edition}/words"
            answers = [ada.post(path, data={"subject": "A typed one"}) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [422, 422]
        assert problem in read(answers[0])
        assert "all: is wrong" in read(answers[1])
        assert all("A typed one" in answer.text for answer in answers)

    def test_posts_that_cannot_be_moved_say_why(self, app, edition, monkeypatch):
        ids = [str(post.id) for post in stored(app, edition).content.posts]
        form = {"was": ",".join(ids), "down": ids[0]}
        problem = "weekly/digest.mjml: cannot say it"
        fails_with(monkeypatch, app, "edit", ChangedMeanwhile("first"), TemplateFailed(problem))
        with signed_in(app, "ada") as ada:
            moved, failed = (
                ada.post(f"/team/editions/{edition}/posts", data=form) for _ in range(2)
            )

        assert (moved.status_code, failed.status_code) == (409, 422)
        assert problem in read(failed)

    def test_a_note_that_is_too_long_is_not_sent_and_stays(self, app, edition):
        note = "long " * 500
        with signed_in(app, "ada") as ada:
            answer = ada.post(f"/team/editions/{edition}/ready", data={"note": note})

        assert answer.status_code == 422
        assert "has 2499 characters - write 2000 at most" in read(answer)
        assert note.strip() in answer.text

    def test_asking_for_what_was_edited_meanwhile_shows_what_it_is_now(self, app, edition):
        with signed_in(app, "ada") as ada:
            answer = ada.post(f"/team/editions/{edition}/ready", data={"fingerprint": "0" * 64})

        assert answer.status_code == 409


class TestSnippets:
    def test_a_channel_that_it_does_not_have_is_nobodys_form(self, app, edition):
        with signed_in(app, "ada") as ada:
            answer = ada.post(f"/team/editions/{edition}/snippets", data={"channel": "nowhere"})

        assert answer.status_code == 422

    def test_what_two_have_written_is_shown_side_by_side_and_theirs_can_stay(
        self, app, snippet_only
    ):
        path = f"/team/editions/{snippet_only}"
        with signed_in(app, "eve") as eve, signed_in(app, "ada") as ada:
            form = snippet_fields(ada.get(f"{path}?tab=outbox")) | {"channel": "outbox"}
            [field] = [name for name in form if name.startswith("snippet-")]
            same = ada.post(f"{path}/snippets", data=form)
            saved = eve.post(f"{path}/snippets", data=form | {field: "What Eve says. " * 100})
            clash = ada.post(f"{path}/snippets", data=form | {field: "What Ada says."})
            theirs = ada.post(f"{path}/snippets", data=form | {"take": "theirs"})

        assert same.headers["location"].endswith("said=edition_nothing")
        assert saved.headers["location"].endswith("said=edition_saved")  # no limit, no count
        assert clash.status_code == 409
        assert "Eve Moreau saved this before you" in read(clash)
        assert "Ada" in clash.text
        assert theirs.headers["location"].endswith("said=edition_theirs")
        [kept] = stored(app, snippet_only).content.snippets
        assert kept.text.startswith("What Eve says.")

    def test_one_that_cannot_be_saved_says_why(self, app, edition, monkeypatch):
        problem = "snippets: is nothing one can say"
        fails_with(monkeypatch, app, "edit", ChangedMeanwhile("first"), BadInput([problem]))
        path = f"/team/editions/{edition}"
        with signed_in(app, "ada") as ada:
            form = snippet_fields(ada.get(f"{path}?tab=toots")) | {"channel": "toots"}
            field = next(name for name in form if name.startswith("snippet-"))
            asked = form | {field: "Mine"}
            moved, failed = (ada.post(f"{path}/snippets", data=asked) for _ in range(2))

        assert (moved.status_code, failed.status_code) == (409, 422)
        assert problem in read(failed)
        assert ">Mine</textarea>" in failed.text.replace("\n", "")


class TestPreviews:
    def test_templates_that_fail_are_said_in_place_of_what_they_would_make(
        self, app, edition, monkeypatch
    ):
        problem = "weekly/digest.mjml:3: <b> is not closed"
        for name in ("digest", "snippets"):
            fails_with(monkeypatch, app, name, *[TemplateFailed(problem)] * 9)
        path = f"/team/editions/{edition}"
        with signed_in(app, "ada") as ada:
            mail, toots = (ada.get(f"{path}/preview/{kind}") for kind in ("mail", "toots"))
            page, cards = ada.get(path), ada.get(f"{path}?tab=toots")

        assert (mail.status_code, toots.status_code) == (422, 422)
        assert "&lt;b&gt; is not closed" in mail.text
        assert (page.status_code, cards.status_code) == (200, 200)
        assert problem in read(page)
        assert "Save words" in page.text
        assert problem in read(cards)

    def test_one_without_a_mail_has_snippets_alone(self, app, edition, snippet_only):
        path = f"/team/editions/{snippet_only}"
        with signed_in(app, "ada") as ada:
            found = [
                ada.get(f"{path}/{part}").status_code
                for part in ("preview/mail", "edition.eml", "preview/nowhere", "preview/outbox")
            ]
            page = ada.get(path)

        assert found == [404, 404, 404, 200]
        assert "outbox" in read(page)


class TestTrying:
    def test_a_test_that_goes_nowhere_says_why_and_keeps_the_address(
        self, app, edition, monkeypatch
    ):
        refused = SentTest(Refused("550 no such mailbox"), "outbox")
        path = f"/team/editions/{edition}/test"
        with signed_in(app, "eve") as eve:
            wrong = eve.post(path, data={"to": "no address"})
            monkeypatch.setattr(type(app.editions), "send_test_of", lambda *_, **__: refused)
            answer = eve.post(path, data={"to": "there@example.org"})

        assert (wrong.status_code, answer.status_code) == (422, 422)
        assert 'value="no address"' in wrong.text
        assert "550 no such mailbox" in read(answer)

    def test_no_test_is_sent_of_what_has_no_mail(self, app, snippet_only):
        with signed_in(app, "eve") as eve:
            answer = eve.post(f"/team/editions/{snippet_only}/test")

        assert answer.status_code == 422
        assert "has no email - nothing to test" in read(answer)


@pytest.fixture
def desk(app, edition):
    """The edition as somebody looks at it, with something else about it."""

    def desk(handle: str = "marie", **values) -> Desk:
        with app.store.read() as tx:
            session = tx.sessions.find(mark_of(TOKEN + handle), now=app.clock())
        visit = Visit(
            request=Request({"type": "http", "query_string": b"", "headers": []}),
            app=app,
            words=team_words_in("en"),
            now=app.clock(),
            session=session,
        )
        return Desk(visit, replace(stored(app, edition), **values))

    return desk


class TestFacts:
    def test_when_it_leaves_depends_on_where_it_stands(self, app, desk):
        stands = desk().edition
        noon = app.clock() + timedelta(hours=3)
        past = app.clock() - timedelta(hours=3)
        approved = EditionState.APPROVED

        sending = replace(stands.content.sending, slot=None)
        at_once = replace(stands.content, sending=sending)

        assert str(facts_of(desk(content=at_once)).leaves) == "as soon as it is approved"
        assert str(facts_of(desk(content=at_once, state=approved)).leaves) == "now"
        later = facts_of(desk(state=approved, goes_out=noon))
        assert "12:00" in later.leaves
        assert "Europe/Paris" in later.leaves
        assert later.starts == noon
        assert facts_of(desk(state=approved, goes_out=past)).starts == app.clock()

    def test_readers_are_at_most_so_many_where_a_segment_chooses(self, desk):
        content = desk().edition.content
        chosen = replace(content, email=replace(content.email, segment="locale == 'fr'"))

        assert facts_of(desk()).to == "8 readers, 1 account"
        assert facts_of(desk(content=chosen)).to == "8 readers at most, 1 account"

    def test_many_readers_are_counted_no_further_than_somebody_waits_for(
        self, app, desk, monkeypatch
    ):
        monkeypatch.setattr(facts, "COUNTED", 3)

        assert facts_of(desk()).to == "4 readers, 1 account"
        count_readers(None, store=app.store, clock=app.clock, zone=app.zone)
        assert facts_of(desk()).to == "8 readers, 1 account"

    def test_by_the_clock_of_each_reader_there_is_no_one_zone(self, app, desk):
        stands = desk().edition.content
        slot = slot_on(date(2026, 12, 1), time(9), "Europe/Paris")
        sending = replace(stands.sending, slot=slot, local_time=True)

        told = facts_of(desk(content=replace(stands, sending=sending))).leaves

        assert re.sub("<[^>]+>", "", told) == "Tue 1 Dec, 09:00 by each reader’s clock"

    def test_a_deadline_is_told_with_what_it_comes_to_while_it_can(self, app, desk):
        noon = app.clock() + timedelta(hours=3)
        send = Review(needed=True, deadline=noon, otherwise=Otherwise.SEND)

        assert "otherwise it goes out" in facts_of(desk(review=send)).deadline
        skip = replace(send, otherwise=Otherwise.SKIP)
        assert "otherwise skipped" in facts_of(desk(review=skip)).deadline
        assert not facts_of(desk(review=send, state=EditionState.APPROVED)).deadline
        assert not facts_of(desk(review=Review(needed=True))).deadline

    def test_who_may_approve_it_and_who_not(self, desk):
        named = Review(needed=True, by=("Marie", "somebody else"))
        other = Review(needed=True, other_than_author=True)

        assert may_approve(desk(review=Review())) == "no approval needed"
        assert may_approve(desk(review=Review(needed=True))) == "anybody with that right"
        assert may_approve(desk(review=named)) == "Marie Aubert, somebody else"
        assert bar(desk("ada")) == "edition.bar_role"
        assert bar(desk(review=replace(named, by=("jean",)))) == "edition.bar_named"
        assert bar(desk(review=other, author="marie")) == "edition.bar_author"
        assert bar(desk(review=named, author="marie")) == ""


def test_without_a_run_on_record_no_post_is_left_out(desk):
    assert left_out(desk(), None) == ([], 0)


class TestHistory:
    def steps(self, desk: Desk, *, run=None, mails=(), edits=(), done=()) -> list[str]:
        """What it says has happened, where this is all there is on record; the newest first."""
        ours = desk.visit.app
        with ours.store.read() as tx:
            persons = tx.persons.all(ended=True)
        tx = SimpleNamespace(
            review_mails=SimpleNamespace(of=lambda _: mails),
            audit=SimpleNamespace(about=lambda *_, **__: done),
            edition_edits=SimpleNamespace(of=lambda _: edits),
            persons=SimpleNamespace(all=lambda **_: persons),
        )
        store = SimpleNamespace(read=lambda: nullcontext(tx))
        visit = replace(desk.visit, app=SimpleNamespace(store=store, zone=ours.zone))
        found = history_of(Desk(visit, desk.edition), run)
        return [unescape(re.sub("<[^>]+>", "", f"{one.what} {one.note}")).strip() for one in found]

    def run(self, app, **values) -> Run:
        now = app.clock()
        return Run(1, "weekly", "2026-11-24T09:00", now, now, **({"manual": False} | values))

    def test_it_begins_with_how_it_was_made(self, app, desk):
        posts = tuple(RunPost(at, "atelier", "A", "https://a.example", at < 2, "") for at in (1, 2))
        slot = self.steps(desk(), run=self.run(app, posts=posts))
        by_hand = self.steps(desk(), run=self.run(app, manual=True))
        unknown = self.steps(desk())

        assert slot == ["Made by the run for today 09:00, with one post"]
        assert len({slot[0], by_hand[0], unknown[0]}) == 3

    def test_those_who_were_told_are_named_once_for_each_time(self, app, desk):
        now = app.clock()

        def mail(about: About, address: str, state=MailState.ACCEPTED, accepted=now) -> ReviewMail:
            return ReviewMail(
                id=1,
                edition_id="e",
                about=about,
                address=address,
                fingerprint="f",
                said="",
                state=state,
                made=now,
                due=now,
                accepted=accepted,
            )

        mails = [
            mail(About.WAITS, "marie@atelier.example"),
            mail(About.WAITS, "Someone@else.example"),
            mail(About.REMINDER, "EVE@atelier.example"),
            mail(About.CHANGES, "ada@atelier.example"),
            mail(About.DECIDED, "ada@atelier.example"),
            mail(About.WAITS, "late@else.example", MailState.WAITING, None),
        ]

        found = self.steps(desk(), mails=mails)

        assert len(found) == 5  # with how it was made
        assert sum("Marie Aubert, Someone@else.example" in one for one in found) == 1
        assert sum("Eve Moreau" in one for one in found) == 1
        assert sum("Ada Lindqvist" in one for one in found) == 2
        assert not any("late@" in one for one in found)

    def test_an_edit_says_what_it_was_about(self, app, desk):
        texts = [TextChange(name, "", "x") for name in ("subject", "preheader", "intro")]
        snippets = [TextChange("snippet", "", "x", "toots", part) for part in "12"]
        changes = Difference((*texts, *snippets), added=(1,), dropped=(2, 3), order=(1,))
        edit = EditionEdit(1, "ada", app.clock(), "a", "b", changes)

        [said] = [one for one in self.steps(desk(), edits=[edit]) if "Ada Lindqvist" in one]

        assert said.partition(": ")[2].split(", ") == [
            "subject",
            "preheader",
            "intro",
            "2 snippets",
            "one post added",
            "2 posts dropped",
            "the order of posts",
        ]

    def test_decisions_that_nobody_wrote_down_are_told_from_the_edition(self, app, desk):
        gone = {"state": EditionState.REJECTED, "reason": "too late"}
        table = [
            ({"approved_by": NOBODY_NEEDED}, "o approval"),
            ({"approved_by": "marie"}, "Marie Aubert approved it"),
            (gone | {"ended_by": BY_LATENESS}, "skipped"),
            (gone | {"ended_by": "marie"}, "Marie Aubert rejected it"),
        ]

        for values, said in table:
            found = self.steps(desk(**values), run=self.run(app))

            assert len(found) == 2
            assert any(said in one for one in found), found
            assert any("too late" in one for one in found) == ("reason" in values)

    def test_what_was_written_down_is_not_told_twice(self, app, desk):
        stands = desk(state=EditionState.REJECTED, ended_by="marie", approved_by="marie")
        done = [
            SimpleNamespace(act=act, by="marie", at=app.clock(), detail={"reason": "a wrong lead"})
            for act in ("edition.approve", "edition.reject", "edition.edit")
        ]

        found = self.steps(stands, done=done)

        assert len(found) == 3
        assert sum("a wrong lead" in one for one in found) == 2


def test_the_mail_about_an_edition_says_what_becomes_of_it(app, edition):
    stands = stored(app, edition)
    noon = app.clock() + timedelta(hours=3)
    until = Review(needed=True, deadline=noon)
    send = replace(until, otherwise=Otherwise.SEND)
    asked = {"state": EditionState.CHANGES_REQUESTED, "note": "marie: less"}
    over = {"state": EditionState.REJECTED, "ended_by": BY_LATENESS}
    late = over | {"ended_by": BY_DEADLINE}
    none = Review(needed=True)
    table = [
        (About.REMINDER, {"review": none}, "Still to approve: The", "waits without a deadline"),
        (About.REMINDER, {"review": none, **asked}, "Still to edit: The", "without a deadline"),
        (About.REMINDER, {"review": until, **asked}, "Still to edit by", "edited and approved"),
        (About.REMINDER, {"review": until}, "Still to approve by", "it is skipped"),
        (About.REMINDER, {"review": send}, "Still to approve by", "it goes out as it is"),
        (About.DECIDED, {"review": until, **over}, "Skipped", "too late to go out"),
        (
            About.DECIDED,
            {"review": until, **late, "note": "marie: less"},
            "Skipped",
            "Requested by marie: less.",
        ),
        (
            About.DECIDED,
            {"review": replace(until, other_than_author=True), **late, "author": "ada"},
            "Skipped",
            "ada had edited it, so that somebody else had to.",
        ),
        (About.DECIDED, {"review": none, **over}, "Skipped", "Said by whoever decided."),
    ]

    for about, values, subject, said in table:
        mail = write_mail(
            ReviewMail(
                id=1,
                edition_id=edition,
                about=about,
                address="marie@atelier.example",
                fingerprint=stands.fingerprint,
                said="Said by whoever decided",
                state=MailState.WAITING,
                made=app.clock(),
                due=app.clock(),
            ),
            replace(stands, **values),
            readers=8,
            words=words_in("en"),
            links=app.tools.links,
            now=app.clock(),
        )

        assert subject in mail.subject, values
        assert said in " ".join(mail.text.split()), values
