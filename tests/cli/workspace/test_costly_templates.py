"""Templates and segments that cost too much for some reader only: a sentence, and an end."""

import pytest

from app_stage import change

BOMB = "[[[1]*100000]*100000]*100000 == [[[1]*100000]*100000]*100000"
FULL = "(range(9999)|map('string')|map('replace','','y'*300000)|list|length) > 0"


@pytest.fixture(autouse=True)
def _soon(rendering, monkeypatch):
    """What takes 20 seconds elsewhere."""
    monkeypatch.setattr(rendering, "_seconds", 3.0)


@pytest.mark.parametrize(
    ("costly", "problem"),
    [
        (BOMB, "takes more than 3 seconds - let it do less"),
        (FULL, "takes too much memory - ask for less"),
        ("'x' * 10**9 == 'y'", "makes a text of more than 2,000,000 characters"),
    ],
)
def test_a_segment_fails_its_campaign_with_one_sentence(dispatch, workspace, costly, problem):
    segment = f"""template: weekly, segment: "locale == 'fr' and {costly}"}}"""
    change(workspace, "template: weekly}", segment)

    ended = dispatch("run", "weekly")

    assert ended.code in {1, 2}
    assert problem in ended.err
    assert "Traceback" not in ended.err
    assert dispatch.copies() == {}


def test_a_digest_that_is_costly_for_one_reader_costs_that_reader_and_no_other_channel(
    dispatch, workspace
):
    bomb = "{% if subscriber.fields.city == 'Lyon' %}{{ " + BOMB + " }}{% endif %}"
    subject = workspace / "templates/weekly/digest.txt"
    subject.write_text(bomb + subject.read_text())

    ended = dispatch("run", "weekly")
    failed = dispatch("deliveries", "missed", "--json").json

    assert ended.code == 1
    assert len(list(workspace.glob("outbox/social/*.json"))) == 8
    assert [(one["recipient"], one["state"]) for one in failed] == [
        ("camille.moreau@readers.example", "failed")
    ]
    assert "takes more than 3 seconds" in failed[0]["reason"]
    assert len(dispatch.copies()) == 7
