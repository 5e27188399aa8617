"""Drives a wire as the engine does, and judges what it tells by what the server took."""

import time
from collections import deque
from dataclasses import dataclass, field

from dispatch.channels.provider import Ready
from dispatch.errors import OutcomeUnknown, ProviderError
from dispatch.model.delivery.message import Accepted
from patience import PATIENCE


@dataclass
class Drive:
    """How mails came out, by recipient; `stopped` is what `poll` raised, if it did."""

    came_out: dict = field(default_factory=dict)
    told_ready: set = field(default_factory=set)
    most_in_flight: int = 0
    stopped: ProviderError | None = None

    def kinds(self):
        return {type(what) for what in self.came_out.values()}

    def of(self, kind):
        return [to for to, what in self.came_out.items() if isinstance(what, kind)]


def drive(wire, mails, *, handed_before=()):
    """Hand over all mails, or as many as can be until the wire raises."""
    result = Drive()
    waiting, offered = deque(mails), {}
    handed = {mail.id for mail in handed_before}
    give_up = time.monotonic() + PATIENCE
    while waiting or offered or handed:
        assert time.monotonic() < give_up, f"nothing comes of {list(offered)} and {handed}"
        batch = [waiting.popleft() for _ in range(min(wire.room, len(waiting)))]
        offered.update((mail.id, mail) for mail in batch)
        wire.offer(batch)
        try:
            events = wire.poll(1)
        except ProviderError as error:
            result.stopped = error
            offered.clear()
            waiting.clear()
            continue
        ready = []
        for mail, what in events:
            if isinstance(what, Ready):
                ready.append(offered.pop(mail.id))
                handed.add(mail.id)
                result.told_ready.add(mail.recipient)
            else:
                assert mail.recipient not in result.came_out, "came out twice"
                assert mail.id in offered or mail.id in handed
                offered.pop(mail.id, None)
                handed.discard(mail.id)
                result.came_out[mail.recipient] = what
        wire.hand_over(ready)
        result.most_in_flight = max(result.most_in_flight, wire.in_flight)
    return result


def judge(result, mails, copies):
    """Nobody twice; what the wire says of each mail is what the server has."""
    for mail in mails:
        to = mail.recipient
        told = result.came_out.get(to)
        if isinstance(told, Accepted):
            assert copies[to] == 1, f"{to}: accepted, and the server has {copies[to]}"
        elif isinstance(told, OutcomeUnknown):
            assert copies[to] <= 1
        else:
            assert copies[to] == 0, f"{to}: {told!r}, and the server has {copies[to]}"
            assert told is not None or result.stopped, f"{to} is lost"
