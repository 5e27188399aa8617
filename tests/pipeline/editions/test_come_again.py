"""Each new edition has its own copy of what comes again, and none fails because of that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.clock import Clock
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.finding import Kind
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.editions.standing import Again
from dispatch.pipeline.editions.change_standing import stand_piece
from dispatch.pipeline.editions.come_again import left_out
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.look_ahead import look_ahead
from dispatch.pipeline.editions.stand_ins import stand_ins
from on_sqlite import on_sqlite
from pipeline_samples import FEEDS, PUBLISHER, REVIEWED, TEMPLATE, entry, keep, subscribe

pytestmark = on_sqlite

SHOWS = TEMPLATE | {
    "digest.mjml": TEMPLATE["digest.mjml"].replace("edition.posts", "edition.parts"),
    "digest.txt": "{{ edition.parts | length }}\n{{ links.unsubscribe }}",
}
CHAIRS = Piece(id="p1", kind=PieceKind.TEXT, text="Twenty-two chairs are left.")


@pytest.fixture
def run(store, clock):
    subscribe(store, clock, "somebody@example.org")

    def run(files=SHOWS, *, at: Clock = clock, zone="UTC", try_out=lambda _: None):
        name = f"e{at():%d%H}{zone[:2]}"
        keep(store, entry(name), now=clock())
        made = compose_edition(
            REVIEWED,
            slot_at(at(), zone),
            store=store,
            materials=Materials(PUBLISHER, FEEDS, lambda _: files),
            clock=clock,
            ids=lambda: name,
            try_out=try_out,
        )
        return made.edition

    return run


@pytest.fixture
def stand(store, clock):
    def stand(until=None, *campaigns, after=2):
        again = Again(until or clock().date(), campaigns or ("weekly",))
        with store.begin() as tx:
            return stand_piece(CHAIRS, again, after=after, tx=tx, by="ines", now=clock())

    return stand


def found(store, edition):
    with store.read() as tx:
        return list(left_out(tx.editions.get(edition.id), tx))


def test_two_editions_have_it_and_the_one_after_its_day_has_not(store, clock, run, stand):
    made = stand(clock().date() + timedelta(days=7), after=2)

    editions = []
    for _ in range(3):
        editions.append(run())
        clock.advance(timedelta(days=7))

    first, second, third = (one.content.pieces for one in editions)
    assert first == second == (replace(CHAIRS, id=f"s{made.id}", after=2, standing=made.id),)
    assert third == ()
    assert [one.content.parts[-1] for one in editions[:2]] == [*first, *second]
    assert [found(store, one) for one in editions] == [[], [], []]


def test_its_day_is_the_campaigns_own(clock, run, stand):
    stand(clock().date())
    late = clock().replace(hour=23)

    assert run(at=lambda: late).content.pieces
    assert not run(at=lambda: late, zone="Asia/Tokyo").content.pieces


def test_a_template_that_shows_posts_alone_makes_its_edition_without(store, run, stand):
    stand()

    edition = run(TEMPLATE)

    assert edition.content.pieces == ()
    [finding] = found(store, edition)
    assert (finding.kind, finding.name) == (Kind.LOOK, "again_no_place")
    assert finding.values == {"count": 1, "template": "plain"}


def test_a_template_that_fails_with_it_makes_its_edition_without(store, run, stand):
    stand()

    def try_out(content):
        if content.pieces:
            raise TemplateFailed("plain/digest.mjml: 'label' is undefined")

    edition = run(try_out=try_out)

    assert edition.content.pieces == ()
    assert [one.name for one in found(store, edition)] == ["again_failed"]


def test_what_was_changed_since_is_not_said_to_be_missing(store, clock, run, stand):
    edition = run(TEMPLATE)
    clock.advance(timedelta(minutes=1))
    stand()

    assert found(store, edition) == []


def test_a_template_that_fails_without_it_fails(store, run, stand):
    stand()

    def try_out(_content):
        raise TemplateFailed("plain/digest.mjml: is broken")

    with pytest.raises(TemplateFailed):
        run(try_out=try_out)


def test_what_looks_ahead_and_what_stands_in_show_it(store, clock, stand):
    made = stand()
    day = clock().date()
    materials = Materials(PUBLISHER, FEEDS, lambda _: SHOWS)

    with store.read() as tx:
        now = clock()
        assert look_ahead(REVIEWED, tx=tx, now=now, day=day).pieces == [made]
        assert not look_ahead(REVIEWED, tx=tx, now=now, day=date(2100, 1, 1)).pieces
        slot = slot_at(now, "UTC")
        shown = stand_ins(REVIEWED, slot, tx=tx, materials=materials, now=now)
    assert [one.standing for one in shown.content.pieces] == [made.id]


def test_letters_have_it_only_where_that_was_ticked(run, stand):
    stand(None, LETTERS)

    assert run().content.pieces == ()
