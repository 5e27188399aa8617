"""Pieces among the posts of an edition, as the team writes them on its page."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app_stage import change, opened, workspace_in
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.piece import Piece, PieceKind, key_of
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.edit import Changes
from dispatch.pipeline.editions.edit_pieces import WrittenPiece
from dispatch.pipeline.reviews.decide import approve_edition, reject_edition
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_png
from team_stage import join, signed_in

TEXT = Piece(id="p1", kind=PieceKind.TEXT, text="Doors open at **seven**.")
NEW = {"piece": "p1", "kind": "text", "below": "", "seen": "", "text": TEXT.text}


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("pieces") / "letters", migrated_sqlite)
    change(folder, 'at: "09:00"}', 'at: "09:00"}\n    approval: {needed: true}')
    with opened(folder, FakeClock()) as app:
        join(app, "ada", Role.AUTHOR, name="Ada Lindqvist")
        join(app, "eve", Role.EDITOR, name="Eve Moreau", locale="fr")
        join(app, "vera", Role.VIEWER)
        list(app.people.import_files())
        list(app.intake.poll(list(app.workspace.feeds)))
        yield app


@pytest.fixture
def app(house):
    house.clock.advance(timedelta(seconds=61))
    return house


@pytest.fixture
def edition(app):
    weekly = app.campaign("weekly")
    made = app.editions.compose(weekly, app.editions.this_slot(weekly)).edition
    yield made.id
    reject_edition(made.id, reason="over", store=app.store, clock=app.clock)


@pytest.fixture
def ada(app):
    with signed_in(app, "ada") as ada:
        yield ada


def stored(app, edition):
    with app.store.read() as tx:
        return tx.editions.get(edition)


def keys(app, edition) -> list[str]:
    return [key_of(part) for part in stored(app, edition).content.parts]


def pieces(app, edition) -> list[Piece]:
    return list(stored(app, edition).content.pieces)


def write(app, edition, *written: Piece) -> None:
    app.editions.edit(edition, Changes(write=tuple(map(WrittenPiece, written))), by="eve")


def fields(page: str, begin: str = '<form class="write"') -> dict[str, str]:
    """What the form of the open piece says by itself."""
    form = page[page.index(begin) :]
    form = form[: form.index("</form>")]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def read(answer) -> str:
    assert "Traceback" not in answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("heading", {"text": "Notes"}),
        ("text", {"text": "a <b>\n* b"}),
        ("link", {"text": "Seats", "address": "https://a.example/s"}),
        ("picture", {"alt": "A press", "address": ""}),
    ],
)
def test_a_piece_of_each_kind_is_written_below_a_post(app, edition, ada, kind, typed):
    first, second, *_ = keys(app, edition)
    path = f"/team/editions/{edition}"
    form = fields(ada.get(f"{path}?new={kind}&below={first}").text)
    file = {"picture": ("press.png", a_png())} if kind == "picture" else None

    answer = ada.post(f"{path}/pieces", data=form | typed, files=file)
    page = ada.get(answer.headers["location"])

    [piece] = pieces(app, edition)
    assert answer.status_code == 303
    assert keys(app, edition)[:3] == [first, piece.id, second]
    assert {name: getattr(piece, name) for name in typed} == typed
    assert 'class="open" id="piece"' in page.text
    assert (piece.picture is not None) == (kind == "picture")
    assert unescape(page.text).count("Posts and pieces") == 2


def test_saving_takes_an_approval_back_and_history_says_what_was_written(app, edition, ada):
    approve_edition(edition, by="marie", store=app.store, clock=app.clock)

    answer = ada.post(f"/team/editions/{edition}/pieces", data=NEW)
    form = fields(ada.get(answer.headers["location"]).text)
    ada.post(f"/team/editions/{edition}/pieces", data=form | {"text": "Doors open at **eight**."})
    history = read(ada.get(f"/team/editions/{edition}"))
    changes = ada.get(f"/team/editions/{edition}/changes")

    assert "said=edition_saved_voided" in answer.headers["location"]
    assert stored(app, edition).state is EditionState.IN_REVIEW
    assert "a piece" in history
    assert "<mark>eight</mark>" in changes.text
    assert "Written: Text Doors open at **seven**." in read(changes)


def test_the_same_form_posted_twice_makes_one_piece(app, edition, ada):
    path = f"/team/editions/{edition}/pieces"

    answers = [ada.post(path, data=NEW) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert [piece.id for piece in pieces(app, edition)] == ["p1"]


def test_two_who_write_in_one_piece_see_both_and_join_them(app, edition, ada):
    write(app, edition, TEXT)
    path = f"/team/editions/{edition}"
    form = fields(ada.get(f"{path}?open=p1").text)
    theirs = WrittenPiece(
        Piece(id="p1", kind=PieceKind.TEXT, text="Doors open at **eight**."), TEXT.fingerprint
    )
    app.editions.edit(edition, Changes(write=(theirs,)), by="eve")

    clash = ada.post(f"{path}/pieces", data=form | {"text": "Doors open at **seven**, come."})
    again = fields(clash.text, '<form class="card"')
    joined = ada.post(f"{path}/pieces", data=again | {"text": "At eight, come.", "take": "both"})

    assert clash.status_code == 409
    assert "Eve Moreau" in read(clash)
    assert "<mark>eight</mark>" in clash.text
    assert joined.status_code == 303
    assert [piece.text for piece in pieces(app, edition)] == ["At eight, come."]


@pytest.mark.parametrize(
    ("take", "text"), [("mine", "Mine at seven."), ("theirs", None), ("both", "Both.")]
)
def test_a_piece_that_was_taken_out_meanwhile_can_be_kept(app, edition, ada, take, text):
    write(app, edition, TEXT)
    path = f"/team/editions/{edition}"
    form = fields(ada.get(f"{path}?open=p1").text)
    app.editions.edit(edition, Changes(take_out=("p1",)), by="eve")

    clash = ada.post(f"{path}/pieces", data=form | {"text": "Mine at seven."})
    again = fields(clash.text, '<form class="card"')
    answer = ada.post(f"{path}/pieces", data=again | {"text": "Both.", "take": take})

    assert (clash.status_code, answer.status_code) == (409, 303)
    assert "Was taken out of the edition." in read(clash)
    assert [piece.text for piece in pieces(app, edition)] == ([text] if text else [])


def test_two_who_write_in_two_pieces_do_not_meet(app, edition, ada):
    write(app, edition, TEXT, Piece(id="p2", kind=PieceKind.HEADING, text="Notes"))
    path = f"/team/editions/{edition}"
    form = fields(ada.get(f"{path}?open=p1").text)
    other = WrittenPiece(
        Piece(id="p2", kind=PieceKind.HEADING, text="News"), pieces(app, edition)[1].fingerprint
    )
    app.editions.edit(edition, Changes(write=(other,)), by="eve")

    answer = ada.post(f"{path}/pieces", data=form | {"text": "At eight."})

    assert answer.status_code == 303
    assert [piece.text for piece in pieces(app, edition)] == ["At eight.", "News"]


def test_buttons_move_pieces_among_posts_and_take_them_out(app, edition, ada):
    write(app, edition, TEXT)
    path = f"/team/editions/{edition}/posts"
    *posts, last, _ = keys(app, edition)
    moves = [
        ({"up": "p1"}, [*posts, "p1", last]),
        ({"up": last}, [*posts, last, "p1"]),
        ({"order": ["p1", *posts, last]}, ["p1", *posts, last]),
        ({"pin": last}, ["p1", last, *posts]),
        ({"remove": "p1"}, [last, *posts]),
        ({"put_back": "p1"}, ["p1", last, *posts]),
        ({"remove": "p1"}, [last, *posts]),
    ]

    for form, expected in moves:
        was = {"was": ",".join(keys(app, edition))}
        assert ada.post(path, data=was | form).status_code == 303
        assert keys(app, edition) == expected


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"text": " \n"}, "Is empty: write it, or take the piece out."),
        ({"text": "x" * 20_001}, "write 20,000 characters at most."),
        ({"kind": "link", "text": "a", "address": "javascript:alert(1)"}, "Leads nowhere"),
        ({"kind": "picture", "mark": "f" * 64}, "There is none: choose a file."),
        ({"kind": "picture", "alt": "x" * 301, "file": a_png()}, "write 300 characters at most."),
        ({"kind": "picture", "file": b"%PDF-1.7 no picture"}, "press.png "),
        ({"kind": "picture", "file": b""}, ""),
        ({"piece": "../1"}, "is no id of one"),
    ],
)
def test_what_cannot_be_saved_stays_typed_and_says_why(app, edition, ada, form, problem):
    file = {"picture": ("press.png", form["file"])} if "file" in form else None
    data = NEW | {name: value for name, value in form.items() if name != "file"}

    answer = ada.post(f"/team/editions/{edition}/pieces", data=data, files=file)

    assert answer.status_code == 422
    assert problem in read(answer)
    assert 'class="open" id="piece"' in answer.text
    assert pieces(app, edition) == []
    if len(data.get("alt", "")) > 300:
        mark = re.search(r'name="mark" value="([0-9a-f]{64})"', answer.text)
        assert mark  # the picture need not be sent again


@pytest.mark.parametrize(
    "data",
    [
        NEW | {"kind": "poem"},
        {"kind": "", "piece": "p1"},
        {},
    ],
)
def test_what_is_no_form_of_ours_is_turned_away(app, edition, ada, data):
    assert ada.post(f"/team/editions/{edition}/pieces", data=data).status_code == 422
    assert pieces(app, edition) == []


@pytest.mark.parametrize("query", ["open=nonsense", "open=1", "new=poem", "new=text&below=999"])
def test_an_address_that_opens_nothing_is_the_page(edition, ada, query):
    answer = ada.get(f"/team/editions/{edition}?{query}")

    assert answer.status_code == 200
    assert ('id="piece"' in answer.text) == ("new=text" in query)


def test_what_the_checks_find_leads_to_the_piece_in_the_list(app, edition, ada):
    write(app, edition, Piece(id="p2", kind=PieceKind.HEADING, text="Over nothing", after=99))

    page = ada.get(f"/team/editions/{edition}").text

    assert 'href="#row-p2"' in page
    assert page.count('id="row-p2"') == 1


def test_who_only_looks_sees_the_pieces_and_no_form(app, edition):
    write(app, edition, TEXT)
    with signed_in(app, "vera") as vera:
        page = vera.get(f"/team/editions/{edition}?open=p1")

    assert "Doors open at seven." in read(page)
    assert 'id="order"' not in page.text
    assert "writing.css" not in page.text
    assert 'id="piece"' not in page.text


def test_the_preview_of_a_text_has_nothing_that_runs(ada):
    typed = '**a** <script>alert(1)</script> [b](javascript:c) {{ subscriber.name or "you" }}'

    answer = ada.post("/team/pieces/preview", data={"text": typed})

    assert "<strong>a</strong>" in answer.text
    assert "<script" not in answer.text
    assert "href" not in answer.text
    assert "you" in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "text", ["x" * 200_000, "\n" * 10_000, "> " * 3_000, "שלום \u202e**עולם**", "[" * 20_000, ""]
)
def test_a_preview_of_anything_is_answered(ada, text):
    assert ada.post("/team/pieces/preview", data={"text": text}).status_code == 200


@pytest.mark.parametrize(
    "case",
    [
        (False, "both", "theirs"),
        (False, "mine", "was"),
        (True, "both", "mine"),
        (True, "theirs", "theirs"),
    ],
)
def test_of_two_pictures_both_are_shown_and_none_is_put_back_unasked(app, edition, ada, case):
    mine_is_new, take, expected = case
    was, mine, theirs = (
        app.pictures.take("one.png", a_png(*sides), by="eve")
        for sides in ((40, 30), (50, 30), (60, 30))
    )
    piece = Piece(id="p1", kind=PieceKind.PICTURE, picture=was, alt="A table")
    write(app, edition, piece)
    path = f"/team/editions/{edition}"
    form = fields(ada.get(f"{path}?open=p1").text)
    other = WrittenPiece(replace(piece, picture=theirs), piece.fingerprint)
    app.editions.edit(edition, Changes(write=(other,)), by="eve")

    more = {"mark": mine.mark} if mine_is_new else {"alt": "A long table"}
    clash = ada.post(f"{path}/pieces", data=form | more)
    again = fields(clash.text, '<form class="card"')
    [kept] = re.findall(r'name="mark" value="(\w+)" checked', clash.text)
    answer = ada.post(f"{path}/pieces", data=again | {"mark": kept, "take": take})

    assert (clash.status_code, answer.status_code) == (409, 303)
    assert theirs.mark in clash.text
    by_name = {"was": was, "mine": mine, "theirs": theirs}
    assert pieces(app, edition)[0].picture == by_name[expected]


def test_what_was_written_in_a_piece_outlives_the_session(app, edition):
    with signed_in(app, "nobody") as gone:
        answer = gone.post(
            f"/team/editions/{edition}/pieces", data=NEW | {"text": "At seven, all."}
        )

    assert "At seven, all." in answer.text


def test_the_open_piece_stays_open_when_another_part_is_moved(app, edition, ada):
    write(app, edition, TEXT)
    path = f"/team/editions/{edition}"
    page = ada.get(f"{path}?open=p1&size=phone").text
    was = keys(app, edition)

    answer = ada.post(f"{path}/posts?open=p1", data={"was": ",".join(was), "down": was[0]})

    assert f'action="{path}/posts?open=p1"' in page
    assert "size=plain&amp;open=p1" in page or "open=p1&amp;size=plain" in page
    assert answer.headers["location"] == f"{path}?open=p1&said=part_moved&n=2#down-{was[0]}"
