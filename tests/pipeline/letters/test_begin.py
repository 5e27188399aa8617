"""What a new letter begins with, and how far away it may leave."""

import shutil
from dataclasses import replace
from datetime import date, time

import pytest

from app_stage import opened, workspace_in
from dispatch.errors import BadInput, TemplateFailed
from dispatch.model.editions.finding import Kind
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.editions.standing import Again
from dispatch.pipeline.editions.change_standing import stand_piece
from dispatch.pipeline.editions.come_again import standing_for
from dispatch.pipeline.editions.edit import Changes
from dispatch.pipeline.editions.edit_pieces import WrittenPiece
from dispatch.pipeline.letters.plan import Leaves, plan_of
from dispatch.testing.clock import FakeClock


@pytest.fixture
def app(tmp_path, migrated_sqlite):
    with opened(workspace_in(tmp_path / "letters", migrated_sqlite), FakeClock()) as app:
        yield app


def write(app, letter, words: str, again: Again | None = None, **piece):
    said = Piece(id="p1", kind=PieceKind.TEXT, text=words)
    written = WrittenPiece(said, again=again, **piece)
    return app.editions.edit(letter.id, Changes(write=(written,)), by="ada", ready=False).edition


def test_a_second_click_begins_no_second_letter_and_a_written_one_is_left_alone(app):
    first = app.letters.begin(by="ada")

    again = app.letters.begin(by="ada")
    by_another = app.letters.begin(by="ines")
    write(app, first, "Dear all")
    after = app.letters.begin(by="ada")

    assert again.id == first.id
    assert len({first.id, by_another.id, after.id}) == 3


def test_what_comes_again_in_letters_is_in_a_new_one_until_its_day_and_once_in_a_copy(app):
    today = app.editions.standing.today
    first = write(app, app.letters.begin(by="ada"), "Open at Easter", Again(today, (LETTERS,)))

    new = app.letters.begin(by="ada")
    copy = app.letters.begin(by="ada", copy_of=first.id)
    app.editions.standing.end(first.content.pieces[0].standing, by="ada")
    later = app.letters.begin(by="ines")
    later_copy = app.letters.begin(by="ines", copy_of=new.id)

    assert [(one.text, one.standing) for one in new.content.pieces] == [("Open at Easter", 1)]
    assert [(one.text, one.standing) for one in copy.content.pieces] == [("Open at Easter", 1)]
    assert later.content.pieces == ()
    assert [one.standing for one in later_copy.content.pieces] == [0]


@pytest.mark.parametrize(
    ("day", "problem"), [(date.min, "has passed"), (date.max, "is too far away")]
)
def test_a_day_at_the_end_of_the_calendar_is_told_with_advice(app, day, problem):
    letter = app.letters.begin(by="ada")
    plan = replace(plan_of(letter.content), leaves=Leaves(day, time(0)))

    with pytest.raises(BadInput, match=f"day: {problem}.* - "):
        app.letters.change(letter.id, plan, by="ada")


def test_a_letter_whose_template_is_gone_can_be_changed_as_it_was_frozen(app):
    letter = app.letters.begin(by="ada")
    shutil.rmtree(app.tools.files.folder / "templates" / "letter")

    plan = replace(plan_of(letter.content), tells=True)
    changed = app.letters.change(letter.id, plan, by="ada").edition

    assert changed.content.letter.tells
    assert changed.content.pictures == letter.content.pictures


def test_a_channel_that_the_file_has_no_more_stops_a_letter(app):
    letter = write(app, app.letters.begin(by="ada"), "Dear all")
    plan = replace(plan_of(letter.content), via=("gone",))  # as if it was there at that time

    letter = app.letters.change(letter.id, plan, by="ada").edition
    found = [one.name for one in app.editions.check(letter) if one.kind is Kind.STOP]

    assert "channel_gone" in found


def test_a_copy_has_the_template_of_the_other_though_its_folder_is_gone(app):
    first = write(app, app.letters.begin(by="ada"), "Dear all")
    shutil.rmtree(app.tools.files.folder / "templates" / "letter")

    copy = app.letters.begin(by="ines", copy_of=first.id)

    assert plan_of(copy.content).template == "letter"
    assert copy.content.templates == first.content.templates


def test_what_rests_comes_no_more_where_it_is_still_the_day_before(app):
    weekly = app.campaign("weekly")
    honolulu = replace(weekly, schedule=replace(weekly.schedule, timezone="Pacific/Honolulu"))
    app.workspace.campaigns["weekly"] = honolulu
    piece = Piece(id="p1", kind=PieceKind.TEXT, text="Until Christmas")
    again = Again(date(2026, 12, 24), ("weekly",))
    with app.store.begin() as tx:
        made = stand_piece(piece, again, after=0, tx=tx, by="ada", now=app.clock())

    app.editions.standing.end(made.id, by="ada")

    with app.store.read() as tx:
        assert standing_for("weekly", app.editions.this_slot(honolulu).local.date(), tx) == ()


def test_a_template_that_asks_for_a_post_is_told_that_a_letter_begins_without(app):
    subject = app.folder / "templates/letter/subject.txt"
    subject.write_text("News: {{ edition.posts[0].title }}")

    with pytest.raises(TemplateFailed, match=r"letter/subject.txt:1: .* begins without posts"):
        app.letters.begin(by="ada")
