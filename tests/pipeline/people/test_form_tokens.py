"""What we sign for those who join: nothing that was changed by a bit is accepted."""

from datetime import timedelta

import altcha
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import NotFound
from dispatch.pipeline.people.form_tokens import MAX_AGE, FormToken, FormTokens
from dispatch.pipeline.people.proof_of_work import ProofOfWork
from dispatch.testing.clock import FakeClock
from pipeline_samples import LINKS, SECRET

NOW = FakeClock()()
LATER = NOW + timedelta(minutes=1)
TOKENS = FormTokens([SECRET], "news", salt=lambda size: "ab" * size)
TOKEN = TOKENS.make(NOW)
LINK = LINKS.confirm_url("a1" * 16, "news").rpartition("/")[2]


def flipped(text: str, bit: int) -> str:
    raw = bytearray(text.encode())
    raw[bit // 8] ^= 1 << bit % 8
    return raw.decode("utf-8", "surrogateescape")


@given(st.integers(0, len(TOKEN) * 8 - 1))
def test_no_bit_of_a_forms_token_can_be_flipped(bit):
    assert TOKENS.read(TOKEN, LATER) is FormToken.GOOD
    assert TOKENS.read(flipped(TOKEN, bit), LATER) is FormToken.FOREIGN


@given(st.integers(0, len(LINK) * 8 - 1))
def test_no_bit_of_a_link_to_confirm_can_be_flipped(bit):
    assert LINKS.read_confirm(LINK).audience == "news"
    with pytest.raises(NotFound):
        LINKS.read_confirm(flipped(LINK, bit))


@given(st.text(max_size=80))
def test_no_other_text_is_a_token(text):
    assert TOKENS.read(text, LATER) is FormToken.FOREIGN


def test_a_token_has_a_first_and_a_last_moment_and_one_form():
    second = timedelta(seconds=1)

    assert TOKENS.read(TOKEN, NOW + second) is FormToken.EARLY
    assert TOKENS.read(TOKEN, NOW - MAX_AGE) is FormToken.EARLY
    assert TOKENS.read(TOKEN, NOW + MAX_AGE + second) is FormToken.OVER
    assert FormTokens([SECRET], "other").read(TOKEN, LATER) is FormToken.FOREIGN
    assert TOKENS.read(TOKENS.make(NOW, aged=True), NOW) is FormToken.GOOD
    newer = FormTokens([SECRET, "a newer secret of ours"], "news")
    assert newer.read(TOKEN, LATER) is FormToken.GOOD
    assert TOKENS.read(newer.make(NOW), LATER) is FormToken.FOREIGN


def test_what_a_browser_reckons_holds_for_its_form_and_its_day():
    proof = ProofOfWork([SECRET], "news")
    challenge = altcha.Challenge.from_dict(proof.challenge(NOW))
    solution = altcha.solve_challenge(challenge)
    solved = altcha.Payload(challenge, solution).to_base64()
    wrong = altcha.Payload(challenge, altcha.Solution(solution.counter + 1, "00" * 32)).to_base64()

    assert proof.check(solved, LATER).nonce == challenge.parameters.nonce
    assert ProofOfWork([SECRET, "a newer secret"], "news").check(solved, LATER)
    for text in (wrong, "", "x", "bnVsbA==", "W10=", "eyJjaGFsbGVuZ2UiOltdfQ==", "A" * 5000):
        assert proof.check(text, LATER) is None
    assert proof.check(solved, NOW + MAX_AGE) is None
    assert ProofOfWork([SECRET], "other").check(solved, LATER) is None
    assert ProofOfWork(["another secret"], "news").check(solved, LATER) is None
