"""What comes back by mail is kept once, for the delivery that it is proved to be of."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from delivery_stage import DeliveryStage
from dispatch.channels.bounces.fate import Fate
from dispatch.channels.bounces.returned import Kind, Returned
from dispatch.channels.mailboxes.mailbox import Portion
from dispatch.errors import Conflict, MailboxUnavailable
from dispatch.model.delivery.bounce_mailbox import BounceMailbox
from dispatch.model.delivery.event import EventKind, Later
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.pipeline.events.read_mailbox import Reading, read_mailbox
from dispatch.pipeline.events.trace_returned import trace_returned
from dispatch.pipeline.messages.links import SignedLinks
from on_sqlite import on_sqlite
from pipeline_samples import ENDINGS, SECRET

PLAN = BounceMailbox("bounces@news.example", timedelta(minutes=5), maildir="bounces")
LINKS = SignedLinks("https://news.example", [SECRET], PLAN.address)


class Folder:
    """A mailbox in memory; `mails` are (number, bytes)."""

    def __init__(self, mails, validity=1, at_once=2):
        self.mails, self.validity, self.at_once = mails, validity, at_once
        self.trouble = ""
        self.marked: list[str] = []
        self.dies_at: int | None = None
        self.closed = 0

    def take(self, last):
        if last == self.dies_at:
            raise MailboxUnavailable("imap: the line broke - it is tried again")
        found = [one for one in self.mails if one[0] > last][: self.at_once]
        named = [(str(number), raw) for number, raw in found]
        return Portion(named, found[-1][0]) if found else None

    def mark(self, portion, understood):
        assert understood <= {name for name, _ in portion.mails}
        self.marked += sorted(understood)

    def close(self):
        self.closed += 1


class House:
    """An edition that has gone out to four people, and a mailbox for what comes back."""

    def __init__(self, store, clock):
        self.store, self.clock = store, clock
        self.stage = DeliveryStage(store, clock)
        self.stage.address()
        self.stage.deliver()
        with store.read() as tx:
            found = {one.recipient: one for one in tx.deliveries.latest()}
            people = tx.subscribers.get([one.subscriber_id for one in found.values()])
        self.ada, self.bob = found["ada@example.org"], found["bob@example.org"]
        self.people = {one.email: one for one in people.values()}
        self.known: dict[bytes, Returned] = {}
        self.folder = Folder([])

    def comes(self, kind=Kind.REPORT, fates=(), raw=b"", **values):
        """Have a mail in the mailbox that reads like this."""
        number = len(self.folder.mails) + 1
        content = b"%d " % number + raw
        self.known[content] = Returned(kind=kind, id=f"mail{number}", fates=tuple(fates), **values)
        self.folder.mails.append((number, content))

    def read(self, *, early=False, reader="r1", **changes):
        reading = Reading(
            open_mailbox=lambda: self.folder,
            channel="mail",
            reader=reader,
            links=LINKS,
            store=self.store,
            clock=self.clock,
            endings=ENDINGS,
            read_mail=self.known.__getitem__,
        )
        return read_mailbox(PLAN, replace(reading, **changes), early=early)

    def token(self, delivery, links=LINKS):
        return links.returns.maker(delivery.edition_id)(delivery.id).partition("@")[0][8:]

    def later(self, delivery):
        with self.store.read() as tx:
            found = tx.later.of([delivery.id])
        return found[delivery.id].state if found else None

    def link(self, delivery):
        public_id = self.people[delivery.recipient].public_id
        return LINKS.unsubscribe_url(LINKS.unsubscribe_token(public_id, "readers")).encode()

    @property
    def row(self):
        with self.store.read() as tx:
            return tx.mailboxes.get(PLAN.place)


def bounce(recipient="", **values):
    return Fate(kind=EventKind.BOUNCED, recipient=recipient, permanent=True, **values)


@pytest.fixture
def house(store, clock):
    return House(store, clock)


def test_a_report_with_the_signed_word_is_of_its_delivery_whomever_it_names(house):
    house.comes(
        fates=[bounce("elsewhere@example.net")],
        tokens=("nothing", house.token(house.ada)),
        message_ids=(f"{house.ada.edition_id}.{house.ada.id}@news.example",),
    )
    house.comes(Kind.ORDINARY, subject="hello")

    report = house.read()

    assert (report.read, report.understood, report.told) == (2, 1, Counter(bounced=1))
    assert (house.later(house.ada), house.later(house.bob)) == (Later.BOUNCED, None)
    assert (house.folder.marked, house.folder.closed) == (["1"], 1)


@on_sqlite
def test_a_report_of_spam_in_the_name_of_our_mail_is_of_no_delivery(house):
    spam, box, elsewhere = ("spam@bad.example",), "bounces+word@news.example", "e@example.net"
    ours = (f"{house.ada.edition_id}.{house.ada.id}@news.example",)
    cases = {
        ("Ada@example.org", spam): True,
        (elsewhere, ()): True,
        (elsewhere, ours): True,
        (elsewhere, spam): False,
        ("", ()): True,
        ("", spam): False,
        (box, ()): False,
    }
    told = [
        Returned(
            kind=Kind.REPORT,
            id="mail",
            to=(box,),
            tokens=(house.token(house.ada),),
            message_ids=ids,
            fates=(bounce(named),),
        )
        for named, ids in cases
    ]

    with house.store.read() as tx:
        found = trace_returned([(one, b"") for one in told], tx=tx, links=LINKS)

    assert [one is not None for one in found] == [*cases.values()]


@on_sqlite
@pytest.mark.parametrize(
    "forge",
    [
        lambda house: house.token(house.ada)[:-1] + "?",
        lambda house: house.token(house.ada).replace("0", "1", 1),
        lambda house: house.token(
            house.ada, SignedLinks("", ["another key of ours"], "b@x.example")
        ),
        lambda house: house.token(replace(house.ada, edition_id="another")),
        lambda house: house.token(replace(house.ada, id=house.ada.id + 900)),
    ],
)
def test_a_word_that_we_did_not_sign_is_of_no_delivery_and_kept(house, forge):
    house.comes(fates=[bounce("ada@example.org")], tokens=(forge(house),))

    report = house.read()

    assert (report.strangers, house.later(house.ada)) == (1, None)
    with house.store.read() as tx:
        [kept] = tx.events.of_address("ada@example.org")
        assert (kept.delivery, kept.channel) == (None, "mail")


@on_sqlite
def test_our_message_id_counts_with_the_readers_own_link_beside_it(house):
    ada, bob = house.ada, house.bob
    named = {one: (f"{one.edition_id}.{one.id}@news.example",) for one in (ada, bob)}
    fates = [bounce("ADA@example.org")]
    house.comes(fates=fates, message_ids=named[ada])
    house.comes(fates=fates, message_ids=named[ada], raw=house.link(bob))
    house.comes(fates=[bounce("eve@example.org")], message_ids=named[ada], raw=house.link(ada))
    house.comes(fates=fates, message_ids=("another.12@news.example",), raw=house.link(ada))
    forged = house.read()

    assert (forged.strangers, house.later(ada)) == (4, None)

    house.comes(fates=fates, message_ids=named[ada], raw=b"<" + house.link(ada) + b">,\r\n <mail")
    complaint = Fate(kind=EventKind.COMPLAINED, recipient="")
    folded = house.link(bob)[:60] + b"=\r\n" + house.link(bob)[60:]
    house.comes(Kind.COMPLAINT, [complaint], message_ids=named[bob], raw=folded)
    report = house.read(early=True)

    assert report.strangers == 0
    assert (house.later(ada), house.later(bob)) == (Later.BOUNCED, Later.COMPLAINED)


def test_a_mail_to_unsubscribe_ends_the_subscription_that_its_signed_word_names(house):
    ada = house.people["ada@example.org"]
    token = LINKS.unsubscribe_token(ada.public_id, "readers")
    house.comes(Kind.UNSUBSCRIBE, subject="unsubscribe", sender="bob@example.org")
    house.comes(Kind.UNSUBSCRIBE, subject=f"unsubscribe {token[:-1]}x", sender="ada@example.org")
    house.comes(Kind.UNSUBSCRIBE, subject=f"Unsubscribe {token[:40]} {token[40:]}")
    house.comes(Kind.UNSUBSCRIBE, subject=f"unsubscribe {token}", sender="ada@example.org")

    report = house.read()

    assert (report.left, house.folder.marked) == (2, ["3", "4"])
    with house.store.read() as tx:
        states = {one: tx.consents.standing(person.id)["readers"].state
                  for one, person in house.people.items()}  # fmt: skip
    ended = [one for one, state in states.items() if state is SubscriptionState.ENDED]
    assert ended == ["ada@example.org"]


def test_what_was_read_is_not_read_again_until_the_mailbox_counts_anew(house):
    house.comes(fates=[bounce()], tokens=(house.token(house.ada),))
    house.comes(Kind.AUTOMATIC, subject="away")
    house.comes(fates=[bounce()], tokens=(house.token(house.bob),))
    house.read()

    again = house.read(early=True)
    house.folder.validity = 2
    anew = house.read(early=True)

    assert (again.read, anew.read, anew.told) == (0, 3, Counter(bounced=2))
    with house.store.read() as tx:
        assert tx.later.counts(house.stage.edition) == {Later.BOUNCED: 2}
        assert tx.hooks.all()["mail"].events == 2
    assert (house.row.last, house.row.validity, house.row.read) == (3, 2, 6)


def test_what_was_kept_before_a_crash_is_kept_once(house):
    house.comes(fates=[bounce()], tokens=(house.token(house.ada),))

    def killed(*_):
        raise KeyboardInterrupt

    go_on, house.folder.mark = house.folder.mark, killed
    with pytest.raises(KeyboardInterrupt):
        house.read()
    with house.store.begin() as tx:  # as if how far had not been noted either
        tx.mailboxes.claim(
            PLAN.place, reader="r2", now=house.clock(), until=house.clock(), early=True
        )
        tx.mailboxes.go_on(PLAN.place, reader="r2", validity=1, last=0, read=0, understood=0,
                           until=house.clock())  # fmt: skip
    house.folder.mark = go_on

    report = house.read(early=True)

    assert report.read == 1
    with house.store.read() as tx:
        assert tx.hooks.all()["mail"].events == 1


@on_sqlite
def test_a_mailbox_that_breaks_keeps_what_was_read_and_is_tried_later_and_later(house):
    for delivery in (house.ada, house.ada, house.bob):
        house.comes(fates=[bounce()], tokens=(house.token(delivery),))
    house.folder.dies_at = 2
    first = house.read()

    waits = [house.row.due - house.clock()]
    for _ in range(5):
        house.clock.advance(waits[-1])
        house.read()
        waits.append(house.row.due - house.clock())
    house.folder.dies_at = None
    house.clock.advance(waits[-1])
    last = house.read()

    assert first.problem == house.row.problem or "the line broke" in first.problem
    assert [one.total_seconds() / 60 for one in waits] == [5, 10, 20, 40, 60, 60]
    assert (last.read, house.row.problem, house.row.failures) == (1, "", 0)
    assert house.later(house.bob) is Later.BOUNCED


def test_one_node_at_a_time_reads_it_and_one_that_died_gives_way(house):
    house.comes(fates=[bounce()], tokens=(house.token(house.ada),))
    with house.store.begin() as tx:
        soon = house.clock() + timedelta(minutes=20)
        tx.mailboxes.claim(PLAN.place, reader="died", now=house.clock(), until=soon)

    assert house.read() is None
    with pytest.raises(Conflict, match="is being read now - try again in a moment"):
        house.read(early=True)
    house.clock.advance(timedelta(minutes=20))

    assert house.read().read == 1
    assert house.read() is None  # not due yet
    house.clock.advance(-timedelta(days=30))
    assert house.read() is not None  # the clock had been far ahead


@on_sqlite
def test_a_clock_that_was_ahead_and_is_mended_keeps_nothing_from_being_read(house):
    read = [house.read() is not None]
    for minutes in (1, 60, 40 * 24 * 60):
        house.clock.advance(timedelta(minutes=-minutes))
        read.append(house.read() is not None)

    assert read == [True, False, True, True]


@on_sqlite
def test_a_mail_that_is_our_own_bug_keeps_no_other_from_being_read(house):
    house.folder.mails.append((1, b"nobody knows this"))
    house.comes(fates=[bounce()], tokens=(house.token(house.ada),))

    report = house.read()

    assert (report.read, report.understood) == (2, 1)


@on_sqlite
def test_who_is_to_stop_does_so_between_two_portions_and_goes_on_at_once(house):
    for _ in range(5):
        house.comes(Kind.SPAM, subject="win")

    report = house.read(keep_going=lambda: False)

    assert (report.read, report.more, house.row.due) == (2, True, house.clock())
    assert house.read().read == 3
