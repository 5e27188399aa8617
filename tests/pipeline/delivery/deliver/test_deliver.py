"""Delivery rows to outcomes: nobody lost, nobody twice, whatever a provider does."""

from datetime import UTC, timedelta

import pytest

from deliver_stage import ACCEPTED, PENDING, PEOPLE
from dispatch.errors import Conflict, OutcomeUnknown, RenderingStopped
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import report_deliveries
from dispatch.pipeline.people.pause import pause_until
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.people.suppress import suppress_address
from dispatch.render.local_renderer import LocalRenderer
from pipeline_samples import ENDINGS, approved_edition, bring_in, recipients, row, subscribe


def test_everybody_gets_one_and_the_edition_is_finished(deliver, edition, provider):
    report = deliver(edition)

    assert recipients(provider.taken) == sorted(PEOPLE)
    assert report.counts == {ACCEPTED: 3}
    assert report.edition.state is EditionState.FINISHED
    assert report.waiting_until is None


def test_what_nobody_has_begun_with_can_go_on_at_once(edition, store, clock):
    report = report_deliveries(edition.id, store=store, now=clock())

    assert (report.is_due, report.as_planned) == (True, False)


def test_a_second_pass_sends_nothing(deliver, edition, provider):
    deliver(edition)

    deliver(edition)

    assert len(provider.attempts) == 3


def test_a_digest_has_the_headers_that_every_digest_carries(deliver, edition, provider):
    deliver(edition)

    message = provider.taken[0]
    headers = dict(message.headers)
    assert message.message_id == f"<{message.id}@news.example>"
    assert headers["List-Id"] == "The Letter <readers.news.example>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<https://news.example/unsubscribe/")
    assert "<mailto:letter@news.example?subject=unsubscribe" in headers["List-Unsubscribe"]
    assert len({message.message_id for message in provider.taken}) == 3


def test_a_refusal_is_kept_with_its_reason_and_the_others_go_on(deliver, edition, provider, store):
    provider.always("bob@example.org", Refused("550 no such user"))

    report = deliver(edition)

    assert report.counts == {ACCEPTED: 2, DeliveryState.REFUSED: 1}
    with store.read() as tx:
        [refused] = tx.deliveries.latest(states=[DeliveryState.REFUSED])
    assert (refused.recipient, refused.reason) == ("bob@example.org", "550 no such user")


def test_who_leaves_while_an_edition_goes_out_gets_nothing_more(
    deliver, edition, provider, store, clock
):
    def leave_after_the_first(_ended):
        end_all_subscriptions(
            "eve@example.org", source="test", store=store, clock=clock, endings=ENDINGS
        )
        suppress_address(
            "bob@example.org", reason="complaint", store=store, clock=clock, endings=ENDINGS
        )

    report = deliver(edition, progress=leave_after_the_first)

    assert recipients(provider.taken) == ["ada@example.org"]
    assert report.counts == {ACCEPTED: 1, DeliveryState.SUPPRESSED: 2}
    with store.read() as tx:
        reasons = {one.reason for one in tx.deliveries.latest(states=[DeliveryState.SUPPRESSED])}
    assert reasons == {"the subscription has ended", "the address is suppressed"}


def test_who_pauses_while_an_edition_goes_out_gets_nothing_more(
    deliver, edition, provider, store, clock
):
    def pause_after_the_first(_ended):
        for email in ("eve@example.org", "bob@example.org"):
            with store.read() as tx:
                person = tx.subscribers.find(email)
            day = (clock() + timedelta(days=2)).date()
            pause_until(person.id, day, UTC, store=store, clock=clock)

    report = deliver(edition, progress=pause_after_the_first)

    assert recipients(provider.taken) == ["ada@example.org"]
    assert report.counts == {ACCEPTED: 1, DeliveryState.SUPPRESSED: 2}
    with store.read() as tx:
        reasons = {one.reason for one in tx.deliveries.latest(states=[DeliveryState.SUPPRESSED])}
    assert reasons == {"the reader has paused"}


def test_who_has_left_is_not_brought_back_by_a_file(deliver, provider, store, clock):
    subscribe(store, clock, "ada@example.org")
    end_all_subscriptions(
        "ada@example.org", source="test", store=store, clock=clock, endings=ENDINGS
    )
    new = bring_in("readers", [row("Ada@Example.org")], store=store, clock=clock)

    edition = address_edition(approved_edition(store, clock).id, store=store, clock=clock)
    deliver(edition)

    assert new == 0
    assert recipients(provider.attempts) == ["somebody@example.org"]


def test_what_a_provider_says_is_kept_whatever_is_in_it(deliver, edition, provider):
    provider.on("ada@example.org", Refused("no\x00 \ud800 such user"))
    provider.on("bob@example.org", Accepted("id\x00\udfff"))

    report = deliver(edition)

    assert report.counts == {ACCEPTED: 2, DeliveryState.REFUSED: 1}


def test_what_is_not_rendered_because_dispatch_stops_waits_for_the_next_pass(
    deliver, edition, provider
):
    class Stopping(LocalRenderer):
        def variant(self, *_args, **_options):
            raise RenderingStopped("templates/weekly: not rendered, dispatch stops")

        digest = variant

    stopped = deliver(edition, renderer=Stopping())
    report = deliver(edition)

    assert stopped.counts == {PENDING: 3}
    assert report.counts == {ACCEPTED: 3}
    assert len(provider.attempts) == 3


def test_what_was_changed_after_approval_does_not_go_on_going_out(
    deliver, edition, provider, store
):
    deliver(edition, keep_going=lambda: False)
    with store._engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE editions SET content = replace(content, 'Title one', 'Title two')"
        )
    with store.read() as tx:
        changed = tx.editions.get(edition.id)

    with pytest.raises(Conflict, match="not what was approved"):
        deliver(changed)

    assert provider.attempts == []


def test_stopping_takes_hold_between_two_hand_overs(deliver, edition, provider):
    report = deliver(edition, keep_going=lambda: not provider.attempts)

    assert report.counts == {ACCEPTED: 1, PENDING: 2}


def test_the_sum_of_all_states_is_the_audience(deliver, edition, provider, store, clock):
    provider.always("ada@example.org", Refused("no"))
    provider.on("bob@example.org", OutcomeUnknown("lost"))

    deliver(edition)

    report = report_deliveries(edition.id, store=store, now=clock())
    assert sum(report.counts.values()) == len(PEOPLE)
