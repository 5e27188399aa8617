"""X, LinkedIn and Threads let a channel in, and it posts for months: their own adapters."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from access_stage import opened_with
from app_stage import change, workspace_in
from dispatch.errors import CredentialsRefused, DispatchError
from dispatch.model.delivery.message import SocialMessage
from dispatch.pipeline.access.consent import ConsentFailed
from dispatch.pipeline.access.outlook import AccessState
from little_network import KEY
from played_networks import APP, SECRET, play

DAY = timedelta(days=1)
POST = SocialMessage(id="e.1", text="A press from the last century", link="")
REDIRECT = "http://127.0.0.1:8026/"
OTHER_KEY = "b" * 43
NAMES = ["linkedin", "threads", "x"]
CHANNELS = """
channels:
  outbox: {{provider: outbox}}
  town: {{provider: {name}, options: {{client_id: {app}, client_secret: env:PLAZA_SECRET}}}}
"""
CAMPAIGN = """  squares:
    feeds: [notebook]
    schedule: {every: monday, at: '08:00'}
    social: [{via: town, template: weekly, each: edition}]
"""


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def network(name, clock):
    return play(name, clock)


@pytest.fixture
def folder(tmp_path, migrated_sqlite, name):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    file = folder / "schedules.yaml"
    plan = file.read_text(encoding="utf-8").rstrip() + "\n" + CAMPAIGN
    file.write_text(plan + CHANNELS.format(name=name, app=APP), encoding="utf-8")
    return folder


@pytest.fixture
def opened(folder, clock, network):
    """Opens it, by default with the right key."""

    def opened(key=KEY):
        environ = {"PLAZA_SECRET": SECRET}
        return opened_with(folder, clock, network, key, environ=environ)

    return opened


@pytest.fixture
def app(opened):
    with opened() as app:
        yield app


def connect(app, network, **changes):
    way, address = app.channels.access.way("town", REDIRECT)
    return app.channels.access.arrive(way, network.authorize(address) | changes, by="jean")


def post(app):
    channel = app.channels.open("town")
    try:
        return channel.provider.send([POST])
    finally:
        channel.close()


def test_it_is_let_in_and_posts_and_goes_on_after_its_access_has_ended(app, network, clock, name):
    check = connect(app, network)
    post(app)
    clock.advance(timedelta(hours=3) if name == "x" else 50 * DAY)
    app.channels.access.look_after()
    post(app)

    assert check.problem == ""
    kinds = {"x": 2, "threads": 2, "linkedin": 1}
    assert len(set(network.posts)) == kinds[name]
    with app.store.read() as tx:
        row = tx.tokens.get("town")
    assert (row.renewed is None) == (name == "linkedin")
    assert row.provider == name
    assert row.at < clock()


def test_a_network_that_shut_us_out_is_told_without_a_token_and_a_new_consent_mends_it(
    app, network, clock, name
):
    connect(app, network)
    network.shut_out()
    with pytest.raises(CredentialsRefused, match=r"dispatch channels connect") as now:
        post(app)
    clock.advance(timedelta(hours=3))
    with pytest.raises(CredentialsRefused, match=r"dispatch channels connect") as later:
        post(app)

    assert "-of-" not in f"{now.value}{later.value}"
    connect(app, network)
    post(app)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"error": "access_denied"}, "you said no there"),
        ({"state": "another"}, "not the way that was begun"),
        ({"code": "a-code-of-nobody"}, "access not given"),
        ({"code": ""}, "sent no code"),
    ],
)
def test_who_brings_nothing_changes_nothing(app, network, changes, words):
    with pytest.raises(ConsentFailed, match=words) as caught:
        connect(app, network, **changes)

    assert "code-of" not in str(caught.value)
    assert app.channels.access.of("town").state is AccessState.NONE


def test_a_code_is_good_once(app, network):
    way, address = app.channels.access.way("town", REDIRECT)
    came = network.authorize(address)
    app.channels.access.arrive(way, came, by="jean")

    with pytest.raises(ConsentFailed, match="access not given"):
        app.channels.access.arrive(way, came, by="jean")
    post(app)


def test_two_processes_that_renew_at_once_ask_once(opened, network, clock):
    with opened() as one, opened() as other:
        connect(one, network)
        given = network.given
        clock.advance(timedelta(hours=3) if network.name == "x" else 50 * DAY)
        for app in (one, other):
            app.channels.access.look_after()
            post(app)

    assert network.given - given == (network.name != "linkedin")


@pytest.mark.parametrize("key", ["", OTHER_KEY], ids=["no key", "another key"])
def test_without_the_right_key_it_says_so_and_with_it_goes_on(opened, network, key):
    with opened() as app:
        connect(app, network)
    with opened(key) as app, pytest.raises(CredentialsRefused, match="DISPATCH_TOKEN_KEY"):
        post(app)
    with opened() as app:
        post(app)


def test_forty_six_days_later_the_team_is_told_where_only_a_person_can_renew_it(
    app, network, clock, name
):
    connect(app, network)
    clock.advance(46 * DAY + timedelta(hours=1))
    app.channels.access.look_after()

    [access] = app.channels.access.outlook()
    notices = [str(one) for one in app.check() if "town" in str(one)]
    if name == "linkedin":
        assert access.state is AccessState.SOON
        assert "access ends on" in access.sentence(clock())
        assert any("access ends on" in one for one in notices)
    else:
        assert access.state is AccessState.FINE
        assert notices == []


def test_what_one_network_gave_is_never_shown_to_another(folder, app, network, name):
    connect(app, network)
    other = NAMES[NAMES.index(name) - 1]
    change(folder, f"provider: {name},", f"provider: {other},")
    app.reload_if_changed()
    before = network.asked.copy()

    with pytest.raises(CredentialsRefused, match=f"at {other} yet, only at {name} - dispatch"):
        post(app)
    assert network.asked == before
    assert app.channels.access.of("town").state is AccessState.NONE
    change(folder, f"provider: {other},", f"provider: {name},")
    app.reload_if_changed()
    post(app)


def test_a_channel_that_was_renamed_leaves_its_access_behind_until_it_is_forgotten(
    folder, app, network
):
    connect(app, network)
    change(folder, "  town: {", "  city: {")
    change(folder, "via: town", "via: city")
    app.reload_if_changed()

    assert app.channels.access.left_over() == ["town"]
    assert app.channels.access.of("city").state is AccessState.NONE
    assert app.channels.access.end("town", by="jean")
    assert app.channels.access.left_over() == []
    with pytest.raises(DispatchError, match=r"not in schedules\.yaml"):
        app.channels.access.end("town", by="jean")


def test_nothing_that_is_logged_audited_or_shown_holds_a_token(app, network, clock):
    with capture_logs() as logs:
        connect(app, network)
        post(app)
        network.shut_out()
        clock.advance(61 * DAY)
        app.channels.access.look_after()
        problem = app.channels.check("town", by="jean").problem
    with app.store.read() as tx:
        shown = repr((logs, list(tx.audit.page()), tx.tokens.all(), tx.channel_checks.all()))

    assert problem
    assert "-of-" not in shown + problem
    assert SECRET not in shown
    assert b"-of-" + network.name.encode() not in (app.folder / "dispatch.db").read_bytes()
