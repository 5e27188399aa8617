"""What programs elsewhere are told."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING

from dispatch.app.http_clients import HttpClient, client_for_receivers
from dispatch.app.tools import Tools
from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, InvalidValueError
from dispatch.config.schedules.load import FILE
from dispatch.errors import BadInput, DispatchError, NotFound
from dispatch.model.notify.notification import Notification
from dispatch.model.notify.receiver import Receiver, ReceiverPlan

if TYPE_CHECKING:
    from dispatch.app.channels import Channels
    from dispatch.pipeline.notify.call import Answer
    from dispatch.pipeline.notify.pace import Pace
    from dispatch.pipeline.notify.tell import Caller

PAGE = 50

MOST_AT_ONCE = 32
"""Receivers that one process tells things at once. Each takes a thread, and its calls up to eight.

One that hangs gives its place back after the 15 seconds of a call, and those that have failed come
after the others: however many are dead, one that answers is told within seconds.
"""


class Notify:
    """The receivers of a workspace, and what waits for them."""

    def __init__(self, tools: Tools, channels: "Channels") -> None:
        self._tools = tools
        self._channels = channels
        self._paces: dict[str, Pace] = {}
        self._clients: dict[tuple[str, bool], HttpClient] = {}
        self._turns = count(1)

    def receivers(self) -> list[Receiver]:
        """How it goes with each of them."""
        with self._tools.store.read() as tx:
            return tx.receivers.all()

    def plan(self, name: str) -> ReceiverPlan:
        """What the file says of one; raises NotFound."""
        plans = self._tools.files.workspace.notify
        if name not in plans:
            raise NotFound(f"receiver {name}: not in schedules.yaml - see 'dispatch notify list'")
        return plans[name]

    def page(
        self, name: str, *, before: int | None = None, limit: int = PAGE, only_failed: bool = False
    ) -> list[Notification]:
        """What one was told, or has not taken, newest first."""
        self.plan(name)
        with self._tools.store.read() as tx:
            return tx.listed_notifications.page(
                name, before=before, limit=limit, only_failed=only_failed
            )

    def get(self, number: int) -> Notification:
        """One notification; raises NotFound."""
        with self._tools.store.read() as tx:
            return tx.listed_notifications.get(number)

    def replay(self, numbers: Sequence[int], *, by: str) -> int:
        """Have some told once more; how many."""
        from dispatch.pipeline.notify.again import replay

        return replay(numbers, by=by, store=self._tools.store, clock=self._tools.clock)

    def replay_failed(self, name: str, *, by: str) -> int:
        """Have all told once more that one has not taken; how many."""
        from dispatch.pipeline.notify.again import replay_failed

        return replay_failed(name, by=by, store=self._tools.store, clock=self._tools.clock)

    def resume(self, name: str, *, by: str) -> Receiver:
        """Tell one things again; raises Conflict where it is told them."""
        from dispatch.pipeline.notify.again import resume

        return resume(name, by=by, store=self._tools.store, clock=self._tools.clock)

    def test(self, name: str, *, by: str) -> "tuple[Notification, Answer]":
        """Call one, now; raises BadInput where its secret cannot be had."""
        from dispatch.pipeline.notify.again import ping
        from dispatch.pipeline.notify.tell import tell_one

        tools, plan = self._tools, self.plan(name)
        keys = self._keys(plan)
        made = ping(plan, by=by, store=tools.store, clock=tools.clock, ids=tools.new_id)
        return made, tell_one(made, plan, keys=keys, caller=self._caller(plan))

    def due(self) -> list[str]:
        """Whom there is something to be told, and who is not left alone for now.

        Who has failed comes last, and who had a turn the longest ago first.
        """
        from dispatch.pipeline.notify.pace import Pace

        now = self._tools.clock()
        with self._tools.store.read() as tx:
            due = tx.receivers.due(now=now)
        plans = self._tools.files.workspace.notify
        paces = {
            name: pace
            for name, changed_at in due
            if name in plans
            and (pace := self._paces.setdefault(name, Pace())).may_go(
                now=now, changed_at=changed_at
            )
        }
        return sorted(paces, key=lambda name: (paces[name].failures > 0, paces[name].turn))

    def tell(self, name: str, *, others_wait: Callable[[], bool] = lambda: False) -> int:
        """Tell one all that is due; how much it took. Raises BadInput for its secret.

        Where others wait for their turn it is told some of it.
        """
        from dispatch.pipeline.notify.pace import Pace
        from dispatch.pipeline.notify.tell import tell_receiver

        plan = self.plan(name)
        pace = self._paces.setdefault(name, Pace())
        pace.turn = next(self._turns)
        try:
            keys = self._keys(plan)
        except BadInput:
            pace.went_wrong(now=self._tools.clock(), rng=self._tools.rng, at_least=None)
            raise
        caller = self._caller(plan)
        return tell_receiver(plan, pace, keys=keys, caller=caller, others_wait=others_wait)

    def tell_due(self) -> tuple[int, list[str]]:
        """Tell all what is due; how much they took, and what kept some from being told.

        What was told long ago is forgotten: where this is called, nobody else may do so. Raises
        UnknownDatabase where nothing may go out.
        """
        tools, due = self._tools, self.due()
        tools.guard.check(tools.store)
        self.forget()
        if not due:
            return 0, []
        took, problems = 0, []
        at_once = min(len(due), MOST_AT_ONCE)
        with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="receiver") as threads:
            for telling in [threads.submit(self.tell, name) for name in due]:
                try:
                    took += telling.result()
                except DispatchError as error:
                    problems.append(str(error))
        return took, problems

    def forget(self) -> int:
        """Forget what was told long ago; how many."""
        from dispatch.pipeline.notify.forget import forget_notifications

        tools = self._tools
        return forget_notifications(
            store=tools.store, clock=tools.clock, keep_going=tools.keep_going
        )

    def close(self) -> None:
        """Let go of connections."""
        for client in self._clients.values():
            client.close()

    def _caller(self, plan: ReceiverPlan) -> "Caller":
        from dispatch.pipeline.notify.tell import Caller

        tools = self._tools
        client = self._client(plan)
        client.call_ourselves(tools.files.workspace.publisher.public_url)
        return Caller(
            store=tools.store,
            http=client(),
            clock=tools.clock,
            rng=tools.rng,
            keep_going=tools.keep_going,
        )

    def _keys(self, plan: ReceiverPlan) -> list[bytes]:
        from dispatch.pipeline.notify.sign import key_of

        at = ("notify", plan.name, "secret")
        line = self._tools.files.workspace.lines.of(*at)
        try:
            return [key_of(self._channels.secret(one).get_secret_value()) for one in plan.secrets]
        except InvalidValueError as error:
            raise BadInput(
                [FileProblem(FILE, line, dotted(at), error.problem, error.advice)]
            ) from error

    def _client(self, plan: ReceiverPlan) -> HttpClient:
        """A client for each: calls that hang would have a common pool close what others keep."""
        at = (plan.name, plan.is_private)
        if at not in self._clients:
            self._clients[at] = client_for_receivers(self._tools.settings, private=plan.is_private)
        return self._clients[at]
