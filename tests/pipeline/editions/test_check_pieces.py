"""What the checks before approval say of pieces."""

from dataclasses import replace

import pytest

from dispatch.model.editions.card import keep
from dispatch.model.editions.finding import Kind
from dispatch.pipeline.editions.check_pieces import picture_findings, piece_findings
from dispatch.pipeline.editions.preview import preview, shown_without_service
from dispatch.pipeline.messages.links import SignedLinks
from on_sqlite import on_sqlite
from render.piece_samples import PICTURE, heading, link, picture, text
from render.render_samples import an_edition


def found(*pieces):
    content = an_edition("letter")
    content = replace(content, posts=content.posts[:1], pieces=pieces)
    return {one.name: one.kind for one in piece_findings(content)}


@pytest.mark.parametrize(
    ("pieces", "name", "kind"),
    [
        ((link(""),), "piece_no_label", Kind.STOP),
        ((picture(alt=""),), "piece_no_alt", Kind.LOOK),
        ((heading(after=9),), "piece_bare_heading", Kind.LOOK),
        ((heading("A"), heading("B", 2), text()), "piece_bare_heading", Kind.LOOK),
        ((text("Dear {{ subscriber.name }},"),), "piece_bare_name", Kind.LOOK),
        ((link("{{ subscriber.name }}"),), "piece_bare_name", Kind.LOOK),
        ((text("We **bake** on Sunday, and all of you are welcome to come with your friends."),),
         "piece_language", Kind.LOOK),
    ],
)  # fmt: skip
def test_says_what_a_piece_lacks(pieces, name, kind):
    assert found(*pieces) == {name: kind}


def test_each_finding_says_which_part_it_is_about():
    content = an_edition("letter")
    pieces = (heading("A"), heading("B", 2), picture(alt=""), text("{{ subscriber.name }},"))
    content = replace(content, posts=content.posts[:1], pieces=pieces)

    about = {one.name: one.about for one in piece_findings(content)}

    first, _, bare, greets = (piece.id for piece in content.pieces)
    wanted = {"piece_bare_heading": first, "piece_no_alt": bare, "piece_bare_name": greets}
    assert {name: about.get(name) for name in wanted} == wanted


def test_says_nothing_of_pieces_that_lack_nothing():
    fine = (
        heading("For {{ subscriber.name or 'you' }}"),
        text('Dear {{ subscriber.name or "friend" }}'),
        link(),
        picture(),
        picture(2, alt="", decorates=True),
        heading("Under which is a post", 2),
    )

    assert found(*fine) == {}


@on_sqlite
def test_a_picture_that_is_kept_no_more_stops_it(store, clock):
    kept = keep("image/png", 400, 300, b"red")
    with store.begin() as tx:
        tx.uploaded_pictures.keep(kept, name="red.png", by="ines", now=clock())
    there = picture(picture=replace(PICTURE, mark=kept.mark))
    content = replace(an_edition("letter"), pieces=(there, picture(2)))

    with store.read() as tx:
        [one] = picture_findings(content, tx)
        fine = list(picture_findings(replace(content, pieces=(there,)), tx))

    assert (one.name, one.kind, one.values) == ("piece_picture_gone", Kind.STOP, {"count": 1})
    assert one.about == content.pieces[1].id
    assert fine == []


def test_a_preview_in_files_has_the_pictures_of_pieces_inside():
    kept = keep("image/png", 400, 300, b"red")
    content = replace(
        an_edition("letter"), pieces=(picture(picture=replace(PICTURE, mark=kept.mark)), picture(2))
    )
    made = preview(content, links=SignedLinks("https://news.example.org", "a secret of sixteen"))

    shown = shown_without_service(made, content, {kept.mark: kept}.get).digest.html

    assert 'src="data:image/png;base64,cmVk"' in shown
    assert kept.mark not in shown
    assert f"/pictures/{PICTURE.mark}.png" in shown
