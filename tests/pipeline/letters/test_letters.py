"""Letters from their first word to the decision about them, by the verbs that pages use."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from app_stage import change, opened, place, workspace_in
from dispatch.config.schedules.load import load_workspace
from dispatch.errors import BadInput, ChangedMeanwhile, Conflict, NothingChanges, TemplateFailed
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.finding import Kind
from dispatch.model.editions.letter import LETTERS
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.check_edition import Stopped
from dispatch.pipeline.editions.edit import Changes
from dispatch.pipeline.letters.plan import Leaves, plan_of
from dispatch.pipeline.workspace.check import check_plan
from dispatch.testing.clock import FakeClock
from team_stage import join


@pytest.fixture
def app(tmp_path, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with opened(folder, FakeClock()) as app:
        list(app.people.import_files())
        list(app.intake.poll(list(app.workspace.feeds)))
        yield app


def now_of(app, letter):
    with app.store.read() as tx:
        return tx.editions.get(letter.id)


def with_a_post(app, letter, *posts: int):
    with app.store.read() as tx:
        latest = [one.id for one in tx.posts.latest() if one.is_usable]
    wanted = posts or latest[:1]
    return app.editions.edit(letter.id, Changes(add=tuple(wanted)), by="ada", ready=False).edition


def found(app, letter, kind: Kind) -> list[str]:
    return [one.name for one in app.editions.check(now_of(app, letter)) if one.kind is kind]


def test_a_new_letter_is_a_draft_for_the_first_audience_over_its_channel(app):
    letter = app.letters.begin(by="ada")

    plan = plan_of(letter.content)
    assert (letter.state, letter.campaign, letter.author) == (EditionState.DRAFT, LETTERS, "ada")
    assert (plan.audience, plan.via, plan.leaves) == ("readers", ("outbox",), Leaves())
    assert letter.content.title == "The Atelier Letter"


def test_an_empty_letter_is_stopped(app):
    letter = app.letters.begin(by="ada")

    with pytest.raises(Stopped, match="nothing_in_it"):
        app.letters.send(letter.id, by="ada", seen=letter.fingerprint)

    assert now_of(app, letter).state is EditionState.DRAFT


def test_who_is_alone_lets_it_go_by_oneself_and_it_goes_to_the_segment_only(app):
    letter = with_a_post(app, app.letters.begin(by="ada"))
    plan = replace(plan_of(letter.content), segment="fields.city == 'Lyon'")
    letter = app.letters.change(letter.id, plan, by="ada", seen=letter.fingerprint).edition

    app.letters.send(letter.id, by="ada", seen=letter.fingerprint)
    report = app.campaigns.send(now_of(app, letter))

    [sent] = report.deliveries
    assert sum(sent.counts.values()) == 1
    assert now_of(app, letter).state is EditionState.FINISHED


def test_where_two_may_approve_somebody_else_does_and_an_edit_takes_that_back(app):
    join(app, "ada", Role.EDITOR, Role.APPROVER)
    join(app, "marie", Role.APPROVER)
    letter = with_a_post(app, app.letters.begin(by="ada"))

    with pytest.raises(Conflict, match="somebody else has to approve it"):
        app.letters.send(letter.id, by="ada", seen=letter.fingerprint)
    asked = app.letters.ask(letter.id, by="ada", note="Before Monday", seen=letter.fingerprint)
    with pytest.raises(Conflict, match="somebody else has to approve it"):
        app.editions.approve(asked.id, by="ada", seen=asked.fingerprint)
    app.editions.approve(asked.id, by="marie", seen=asked.fingerprint)
    edited = app.editions.edit(letter.id, Changes(subject="Another"), by="ada")

    assert edited.voided
    assert now_of(app, letter).state is EditionState.IN_REVIEW
    with pytest.raises(Conflict, match="waits for approval"):
        app.campaigns.send(now_of(app, letter))


def test_changing_what_it_is_for_takes_an_approval_back_too(app):
    letter = with_a_post(app, app.letters.begin(by="ada"))
    app.letters.send(letter.id, by="ada", seen=letter.fingerprint)
    tomorrow = app.clock().date() + timedelta(days=1)

    plan = replace(plan_of(letter.content), leaves=Leaves(tomorrow, time(17, 30)))
    changed = app.letters.change(letter.id, plan, by="ada")

    assert changed.voided
    with app.store.read() as tx:
        [listed] = tx.listed_editions.page(campaign=LETTERS, now=app.clock())
    assert listed.moment == changed.edition.content.sending.slot.moment
    assert listed.state is EditionState.IN_REVIEW


def test_a_time_that_has_passed_is_refused_and_one_that_passes_stops_approval(app):
    letter = with_a_post(app, app.letters.begin(by="ada"))
    plan, today = plan_of(letter.content), app.clock().date()

    with pytest.raises(BadInput, match="day: has passed"):
        app.letters.change(letter.id, replace(plan, leaves=Leaves(today, time(0))), by="ada")
    soon = replace(plan, leaves=Leaves(today + timedelta(days=1), time(9)))
    letter = app.letters.change(letter.id, soon, by="ada").edition
    asked = app.letters.ask(letter.id, by="ada")
    app.clock.advance(timedelta(days=2))

    with pytest.raises(Stopped, match="letter_passed"):
        app.editions.approve(asked.id, by="ada", seen=asked.fingerprint)


def test_an_hour_that_spring_skips_is_the_first_moment_after_the_gap(app):
    letter = app.letters.begin(by="ada")

    plan = replace(plan_of(letter.content), leaves=Leaves(date(2027, 3, 28), time(2, 30)))
    changed = app.letters.change(letter.id, plan, by="ada").edition

    assert changed.content.sending.slot.moment.isoformat() == "2027-03-28T01:00:00+00:00"


def test_a_segment_that_cannot_be_read_is_refused(app):
    letter = app.letters.begin(by="ada")
    plan = replace(plan_of(letter.content), segment="locale ==")

    with pytest.raises(TemplateFailed, match="segment"):
        app.letters.change(letter.id, plan, by="ada")


def test_a_segment_that_cannot_be_answered_stops_approval(app):
    letter = with_a_post(app, app.letters.begin(by="ada"))

    plan = replace(plan_of(letter.content), segment="topics > 3")
    letter = app.letters.change(letter.id, plan, by="ada").edition

    assert "letter_segment" in found(app, letter, Kind.STOP)


def test_a_letter_to_nobody_is_stopped_and_skipped_where_nobody_is_left_when_it_leaves(app):
    letter = with_a_post(app, app.letters.begin(by="ada"))
    plan = plan_of(letter.content)

    nobody = replace(plan, segment="locale == 'eo'")
    letter = app.letters.change(letter.id, nobody, by="ada").edition
    stopped = found(app, letter, Kind.STOP)
    one = replace(plan, segment="fields.city == 'Lyon'")
    letter = app.letters.change(letter.id, one, by="ada").edition
    app.letters.send(letter.id, by="ada", seen=letter.fingerprint)
    person = app.people.find("camille.moreau@readers.example")
    app.people.end(person, "readers", ground="asked", by="ada")
    app.delivery.address(letter.id)

    assert stopped == ["nobody_picked"]
    ended = now_of(app, letter)
    assert (ended.state, ended.ended_by) == (EditionState.REJECTED, "the schedule")
    assert ended.reason == "there is nobody in audience 'readers' whom the segment picks"


@pytest.mark.parametrize("tells", [False, True])
def test_its_posts_are_told_for_their_campaigns_only_where_that_is_said(app, tells):
    letter = with_a_post(app, app.letters.begin(by="ada"))
    [post] = letter.content.posts
    if tells:
        plan = replace(plan_of(letter.content), tells=True)
        letter = app.letters.change(letter.id, plan, by="ada").edition
    app.letters.ask(letter.id, by="ada")

    with app.store.read() as tx:
        free = {one.id for one in tx.posts.unused("weekly", [post.feed])}

    assert (post.id in free) is not tells


def test_a_post_of_any_feed_is_picked_also_one_that_was_told_and_checks_tell_of_both_mails(app):
    weekly = app.campaign("weekly")
    made = app.editions.compose(weekly, app.editions.this_slot(weekly)).edition
    told = made.content.posts[0]

    letter = with_a_post(app, app.letters.begin(by="ada"), told.id)

    assert [feed.name for feed in letter.content.feeds] == [told.feed]
    assert {"letter_twice", "letter_beside"} <= set(found(app, letter, Kind.LOOK))


def test_checks_count_the_readers_of_both_mails_also_where_these_are_of_two_audiences(app):
    weekly = app.campaign("weekly")
    made = app.editions.compose(weekly, app.editions.this_slot(weekly)).edition
    friends = "camille.moreau@readers.example,Camille Moreau\nnew@readers.example,\n"
    (app.folder / "subscribers/friends.csv").write_text(f"email,name\n{friends}", encoding="utf-8")
    list(app.people.import_files())
    letter = with_a_post(app, app.letters.begin(by="ada"), made.content.posts[0].id)
    plan = plan_of(letter.content)

    def counts(segment: str, audience: str = "friends") -> list[int]:
        wanted = replace(plan, audience=audience, segment=segment)
        if wanted != plan_of(now_of(app, letter).content):
            app.letters.change(letter.id, wanted, by="ada")
        names = ("letter_twice", "letter_beside")
        told = [one for one in app.editions.check(now_of(app, letter)) if one.name in names]
        assert not any("least" in one.values for one in told)
        return [one.values["count"] for one in told]

    assert counts("") == [1, 1]
    assert counts("name != 'Camille Moreau'") == []
    assert counts("name == 'Camille Moreau'") == [1, 1]
    assert counts("", "readers") == [8, 8]


def test_a_copy_has_the_words_and_the_readers_of_the_other_and_none_of_its_posts(app):
    letter = with_a_post(app, app.letters.begin(by="ada"))
    app.editions.edit(letter.id, Changes(subject="Vernissage"), by="ada", ready=False)
    plan = replace(plan_of(letter.content), segment="locale == 'fr'")
    app.letters.change(letter.id, plan, by="ada")

    copy = app.letters.begin(by="marie", copy_of=letter.id)

    assert copy.content.letter.copy_of == letter.id
    assert (copy.content.subject, copy.content.posts) == ("Vernissage", ())
    assert plan_of(copy.content).segment == "locale == 'fr'"


def test_one_is_thrown_away_and_not_once_it_is_approved(app):
    other = with_a_post(app, app.letters.begin(by="ada"))
    draft = app.letters.begin(by="ada")

    gone = app.letters.throw_away(draft.id, by="ada")
    app.letters.send(other.id, by="ada", seen=other.fingerprint)

    assert (gone.state, gone.ended_by) == (EditionState.REJECTED, "ada")
    with pytest.raises(Conflict, match="take that back first"):
        app.letters.throw_away(other.id, by="ada")


def test_what_changes_nothing_and_what_somebody_has_changed_is_said(app):
    letter = app.letters.begin(by="ada")
    plan = plan_of(letter.content)

    with pytest.raises(NothingChanges):
        app.letters.change(letter.id, plan, by="ada")
    with pytest.raises(ChangedMeanwhile):
        app.letters.change(letter.id, replace(plan, tells=True), by="ada", seen="0" * 64)


def test_what_a_run_made_is_no_letter(app):
    weekly = app.campaign("weekly")
    made = app.editions.compose(weekly, app.editions.this_slot(weekly)).edition

    with pytest.raises(Conflict, match="is no letter"):
        app.letters.change(made.id, plan_of(made.content), by="ada")


def test_a_letter_has_its_place_among_editions_and_no_run_made_it(app):
    letter = app.letters.begin(by="ada")

    with app.store.read() as tx:
        [listed] = tx.listed_editions.page(now=app.clock())
        runs, made_by = tx.runs.latest(), tx.runs.that_made(letter.id)

    assert (listed.edition, listed.stage(app.clock())) == (letter.id, "draft")
    assert (runs, made_by) == ([], None)


def test_keys_that_lead_nowhere_are_told(tmp_path, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    letters = "letters: {via: mial, template: lettr, approval: {tell_via: x}}\n\ncampaigns:"
    change(folder, "campaigns:", letters)

    with pytest.raises(BadInput) as refused, opened(folder, FakeClock()):
        pass

    told = str(refused.value)
    assert "letters.via: unknown channel 'mial'" in told
    assert "letters.template: there is no folder templates/lettr" in told
    assert "letters.approval.tell_via: is of no use without tell" in told


def test_a_channel_that_is_named_twice_or_carries_no_email_is_told(tmp_path, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    toots = """channels:
  toots: {provider: mastodon, options: {server: "https://social.example", token: "env:TOKEN"}}

letters: {via: [outbox, outbox], approval: {tell: a@example.org, tell_via: toots}}

campaigns:"""
    change(folder, "campaigns:", toots)

    with pytest.raises(BadInput, match=r"letters.via\[1\]: channel 'outbox' is named twice"):
        load_workspace(folder)
    change(folder, "[outbox, outbox]", "[outbox, toots]")
    found = check_plan(load_workspace(folder), secret=str, check_segment=str)

    assert [str(one) for one in found if "carries" in str(one)] == [
        f"{place(folder, 'tell_via')}: letters.{key}: channel 'toots' carries no email - "
        "name another channel"
        for key in ("approval.tell_via", "via[1]")
    ]
