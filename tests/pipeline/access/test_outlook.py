"""How long accesses last, what is renewed though nobody posts, and whom we ask once a day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from access_stage import connect
from app_stage import change
from dispatch.model.delivery.tokens import (
    LONGEST_PAUSE,
    RENEWAL_LEASE,
    Tokens,
    is_renewed_early,
    pause_after_failure,
)
from dispatch.pipeline.access.outlook import AccessState
from dispatch.scheduling.accounts import look_after_accounts

DAY = timedelta(days=1)
MONTHS = 60 * 24 * 3600
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def state(app, name="plaza"):
    return app.channels.access.of(name).state


def sentences(app):
    return [one.sentence(app.clock()) for one in app.channels.access.outlook()]


def test_what_only_a_person_can_renew_is_what_is_told(app, network, clock):
    network.refresh_lasts = MONTHS
    assert sentences(app) == [
        "channel plaza: nobody has let us in yet - dispatch channels connect plaza"
    ]
    connect(app, network)
    assert state(app) is AccessState.FINE
    clock.advance(45.5 * DAY)
    assert state(app) is AccessState.FINE
    clock.advance(DAY)
    assert state(app) is AccessState.SOON
    [soon] = sentences(app)
    clock.advance(13 * DAY)
    [today] = sentences(app)
    clock.advance(DAY)
    [ended] = sentences(app)

    advice = "dispatch channels connect plaza"
    day = app.channels.access.of("plaza").ends
    told = f"{day.day} {day:%B %Y}"
    assert soon == f"channel plaza: access ends on {told}, in 13 days - {advice}"
    assert today == f"channel plaza: access ends on {told}, today - {advice}"
    assert ended == f"channel plaza: access ended on {told} - {advice}"


@pytest.mark.parametrize(
    ("tokens", "ends"),
    [
        (Tokens("a"), None),
        (Tokens("a", ends=NOW), NOW),  # LinkedIn without its programme, Threads
        (Tokens("a", refresh="r", ends=NOW), None),  # X
        (Tokens("a", refresh="r", ends=NOW, refresh_ends=NOW + DAY), NOW + DAY),
    ],
)
def test_who_has_something_to_renew_it_with_needs_nobody_until_that_ends(tokens, ends):
    assert tokens.person_by == ends


def test_a_token_of_ones_own_is_told_of_by_what_the_check_found(folder, app, network, clock):
    connect(app, network)
    change(folder, "client_id:", "token: env:PLAZA_SECRET, client_id:")
    app.reload_if_changed()
    with app.store.begin() as tx:
        check = tx.channel_checks.all()["plaza"]
        tx.channel_checks.keep(replace(check, ends=clock() + 1.5 * DAY, can=("read",)))

    [access] = app.channels.access.outlook()
    assert access.scopes == ("read",)
    assert "in a day - make a new token there" in access.sentence(clock())


@pytest.mark.parametrize(
    ("lasts", "age", "renewed"),
    [
        (60, 44, False),
        (60, 46, True),
        (60, 59, True),
        (60, 61, True),
        (10, 4, False),
        (10, 6, True),
        (1.5, 0.5, False),
        (1.5, 1.6, False),  # hours: when it is used
        (2.5, 0.9, False),  # Threads renews none that is younger than a day
        (2.5, 1.5, True),
    ],
)
def test_what_lasts_for_weeks_is_renewed_before_the_team_is_told(lasts, age, renewed):
    assert is_renewed_early(NOW + lasts * DAY, NOW, NOW + age * DAY) is renewed


def test_what_has_no_end_is_never_renewed():
    assert not is_renewed_early(None, NOW, NOW + 900 * DAY)


@pytest.mark.parametrize(
    ("left", "pause"),
    [
        (15 * DAY, LONGEST_PAUSE),
        (2 * DAY, DAY / 5),
        (timedelta(minutes=10), RENEWAL_LEASE),
        (-DAY, DAY / 10),
        (-30 * DAY, LONGEST_PAUSE),
    ],
)
def test_the_nearer_the_end_the_sooner_it_is_tried_again(left, pause):
    assert pause_after_failure(NOW + left, NOW) == pause


def test_a_tick_renews_in_time_and_tries_again_after_a_failure(app, network, clock, kept):
    network.lasts = MONTHS
    connect(app, network)
    clock.advance(44 * DAY)
    look_after_accounts(app)
    assert network.asked["/token"] == 1
    clock.advance(2 * DAY)
    network.down = True
    look_after_accounts(app)
    look_after_accounts(app)
    assert network.asked["/token"] == 2
    assert "away" in kept().problem
    clock.advance(DAY / 2)
    network.down = False
    look_after_accounts(app)

    assert network.asked["/token"] == 3
    assert kept().problem == ""
    assert kept().ends == clock() + 60 * DAY
    assert not app.pulse.troubles


def test_what_cannot_be_renewed_is_told_and_stays_told(app, network, clock, kept):
    network.lasts, network.refresh_lasts = MONTHS, 0
    connect(app, network)
    clock.advance(46 * DAY)
    look_after_accounts(app)

    assert "gave nothing to renew it with" in kept().problem
    assert state(app) is AccessState.SOON


def test_of_accounts_that_let_us_in_for_a_while_it_is_asked_daily_who_we_are(app, network, clock):
    connect(app, network)
    asked = network.asked["/me"]
    look_after_accounts(app)
    assert network.asked["/me"] == asked
    clock.advance(DAY)
    look_after_accounts(app)
    look_after_accounts(app)
    assert network.asked["/me"] == asked + 1

    clock.advance(DAY)
    network.down = True
    look_after_accounts(app)
    with app.store.read() as tx:
        check = tx.channel_checks.all()["plaza"]
        acts = [one.act for one in tx.audit.page()]
    assert "away" in check.problem
    assert (check.account, check.max_text, check.can) == ("", 900, ("read", "write"))
    assert acts.count("channel.check") == 1  # by who connected it
    network.down = False
    clock.advance(timedelta(hours=1))
    look_after_accounts(app)
    with app.store.read() as tx:
        assert tx.channel_checks.all()["plaza"].problem == ""


def test_a_channel_that_nobody_uses_is_left_alone(folder, app, network, clock):
    connect(app, network)
    change(folder, "{via: plaza, ", "{via: outbox, ")
    app.reload_if_changed()
    clock.advance(2 * DAY)
    look_after_accounts(app)

    assert network.asked["/me"] == 1
    assert not app.channels.access.of("plaza").needs_somebody


def test_the_servers_own_limit_counts_from_the_first_check_on(app, network):
    assert app.channels.takes("plaza").max_text == 500
    connect(app, network)
    assert app.channels.takes("plaza").max_text == 900
    assert app.channels.takes("plaza").provider == "plaza"
    assert app.channels.takes("outbox").max_text is None
    network.max_text = None
    app.channels.check("plaza", by="jean")
    assert app.channels.takes("plaza").max_text == 500


def test_an_edition_keeps_the_limit_that_it_was_made_with(folder, app, network):
    connect(app, network)
    change(
        folder,
        "schedule: {every: monday, at: '08:00'}",
        "schedule: {every: monday, at: '08:00'}\n    approval: {needed: true}",
    )
    app.reload_if_changed()
    list(app.intake.poll(list(app.workspace.feeds)))
    report = app.campaigns.run(app.campaign("squares"))
    network.max_text = 10
    app.channels.check("plaza", by="jean")
    with app.store.read() as tx:
        content = tx.editions.get(report.edition.id).content
    [plan] = content.social

    [snippet] = app.editions.snippets(content, plan)
    assert plan.max_text == 900
    assert len(snippet.text) > 10


def test_the_check_of_the_workspace_has_a_notice_at_the_channel(app, network, clock):
    def notices():
        return [str(one) for one in app.check() if "channels.plaza" in str(one)]

    [none] = notices()
    network.refresh_lasts = MONTHS
    connect(app, network)
    assert notices() == []
    clock.advance(50 * DAY)
    [soon] = notices()

    assert "nobody has let us in yet - dispatch channels connect plaza" in none
    assert "access ends on" in soon
