"""Mails to readers about their own affairs: who gets which, when, and what is in them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import BadInput, ProviderUnavailable
from dispatch.model.campaigns.pace import Pace
from dispatch.model.delivery.message import Refused
from dispatch.model.people.form import VALID_FOR
from dispatch.model.people.reader_mail import Topic
from dispatch.pipeline.messages.single_mails import LEASE
from dispatch.render.local_renderer import LocalRenderer
from dispatch.store.delivery.channels import Stop
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import LINKS, channel, subscribe
from reader_mail_stage import MailDesk

ZOE = "zoe@example.org"


@pytest.fixture
def desk(store, clock):
    return MailDesk(store, clock)


@pytest.fixture
def ada(store, clock):
    """A reader's public id."""
    subscribe(store, clock, "ada@example.org")
    with store.read() as tx:
        return tx.subscribers.find("ada@example.org").public_id


def test_who_filled_in_a_form_is_asked_in_their_language_to_confirm(desk):
    sign_up = desk.sign_up(ZOE, "readers", "others", locale="fr-CA")

    assert desk.send() == ["mail 1 to a reader (confirm) is accepted"]
    [mail] = desk.provider.taken
    link = LINKS.confirm_url(sign_up.public_id, "news")
    assert mail.subject == "À confirmer\u202f: The Letter et Other <News>"
    assert (link in mail.html, link in mail.text) == (True, True)
    assert "Other &lt;News&gt;" in mail.html
    assert "jusqu’au mardi 1 décembre 2026" in mail.text
    assert mail.message_id == f"<{sign_up.public_id}.reader-mail-1@news.example>"


def test_it_has_nothing_for_mailing_lists_and_nothing_that_a_stranger_typed(desk):
    desk.sign_up(ZOE)

    desk.send()

    [mail] = desk.provider.taken
    names = {name for name, _ in mail.headers}
    assert names == {"Auto-Submitted", "X-Auto-Response-Suppress"}
    assert "pills" not in mail.html + mail.text + mail.subject + mail.to.name


def test_each_topic_has_words_of_its_own(desk, store, clock, ada):
    with store.begin() as tx:
        reader = tx.subscribers.by_public_id(ada)
        changes = tx.address_changes
        changes.add(reader.id, "new@x.example", now=clock(), ids=lambda: "moving")
    for about in (Topic.ALREADY, Topic.PREFERENCES, Topic.MOVED):
        desk.ask(about, reader.email, ada, audience="readers")
    desk.ask(Topic.NEW_ADDRESS, "new@x.example", "moving")

    desk.send()

    assert desk.subjects == [
        ("ada@example.org", "You already receive The Letter and Other <News>"),
        ("ada@example.org", "Your link to what you receive"),
        ("ada@example.org", "Your address was changed"),
        ("new@x.example", "Please confirm your new address"),
    ]
    texts = [mail.text for mail in desk.provider.taken]
    token = LINKS.preferences_tokens("readers", 0)(ada)
    assert [LINKS.preferences_url(token) in text for text in texts] == [True, True, False, False]
    assert LINKS.new_address_url("moving") in texts[3]


@pytest.mark.parametrize("about", [Topic.PREFERENCES, Topic.NEW_ADDRESS, Topic.CONFIRM])
def test_what_nobody_knows_any_more_is_dropped_without_a_word(desk, about):
    desk.ask(about, ZOE, "nobody")

    assert (desk.send(), desk.due(), desk.subjects) == ([], [], [])


def test_what_is_confirmed_meanwhile_or_over_or_never_wanted_is_dropped(desk, store, clock):
    desk.confirm(desk.sign_up(ZOE))
    desk.sign_up("never@example.org")
    with store.begin() as tx:
        tx.suppressions.add("never@example.org", reason="never again", source="marie", now=clock())
    desk.sign_up("late@example.org")
    clock.advance(VALID_FOR)

    assert (desk.send(), desk.due(), desk.subjects) == ([], [], [])


