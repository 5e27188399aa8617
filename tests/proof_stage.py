"""Somebody joins by a form, confirms, moves to another address and leaves: the story of a proof."""

from datetime import UTC, datetime, timedelta

from dispatch.ids import Ids
from dispatch.model.delivery.message import Address
from dispatch.model.people.form import Form
from dispatch.model.people.reader_mail import ReaderMail, Topic
from dispatch.model.people.sign_up import Profile
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.ask_to_join import Asked, ask_to_join
from dispatch.pipeline.people.change_address import ask_for_new_address, confirm_new_address
from dispatch.pipeline.people.confirm_sign_up import confirm_sign_up
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.leave import leave
from dispatch.pipeline.people.limit_marks import LimitMarks
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock

BEGAN = datetime(2026, 10, 3, 8, 15, tzinfo=UTC)
OLD, NEW = "ada@example.org", "ada@lovelace.example"
FORM = Form(
    "newsletter",
    ("readers",),
    consent="I agree to get The Atelier Letter by email.\nI can take that back at any time.",
    via="mail",
)
PAGE = "https://news.example.org/subscribe/newsletter"
SENDER = Address("letter@atelier.example", "The Atelier Letter")


def tell(store: Store, endings: Endings, clock: FakeClock, ids: Ids) -> Subscriber:
    """Have all of it happen within a month, from BEGAN on; the person, as they are at the end."""
    tools = {"store": store, "clock": clock}
    profile = Profile(name="Ada Lovelace")
    asked = Asked(OLD, profile, FORM.consent, page=PAGE, kept_network="192.0.2.0/24")
    marks = LimitMarks(["a secret of sixteen bytes"], "sign-up")
    ask_to_join(FORM, asked, welcome="", marks=marks, ids=ids, endings=endings, **tools)
    clock.advance(timedelta(seconds=20))
    mail = hand_over(store, clock, Topic.CONFIRM)
    clock.advance(timedelta(minutes=4))
    bearer = Bearer(FORM.name, mail.subject_id)
    confirm_sign_up(bearer, welcome_of=lambda _: "", ids=ids, endings=endings, **tools)
    clock.advance(timedelta(days=9, hours=2))
    reader = find(store, OLD)
    ask_for_new_address(reader, NEW, via="mail", locale="en", ids=ids, **tools)
    clock.advance(timedelta(seconds=30))
    mail = hand_over(store, clock, Topic.NEW_ADDRESS)
    clock.advance(timedelta(minutes=2))
    confirm_new_address(mail.subject_id, via="mail", endings=endings, **tools)
    clock.advance(timedelta(seconds=30))
    hand_over(store, clock, Topic.MOVED)
    clock.advance(timedelta(days=9))
    leave(find(store, NEW), ["readers"], source="unsubscribe link", endings=endings, **tools)
    clock.advance(timedelta(days=4))
    return find(store, NEW)


def find(store: Store, email: str) -> Subscriber:
    with store.read() as tx:
        found = tx.subscribers.find(email)
    assert found is not None
    return found


def hand_over(store: Store, clock: FakeClock, about: Topic) -> ReaderMail:
    """Have the mail server take the mail about this."""
    with store.begin() as tx:
        due = tx.reader_mails.due(now=clock(), limit=9)
        [mail] = [one for one in due if one.about is about]
        tx.reader_mails.accept(mail, now=clock())
    return mail
