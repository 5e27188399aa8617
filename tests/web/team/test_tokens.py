"""Tokens of programs on their page: made and shown once, watched, revoked."""

import re
from datetime import timedelta
from html import unescape

import pytest

from dispatch.model.team.api_token import is_api_token
from dispatch.model.team.role import Role
from dispatch.signing import mark_of
from team_stage import join, signed_in

FORM = {"name": "museum screen", "days": "90", "role": "viewer"}


def read(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def jean(app):
    join(app, "jean", Role.ADMIN, name="Jean Kervella")
    with signed_in(app, "jean") as jean:
        yield jean


def test_a_token_is_shown_in_the_answer_that_made_it_and_nowhere_else(app, jean, caplog):
    empty = read(jean.get("/team/tokens"))
    made = jean.post("/team/tokens", data=FORM)
    again = jean.get("/team/tokens")
    [secret] = re.findall(r"dsp_\w{20,}", made.text)

    assert "No program has a token yet." in empty
    assert is_api_token(secret)
    assert made.headers["cache-control"] == "no-store"
    assert secret not in again.text
    assert f"{secret[:8]}…" in again.text
    assert secret not in caplog.text
    with app.store.read() as tx:
        kept, [line] = tx.api_tokens.find(mark_of(secret)), tx.audit.page(act="token.")
    assert (kept.name, kept.roles, kept.ends - kept.made) == (
        "museum screen", (Role.VIEWER,), timedelta(days=90)
    )  # fmt: skip
    assert secret[8:] not in str(line)
    assert "made a token museum screen" in read(jean.get("/team/audit"))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Say in 1 to 80 characters"),
        ("name", "x" * 81, "Say in 1 to 80 characters"),
        ("role", "owner", "Choose at least one role that you have."),
        ("role", "king", "Choose at least one role that you have."),
        ("days", "9999", "form"),
    ],
)
def test_what_cannot_be_made_says_so_at_its_field(app, jean, field, value, sentence):
    answer = jean.post("/team/tokens", data=FORM | {field: value})

    assert answer.status_code == 422
    assert sentence in read(answer)
    assert app.team.api_tokens() == []


def test_a_token_can_be_revoked_once(app, jean):
    jean.post("/team/tokens", data=FORM)
    [token] = app.team.api_tokens()

    first, second = (jean.post(f"/team/tokens/{token.id}/revoke") for _ in range(2))

    assert first.headers["location"].endswith("/team/tokens?said=token_revoked")
    assert second.status_code == 409
    assert jean.post("/team/tokens/99/revoke").status_code == 404
    assert jean.post("/team/tokens/x/revoke").status_code == 404
    assert "by Jean Kervella" in read(jean.get("/team/tokens"))


def test_a_token_that_ends_or_lost_its_maker_is_told_of(app, jean, clock):
    join(app, "ada", Role.OWNER, name="Ada Lindqvist")
    for handle in ("ada", "jean"):
        app.team.make_api_token(handle, roles=[Role.ADMIN], days=30, of=handle, by=handle)
    clock.advance(timedelta(minutes=1))
    before = read(jean.get("/team/tokens"))
    app.team.add("eve", name="Eve", email="eve@atelier.example", roles=[Role.OWNER], by="root")
    app.team.change("ada", roles=[Role.EDITOR], by="eve")
    lost = read(jean.get("/team/tokens"))
    app.team.end("ada", by="eve")
    left = read(jean.get("/team/tokens"))

    assert "Ends soon" not in before
    assert "gone with those of Ada Lindqvist" in lost
    assert "Ada Lindqvist has left the team" in left
    [token] = [one for one in app.team.api_tokens() if one.name == "jean"]
    assert token.ends_soon(token.ends - timedelta(days=14))
    assert not token.ends_soon(token.ends - timedelta(days=15))
