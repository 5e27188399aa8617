"""Making mails, without sending them: compiled messages filled in, against full renders.

`python -m benchmarks.filling FOLDER EDITION [--rounds N]` prints JSON: mails a second of CPU.
"""

import argparse
import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.workspace import opened
from dispatch.channels.mail.mime import to_mime
from dispatch.clock import system_clock
from dispatch.model.delivery.message import Address
from dispatch.model.delivery.state import Delivery
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.messages.make import MessageMaker

SECONDS = 0.5
"""How long each way is tried in a round."""

Make = Callable[[Delivery, Subscriber], bytes]


def main() -> None:
    """Make the mails of an edition's people over and over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("edition")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    with opened(given.folder, "") as app:
        with app.store.read() as tx:
            edition = tx.editions.get(given.edition)
            people = {person.id: person for person in tx.subscribers.active("readers")}
            deliveries = list(tx.deliveries.latest(edition=edition))
        maker = MessageMaker(edition, app.channels.get("mail"), app.tools.links)
    both = [(one, people[one.subscriber_id]) for one in deliveries if one.subscriber_id]

    def rendered(delivery: Delivery, person: Subscriber) -> bytes:
        return to_mime(maker.digest(delivery, person), date=system_clock())

    def made(delivery: Delivery, person: Subscriber) -> bytes:
        return maker.mail(delivery, person).data

    forms = {person.id: maker.form_for(person) for _, person in both}

    def filled(delivery: Delivery, person: Subscriber) -> bytes:
        found = forms[person.id]
        assert found is not None, "the template cannot be compiled"
        form, values = found
        to = Address(delivery.recipient, person.name)
        return b"".join(form.fill(to, delivery.edition_id, values))

    ways: dict[str, Make] = {"rendered": rendered, "filled": filled, "made": made}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    sizes = {"mail_bytes": len(rendered(*both[0])), "filled_bytes": len(filled(*both[0]))}
    for _ in range(given.rounds):
        for name, make in ways.items():
            rates[name].append(_rate(make, both, given.seconds))
    print(json.dumps(sizes | rates))


def _rate(make: Make, both: list[tuple[Delivery, Subscriber]], seconds: float) -> float:
    began = time.thread_time()
    for made, (delivery, person) in enumerate(itertools.cycle(both), start=1):
        make(delivery, person)
        spent = time.thread_time() - began
        if spent >= seconds:
            return made / spent
    raise AssertionError


if __name__ == "__main__":
    main()
