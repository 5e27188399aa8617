"""A store with receivers, and a transport that answers as a test says."""

import base64
import json
import random
from collections.abc import Callable, Sequence

import httpx
from standardwebhooks import Webhook

from dispatch.model.notify.receiver import ALL, ReceiverPlan
from dispatch.pipeline.notify.pace import Pace
from dispatch.pipeline.notify.sign import key_of
from dispatch.pipeline.notify.tell import Caller, tell_receiver

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()

Answering = Callable[[httpx.Request], httpx.Response]


def plan(name: str = "crm", *, events: Sequence[str] = ALL, url: str = "", **said) -> ReceiverPlan:
    address = url or f"https://{name}.example/hook"
    return ReceiverPlan(name, address, ("env:SECRET",), tuple(events), **said)


class Stage:
    """Receivers that are told things by one process."""

    def __init__(self, store, clock):
        self.store, self.clock = store, clock
        self.called: list[httpx.Request] = []
        self.answer: Answering = lambda _: httpx.Response(204)
        self.paces: dict[str, Pace] = {}
        self.keep_going = True
        self.keys = [key_of(SECRET)]

    def follow(self, *plans: ReceiverPlan) -> None:
        with self.store.begin() as tx:
            tx.receivers.follow({one.name: one for one in plans}, now=self.clock())

    def happens(self, type_, data, *, subject: str = "") -> None:
        with self.store.begin() as tx:
            tx.notifications.add(type_, data, subject=subject, now=self.clock())

    def tell(self, to: ReceiverPlan, **how) -> int:
        with httpx.Client(transport=httpx.MockTransport(self._answer)) as http:
            caller = Caller(
                store=self.store,
                http=http,
                clock=self.clock,
                rng=random.Random(1),
                keep_going=lambda: self.keep_going,
            )
            pace = self.paces.setdefault(to.name, Pace())
            return tell_receiver(to, pace, keys=self.keys, caller=caller, **how)

    def all(self, name: str = "crm"):
        with self.store.read() as tx:
            return list(reversed(tx.listed_notifications.page(name, limit=200)))

    def bodies(self, name: str = "crm"):
        return [json.loads(one.body) for one in self.all(name)]

    def receiver(self, name: str = "crm"):
        with self.store.read() as tx:
            return tx.receivers.get(name)

    def verified(self, secret: str = SECRET):
        """What was called, as a receiver reads it who checks the signature."""
        return [Webhook(secret).verify(one.content, dict(one.headers)) for one in self.called]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.called.append(request)
        return self.answer(request)
