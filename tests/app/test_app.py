"""The workspace put together: it opens, follows its file, and lets go of everything."""

from datetime import timedelta
from pathlib import Path

import pytest

from app_stage import change, opened, workspace_in
from dispatch.app import open_app
from dispatch.errors import BadInput, NotFound, StoreUnavailable
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.people.subscriber import NOBODY, Consent, SubscriberRow
from dispatch.model.people.suppression import target_of
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.subscribe import end_all_subscriptions


@pytest.fixture
def folder(tmp_path, migrated_sqlite) -> Path:
    return workspace_in(tmp_path / "letters", migrated_sqlite)


@pytest.fixture
def app(folder, clock):
    with opened(folder, clock) as app:
        yield app


def composed(app, campaign: str):
    list(app.people.import_files())
    list(app.intake.poll(app.workspace.feeds))
    return app.editions.compose(app.campaign(campaign), slot_at(app.clock(), "UTC"))


def test_it_opens_with_the_environment_it_is_given(folder):
    with open_app(folder, environ={"DISPATCH_LEASE_SECONDS": "60"}) as app:
        assert app.tools.lease.total_seconds() == 60
        assert app.check() == []
        assert (folder / ".dispatch-secret").stat().st_mode & 0o777 == 0o600


def test_links_keep_their_key_from_one_start_to_the_next(folder):
    with open_app(folder, environ={}) as app:
        token = app.tools.links.unsubscribe_token(NOBODY, "readers")

    with open_app(folder, environ={}) as app:
        assert app.tools.links.read_unsubscribe(token) == Bearer("readers", NOBODY)


@pytest.mark.parametrize(
    ("environ", "error"),
    [
        ({"DISPATCH_PORT": "many"}, BadInput),
        ({"DISPATCH_DATABASE_URL": "sqlite:////nowhere/at/all/dispatch.db"}, StoreUnavailable),
    ],
)
def test_it_does_not_open_with_what_cannot_be_used(folder, environ, error):
    with pytest.raises(error), open_app(folder, environ=environ):
        pass


def test_a_name_that_leads_nowhere_is_not_found(app):
    for ask in (app.campaign, app.channels.get, lambda name: app.workspace.check_feeds([name])):
        with pytest.raises(NotFound, match=r"nothing: not in schedules.yaml - known are: "):
            ask("nothing")


def test_a_change_of_the_file_is_taken_up_and_its_campaigns_follow_from_then_on(app, folder, clock):
    mail = app.channels.get("outbox")
    change(folder, "title: The Atelier Letter", "title: Another Name")
    change(folder, "feeds: [atelier]", "feeds: [atelier, notebook]")

    app.reload_if_changed()

    assert app.campaign("weekly").title == "Another Name"
    assert app.channels.get("outbox") is not mail
    with app.store.read() as tx:
        assert set(tx.feeds.followed_since("bulletin")) == {"atelier", "notebook"}


def test_a_file_that_is_broken_meanwhile_is_told_once_and_changes_nothing(app, folder):
    before = app.workspace
    change(folder, "campaigns:", "campaings:")

    with pytest.raises(BadInput):
        app.reload_if_changed()
    app.reload_if_changed()

    assert app.workspace is before


def test_an_audience_is_called_what_its_campaigns_are_called(app):
    assert app.workspace.audience_title("readers") == "The Atelier Letter, Le Bulletin"
    assert app.workspace.audience_title("friends") == "friends"


def test_an_edition_is_approved_at_once_where_nobody_has_to(app):
    weekly = composed(app, "weekly").edition
    bulletin = composed(app, "bulletin").edition

    assert (weekly.state.value, weekly.approved_by) == ("approved", "no approval needed")
    assert bulletin.state.value == "in review"
    assert [one.id for one in app.editions.waiting("bulletin")] == [bulletin.id]
    assert [one.id for one in app.editions.unfinished()] == [weekly.id]