class TestTrouble:
    def test_a_mail_server_that_is_down_gets_it_later(self, desk, clock):
        desk.sign_up(ZOE)
        desk.sign_up("lin@example.org")
        desk.provider.next(ProviderUnavailable("mail: no connection"))
        down = desk.send()
        at_once = desk.send()
        clock.advance(timedelta(minutes=1))

        later = desk.send()

        assert [one.endswith("no connection; it is tried again") for one in down] == [True, True]
        assert (at_once, len(later), len(desk.subjects)) == ([], 2, 2)

    def test_a_refusal_ends_it_and_is_told_without_the_address(self, desk):
        desk.sign_up(ZOE)
        desk.provider.next(Refused(f"<{ZOE}>: no such user"))

        [told] = desk.send()

        refused = "mail 1 to a reader (confirm): not accepted: <the address>: no such user"
        assert (told, desk.due()) == (refused, [])

    def test_a_stopped_channel_is_left_alone(self, desk, store, clock):
        desk.sign_up(ZOE)
        with store.begin() as tx:
            tx.channels.put_stop(Stop("mail", None, "login refused", 0))

        [told] = desk.send()

        assert ("login refused" in told, desk.subjects) == (True, [])

    def test_a_crash_repeats_it_with_the_same_message_id(self, desk, clock):
        class Killed(BaseException):
            """Stands for the end of the process."""

        class Dies(RecordingProvider):
            def send(self, batch):
                desk.provider.send(batch)
                raise Killed

        desk.sign_up(ZOE)
        with pytest.raises(Killed):
            desk.send(open_channel=lambda name: channel(Dies(), name))
        at_once = desk.send()
        clock.advance(LEASE)
        desk.send()

        first, second = desk.provider.taken
        assert (at_once, first.message_id) == ([], second.message_id)

    def test_who_is_told_to_stop_leaves_what_is_due_for_the_next_round(self, desk):
        desk.sign_up(ZOE)
        desk.sign_up("lin@example.org")
        room = iter([True, False])

        stopped = desk.send(keep_going=lambda: next(room, False))

        assert (len(stopped), len(desk.due()), len(desk.subjects)) == (1, 1, 1)

    def test_what_another_node_has_sent_meanwhile_is_not_sent_again(self, desk):
        other = []

        def open_late(name):
            other.extend(desk.send())
            return channel(desk.provider, name)

        desk.sign_up(ZOE)

        ours = desk.send(open_channel=open_late)

        assert (len(other), ours, len(desk.subjects)) == (1, [], 1)

    def test_a_channel_that_cannot_be_opened_puts_off_what_it_carries(self, desk, clock):
        def open_none(_name):
            raise BadInput(["channels.mail: is gone"])

        desk.sign_up(ZOE)

        [told] = desk.send(open_channel=open_none)
        at_once = desk.send()
        clock.advance(timedelta(days=1))

        assert "channels.mail: is gone" in told
        assert (at_once, len(desk.send())) == ([], 1)

    def test_a_bug_with_one_mail_puts_it_off_and_holds_up_no_other(self, desk, clock):
        class Trips(LocalRenderer):
            def reader_mail(self, content):
                if content.locale.startswith("fr"):
                    raise RuntimeError("a bug of ours")
                return super().reader_mail(content)

        desk.sign_up(ZOE, locale="fr")
        desk.sign_up("lin@example.org")

        told = desk.send(renderer=Trips())
        clock.advance(timedelta(days=1))
        desk.send()

        assert ["it is tried again" in one for one in told] == [True, False]
        assert [to for to, _ in desk.subjects] == ["lin@example.org", ZOE]


class TestPace:
    @pytest.fixture
    def paced(self, desk):
        """Sends over a channel with this pace."""

        def paced(**limits) -> list[str]:
            made = replace(channel(desk.provider), pace=Pace(**limits))
            return desk.send(open_channel=lambda _: made)

        return paced

    def test_only_one_is_ahead_and_those_who_wait_for_the_pace_wait_longer(
        self, desk, store, clock, paced
    ):
        for number in range(5):
            desk.sign_up(f"reader{number}@example.org")
        first = len(paced(per_second=20))  # one at once, and one ahead
        with store.begin() as tx:
            pace, today = Pace(per_second=20), clock().date()
            waits = tx.paces.take("mail", pace, 5, now=clock(), today=today)
        clock.advance(timedelta(seconds=2))
        second = len(paced(per_second=20))
        clock.advance(timedelta(seconds=2))

        assert (first, second, len(paced(per_second=20))) == (2, 2, 1)
        assert (waits.number, waits.again - clock()) == (0, timedelta(seconds=0.1 - 4))

    def test_a_round_takes_a_tenth_of_what_a_channel_may_send_by_then(self, desk, paced):
        for number in range(3):
            desk.sign_up(f"reader{number}@example.org")

        assert (len(paced(per_second=0.5)), len(desk.due())) == (1, 2)

    def test_where_the_day_is_used_up_it_goes_out_tomorrow(self, desk, clock, paced):
        desk.sign_up(ZOE)
        desk.sign_up("lin@example.org")
        today = paced(per_day=1)
        clock.advance(timedelta(days=1))

        assert (len(today), len(paced(per_day=1))) == (1, 1)
