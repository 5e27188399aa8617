"""What comes again stands on its own page, on the slot's and the campaign's, and can be changed."""

import re
from datetime import date

import pytest

from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.piece import Piece, PieceKind, PiecePicture
from dispatch.model.editions.standing import Again
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.change_standing import stand_piece
from team_stage import join, signed_in

SLOT = "/team/campaigns/weekly/slots/2026-12-01T09:00"
CHAIRS = Piece(id="p1", kind=PieceKind.TEXT, text="**Twenty-two chairs** are left.")
UNTIL = date(2026, 12, 9)


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.fixture
def team(app):
    join(app, "ada", Role.EDITOR)
    join(app, "victor", Role.VIEWER)
    return app


@pytest.fixture
def stand(team):
    def stand(piece=CHAIRS, *campaigns, until=UNTIL):
        again = Again(until, campaigns or ("weekly",))
        with team.store.begin() as tx:
            return stand_piece(piece, again, after=2, tx=tx, by="ada", now=team.clock())

    return stand


@pytest.fixture
def ada(team):
    with signed_in(team, "ada") as ada:
        yield ada


def form(was, **values):
    said = {
        "seen": was.fingerprint,
        "text": was.piece.text,
        "campaigns": list(was.campaigns),
        "after": str(was.after),
        "until": str(was.until),
    }
    return said | values


def test_a_slot_and_its_campaign_show_what_will_come_again(team, stand, ada):
    stand()

    told = "Twenty-two chairs are left. Text · after 2 posts · in each edition until"
    assert told in text_of(ada.get(SLOT))
    assert told in text_of(ada.get("/team/campaigns/weekly"))
    assert told in text_of(ada.get("/team/standing"))
    after = SLOT.replace("12-01", "12-15")
    assert "Twenty-two" not in text_of(ada.get(after))
    french = ada.get("/team/standing/1", headers={"Accept-Language": "fr"})
    assert french.status_code == 200


def test_it_is_told_how_many_editions_to_come_have_it_and_on_which_days(team, stand, ada):
    stand()
    stand(until=date(2026, 12, 23))
    stand(until=date(2027, 2, 2))
    stand(CHAIRS, LETTERS)

    few, more, many, letters = (text_of(ada.get(f"/team/standing/{n}")) for n in range(1, 5))

    assert "2 more editions have it: Tue 1 Dec and Tue 8 Dec." in few
    assert "editions of the next 90 days have it, the first on Tue 1 Dec." in many
    assert "4 editions of the next 90 days" in more
    assert not re.search("more edition|of the next", letters)


def test_a_day_that_is_left_out_has_no_edition_that_has_it(team, stand, ada):
    stand()
    ada.post(f"{SLOT}/skip", data={"reason": "we are away"})

    told = text_of(ada.get("/team/standing/1"))

    assert "1 more edition has it: Tue 8 Dec." in told


def test_words_campaigns_place_and_day_are_changed(team, stand, ada):
    made = stand()

    answer = ada.post(
        "/team/standing/1",
        data=form(made, text="Ten are left.", campaigns=["weekly", LETTERS], after="0"),
    )

    assert answer.headers["location"] == "/team/standing/1?said=standing_saved"
    now = team.editions.standing.get(1)
    assert (now.piece.text, now.campaigns, now.after) == ("Ten are left.", ("weekly", LETTERS), 0)
    page = text_of(ada.get("/team/standing/1"))
    assert "before the first post" in page
    assert "Letters" in page


def test_it_rests_and_is_taken_up_anew(team, stand, ada):
    stand()

    ada.post("/team/standing/1/end")
    rests = text_of(ada.get("/team/standing/1"))
    again = ada.post("/team/standing/1/end")
    now = team.editions.standing.get(1)
    ada.post("/team/standing/1", data=form(now, until=str(UNTIL)))

    assert "Rests" in rests
    assert "Take it up anew" in rests
    assert again.headers["location"].endswith("said=standing_rests")
    assert team.editions.standing.get(1).until == UNTIL
    with team.store.read() as tx:
        acts = [one.act for one in tx.audit.page(kind="standing")]
    assert acts == ["standing.change", "standing.end", "standing.make"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"until": "soon"}, "Write a day, such as 2026-12-24"),
        ({"until": "2020-01-01"}, "Is over: choose"),
        ({"until": "9999-12-31"}, "Is too far away"),
        ({"campaigns": []}, "None is ticked"),
        ({"campaigns": ["<b>"]}, "there is no &#39;&lt;b&gt;"),
        ({"text": "  "}, "Is empty"),
        ({"text": "x" * 20_001}, "write 20,000 characters at most."),
        ({"after": "²"}, "is no number of posts"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(
    team, stand, ada, wrong, told
):
    made = stand()

    answer = ada.post("/team/standing/1", data=form(made, **wrong))

    assert answer.status_code == 422
    assert told in answer.text
    assert 'aria-invalid="true"' in answer.text or "campaigns" in wrong
    assert team.editions.standing.get(1) == made


def test_two_who_change_it_see_both(team, stand, ada):
    made = stand()
    ada.post("/team/standing/1", data=form(made, text="Ten are left."))

    answer = ada.post("/team/standing/1", data=form(made, text="Nine are left."))

    assert answer.status_code == 409
    assert "Nine are left." in answer.text
    assert "Ten are left." in answer.text
    seen = team.editions.standing.get(1).fingerprint
    assert f'value="{seen}"' in answer.text


def test_a_picture_keeps_its_file(team, stand, ada):
    picture = PiecePicture("a" * 64, "image/png", 40, 30)
    made = stand(Piece(id="p1", kind=PieceKind.PICTURE, picture=picture, alt="A table"))
    page = ada.get("/team/standing/1").text

    answer = ada.post("/team/standing/1", data=form(made, alt="A long table", address=""))

    assert f'src="/pictures/{"a" * 64}.png"' in page
    assert answer.status_code in {303, 422}  # 422 where the file is gone


def test_a_campaign_that_is_gone_may_stay_ticked(team, stand, ada):
    made = stand(CHAIRS, "weekly", "monthly")

    answer = ada.post("/team/standing/1", data=form(made, text="Ten."))

    assert answer.status_code == 303
    assert team.editions.standing.get(1).campaigns == ("weekly", "monthly")


def test_who_only_looks_sees_it_without_a_form(team, stand):
    stand()
    with signed_in(team, "victor") as victor:
        page = victor.get("/team/standing/1")

        assert "Twenty-two" in page.text
        assert "<textarea" not in page.text
        assert victor.post("/team/standing/1/end").status_code == 403
        for path in ("2", "0", "9" * 30, "x"):
            assert victor.get(f"/team/standing/{path}").status_code == 404


def test_a_list_goes_on_page_by_page(team, stand, ada):
    for number in range(52):
        stand(Piece(id="p1", kind=PieceKind.HEADING, text=f"Number {number:02}"))

    first = ada.get("/team/standing").text
    rest = text_of(ada.get("/team/standing?before=3"))

    assert "before=3" in first
    assert "Number 00" in rest
    assert "Number 02" not in rest