def test_wrong_options_stop_an_edition_before_it_is_kept(app, folder):
    with (folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        file.write("\nchannels:\n  mail: {provider: smtp}\n")
    change(folder, "readers, template: weekly", "readers, template: weekly, via: mail")
    app.reload_if_changed()

    with pytest.raises(BadInput, match=r"channels.mail.options.host: is missing"):
        composed(app, "weekly")

    with app.store.read() as tx:
        assert tx.runs.latest("weekly") == []


def test_a_delivery_can_be_stopped_and_gone_on_with(app):
    edition = composed(app, "weekly").edition
    app.stopping.set()
    stopped = app.delivery.send(edition.id)
    app.stopping.clear()
    finished = app.delivery.send(edition.id)

    assert stopped.counts == {DeliveryState.PENDING: 16}
    assert finished.counts == {DeliveryState.ACCEPTED: 16}
    assert app.delivery.address(edition.id) == 0


def test_nothing_that_is_rehearsed_is_kept(app):
    with app.rehearsal() as rehearsal:
        made = composed(rehearsal, "weekly")

    assert made.edition is not None
    with app.store.read() as tx:
        assert tx.posts.counts() == {}
        assert tx.subscribers.audiences() == {}
        assert tx.editions.latest() == []


def test_only_files_of_an_outbox_are_worth_looking_at(app, folder):
    where = f"channel outbox writes to folder {folder / 'outbox'}"
    assert list(app.channels.outboxes(["outbox", "gone"])) == [where]


def test_feeds_come_from_the_public_internet_unless_a_network_is_allowed(folder):
    change(folder, '"file:samples/atelier.rss.xml"', '"http://127.0.0.1:1/feed.xml"')
    allowed = {"DISPATCH_PRIVATE_NETWORKS": "127.0.0.1"}

    with open_app(folder, environ={}) as app:
        [refused] = app.intake.poll(["atelier"])
    with open_app(folder, environ=allowed) as app:
        [tried] = app.intake.poll(["atelier"])

    assert "which is not on the public Internet" in refused.problem
    assert "the server refuses connections" in tried.problem


def test_a_proxy_for_feeds_is_the_one_that_connects(folder):
    change(folder, '"file:samples/atelier.rss.xml"', '"http://blog.example/feed.xml"')

    with open_app(folder, environ={"DISPATCH_FEED_PROXY": "http://127.0.0.1:1"}) as app:
        [report] = app.intake.poll(["atelier"])

    assert "the server refuses connections" in report.problem


def test_feeds_are_told_who_asks_even_when_that_changes(folder):
    with open_app(folder, environ={}) as app:
        before = app.tools.feed_http().headers["User-Agent"]
        change(folder, app.workspace.publisher.public_url, "https://elsewhere.example")
        app.reload_if_changed()
        after = app.tools.feed_http().headers["User-Agent"]

    assert before.endswith("(+https://letter.atelier.example)")
    assert after.endswith("(+https://elsewhere.example)")


def test_who_left_is_erased_after_as_long_as_the_file_says_and_not_without_a_word(
    app, folder, clock
):
    list(app.people.import_files())
    end_all_subscriptions(
        "reader@readers.example",
        source="link",
        store=app.store,
        clock=clock,
        endings=app.tools.endings,
    )
    clock.advance(timedelta(days=800))
    unsaid = app.people.erase_lapsed()
    with (folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        file.write("\npeople: {erase_after: 2 years}\n")
    app.reload_if_changed()

    said = [app.people.erase_lapsed() for _ in range(2)]

    assert (unsaid, said) == (0, [1, 0])
    with pytest.raises(NotFound, match="was erased"):
        app.people.find("reader@readers.example")


def test_an_address_that_is_only_suppressed_is_no_readers_and_can_be_erased(app):
    email = "nobody@example.org"
    app.people.suppress(target_of(email), reason="asked")

    with pytest.raises(NotFound, match=r"is no reader's.*'dispatch subscribers erase'"):
        app.people.find(email)
    assert app.people.find_to_erase(email) is None
    app.people.erase(email, source="they asked")
    with pytest.raises(NotFound):
        app.people.find_to_erase("never@example.org")


def test_an_audience_has_to_be_named_where_there_are_several(app, folder):
    row = SubscriberRow(line=1, email="ada@example.org", consent=Consent(None, "form"))
    alone = app.people.audience(None)
    (folder / "subscribers" / "friends.csv").write_text("email\nada@example.org\n")

    with pytest.raises(BadInput, match="--audience: say which"):
        app.people.add(row, None)
    into, added = app.people.add(row, "friends")

    assert (alone, into, added.new) == ("readers", "friends", True)
