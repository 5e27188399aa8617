"""What a service tells of an account stands on its pages, whoever wrote the provider."""

import re

import pytest

from app_stage import change, opened
from dispatch.channels.provider import Quota
from dispatch.model.team.role import Role
from dispatch.web.team.quotas import quota_shown
from dispatch.words.catalogues import team_words_in
from pigeon_post import KEY, announce
from team_stage import join, signed_in

PLAN = "channels:\n  loft: {provider: pigeon, options: {api_key: env:LOFT_KEY}}\n\ncampaigns:"


@pytest.fixture
def app(folder, clock, tmp_path, monkeypatch):
    announce(tmp_path, monkeypatch)
    change(folder, "\ncampaigns:", f"\n{PLAN}")
    with opened(folder, clock, environ={"LOFT_KEY": KEY, "WRONG": "hunter22"}) as app:
        join(app, "jean", Role.OWNER)
        join(app, "josette", Role.OWNER, locale="fr")
        yield app


def text_of(answer) -> str:
    """What people read on a page, with single spaces."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def test_a_check_is_kept_with_quota_and_notes_and_both_pages_show_them(app):
    with signed_in(app, "jean") as jean:
        before = text_of(jean.get("/team/channels/loft"))
        jean.post("/team/channels/loft/check")
        one, all_of_them = jean.get("/team/channels/loft"), jean.get("/team/channels")

    [kept] = [check for check in _checks(app).values() if check.channel == "loft"]
    assert (kept.quota, kept.notes) == (
        Quota(1_888, 50_000, "24 hours"),
        ("grain is low - buy some",),
    )
    assert "Quota" not in before
    for page in (one, all_of_them):
        assert "1,888 left of 50,000 in 24 hours." in text_of(page)
        assert "Less than a tenth is left." in text_of(page)
        assert "grain is low - buy some" in text_of(page)
    said = text_of(one)
    for words in (
        "loft &lt;7&gt;",
        "In one call up to 1,000 messages",
        "Calls at once 4",
        "It is sent again for 12 h: the service drops repeats.",
        "Largest mail 25 MB",
        "All mails of a call 50 MB",
        "Each reader’s own, also where many go in one call.",
        "Only the settings of your account switch it off",
    ):
        assert words in said


def test_the_form_of_a_plugin_is_made_from_its_options_and_shows_what_its_check_told(app):
    told = {"provider": "pigeon", "name": "south", "option-region": "south"}
    with signed_in(app, "josette") as josette:
        form = josette.get("/team/channels/new?provider=pigeon").text
        wrong = josette.post(
            "/team/channels/new", data=told | {"option-api_key": "WRONG", "save": "yes"}
        )
        right = josette.post(
            "/team/channels/new", data=told | {"option-api_key": "LOFT_KEY", "check": "yes"}
        )

    assert '<span lang="en">Carries mails by pigeon.</span>' in form
    assert '<option value="south">' in form
    assert "pigeon: the loft is locked - use the key of this loft" in wrong.text
    assert 'value="WRONG"' in wrong.text
    assert (wrong.status_code, right.status_code) == (422, 200)
    assert "Il en reste 1 888 sur 50 000 en 24 heures." in text_of(right)
    assert "grain is low - buy some" in right.text
    assert "hunter22" not in wrong.text
    assert KEY not in right.text


@pytest.mark.parametrize(
    ("quota", "waiting", "state", "sentence"),
    [
        (Quota(5_000, 50_000, "month"), 0, "", "5,000 left of 50,000 for the month."),
        (Quota(4_999, 50_000, "day"), 0, "low", "4,999 left of 50,000 for the day."),
        (Quota(100), 100, "", "100 left."),
        (Quota(100), 101, "short", "100 left."),
        (Quota(0, 0), 5, "out", "0 left of 0."),
        (Quota(-3, 10), 0, "out", "0 left of 10."),
        (Quota(None, 200, "fortnight"), 9, "", '200 at most <span lang="en">per fortnight</span>.'),
        (Quota(12, None, "<b>"), 0, "", '12 left <span lang="en">per &lt;b&gt;</span>.'),
    ],
)
def test_a_quota_says_what_is_left_and_whether_that_is_little(quota, waiting, state, sentence):
    shown = quota_shown(quota, team_words_in("en"), waiting=waiting)

    assert (shown.state, str(shown.sentence)) == (state, sentence)


def test_what_is_not_told_is_not_shown():
    words = team_words_in("en")

    assert quota_shown(Quota(None), words) is quota_shown(None, words) is None
    assert quota_shown(Quota(5), words).bar == quota_shown(Quota(None, 5), words).bar == []


def test_a_channel_whose_last_check_failed_does_not_call_itself_ready(app):
    app.tools.environ["LOFT_KEY"] = "hunter22"
    with signed_in(app, "jean") as jean:
        jean.post("/team/channels/loft/check")
        pages = [text_of(jean.get(f"/team/channels{path}")) for path in ("", "/loft")]

    for page in pages:
        assert "loft Check failed" in page or "pigeon Check failed" in page
        assert "pigeon: the loft is locked" in page


def _checks(app):
    with app.store.read() as tx:
        return tx.channel_checks.all()
