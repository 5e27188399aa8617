"""A piece that is saved with the tick comes again, and its copies are an edition's own."""

import re
from datetime import date, timedelta

import pytest

from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.uploaded import PictureRefused, Unfit
from dispatch.model.team.role import Role
from dispatch.pipeline.reviews.decide import reject_edition
from dispatch.web.team.review.uploads import why_refused
from dispatch.words.catalogues import team_words_in
from team_stage import join, signed_in

UNTIL = "2026-12-09"


@pytest.fixture
def ada(app):
    join(app, "ada", Role.EDITOR)
    list(app.intake.poll(app.workspace.feeds))
    with signed_in(app, "ada") as ada:
        yield ada


@pytest.fixture
def edition(app, ada):
    weekly = app.campaign("weekly")
    return app.editions.compose(weekly, app.editions.this_slot(weekly)).edition


@pytest.fixture
def save(app, ada, edition):
    def save(text="Chairs are left.", *, piece="p1", kind="text", **more):
        pieces = {one.id: one for one in now(app, edition).content.pieces}
        seen = pieces[piece].fingerprint if piece in pieces else ""
        said = {"piece": piece, "kind": kind, "seen": seen, "text": text, "was-text": ""}
        return ada.post(f"/team/editions/{edition.id}/pieces", data=said | more)

    return save


def now(app, edition):
    with app.store.read() as tx:
        return tx.editions.get(edition.id)


def again(*campaigns, until=UNTIL):
    return {"again": "yes", "until": until, "campaigns": campaigns or ("weekly",)}


def standing(app):
    with app.store.read() as tx:
        return tx.standing.page()


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_the_tick_has_it_come_again_and_saving_without_stays_here(app, edition, save):
    first = save(**again("weekly", LETTERS))
    save("Ten are left.")

    [made] = standing(app)
    [piece] = now(app, edition).content.pieces
    assert first.status_code == 303
    assert (made.piece.text, made.until) == ("Chairs are left.", date(2026, 12, 9))
    assert made.campaigns == ("weekly", LETTERS)
    assert made.after == len(now(app, edition).content.posts)
    assert (piece.text, piece.standing) == ("Ten are left.", made.id)


def test_the_tick_on_a_copy_changes_what_comes_from_now_on(app, edition, save):
    save(**again())
    save("Ten are left.", **again(until="2026-12-16"))

    [made] = standing(app)
    assert (made.piece.text, made.until) == ("Ten are left.", date(2026, 12, 16))


def test_another_day_alone_is_no_edit_of_the_edition(app, edition, save):
    save(**again())
    before = now(app, edition).fingerprint

    answer = save(**again(until="2026-12-16"))
    nothing = save(**again(until="2026-12-16"))

    assert now(app, edition).fingerprint == before
    assert standing(app)[0].until == date(2026, 12, 16)
    assert "said=edition_saved" in answer.headers["location"]
    assert "said=edition_nothing" in nothing.headers["location"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (again(until="soon"), "Write a day"),
        (again(until="2020-01-01"), "Is over: choose"),
        (again("nightly"), "there is no"),
        ({"again": "yes", "until": UNTIL}, "None is ticked"),
    ],
)
def test_what_cannot_be_asked_for_saves_nothing_and_stays_typed(app, edition, save, wrong, told):
    answer = save("Twelve.", **wrong)

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert "Twelve." in answer.text
    assert re.search(r'name="again" value="yes" checked', answer.text)
    assert standing(app) == []
    assert now(app, edition).content.pieces == ()


def test_an_edition_says_what_came_again_and_its_copy_is_not_ticked(app, ada, edition, save, clock):
    save(**again())
    reject_edition(edition.id, reason="for its posts", store=app.store)
    clock.advance(timedelta(hours=1))
    weekly = app.campaign("weekly")
    made = app.editions.compose(weekly, app.editions.this_slot(weekly), manual=True).edition

    page = ada.get(f"/team/editions/{made.id}?open=s1")

    text = text_of(page)
    assert [one.standing for one in made.content.pieces] == [1]
    assert "“ Chairs are left. ” came again" in text
    assert "It comes again until Wed 9 Dec" in text
    assert not re.search(r'name="again" value="yes" checked', page.text)
    assert f'value="{UNTIL}"' in page.text


@pytest.mark.parametrize("why", Unfit)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_picture_that_is_refused_is_told_in_the_language_of_who_looks(why, language):
    told = why_refused(PictureRefused("<b>.png", why), team_words_in(language))

    assert told.startswith("<b>.png ")
    assert "{" not in told
