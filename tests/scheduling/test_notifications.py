"""Programs are told things some at a time, and those that do not answer come last."""

from threading import Event
from types import SimpleNamespace

import pytest

from dispatch.app.notify import Notify
from dispatch.model.notify.types import Type
from dispatch.pulse import Pulse
from dispatch.scheduling.notifications import Notifier
from notify_stage import Stage, plan
from on_sqlite import on_sqlite
from patience import PATIENCE


class Told:
    """Programs that take as long as a test says, and when each had its turn."""

    def __init__(self, *names: str) -> None:
        self.names, self.turns = list(names), []
        self.begun = {name: Event() for name in names}
        self.go_on = {name: Event() for name in names}
        self.waits = {}

    def due(self):
        return list(self.names)

    def tell(self, name, *, others_wait):
        self.turns.append(name)
        self.waits[name] = others_wait
        self.begun[name].set()
        assert self.go_on[name].wait(PATIENCE)


@pytest.fixture
def stage(store, clock):
    return Stage(store, clock)


@pytest.fixture
def told():
    return Told("a", "b", "c")


@pytest.fixture
def notifier(told):
    app = SimpleNamespace(
        stopping=Event(),
        workspace=SimpleNamespace(notify={"a": plan("a")}),
        notify=told,
        pulse=Pulse(),
        check_database=lambda: None,
    )
    notifier = Notifier(app, most=2)
    yield notifier
    for one in told.go_on.values():
        one.set()
    notifier.stop()


def test_no_more_are_told_at_once_than_there_may_be_and_the_next_has_the_first_free_place(
    notifier, told
):
    notifier.look()
    assert all(told.begun[name].wait(PATIENCE) for name in "ab")
    notifier.look()
    before, asked_to_hurry = list(told.turns), told.waits["a"]()

    told.names = ["c"]
    told.go_on["a"].set()
    notifier._telling["a"].join()
    notifier.look()

    assert told.begun["c"].wait(PATIENCE)
    assert (sorted(before), asked_to_hurry, told.waits["b"]()) == (["a", "b"], True, False)


@on_sqlite
def test_who_has_failed_comes_last_and_who_had_no_turn_for_longest_first(stage, clock):
    plans = [plan(name) for name in ("dead", "one", "two")]
    stage.follow(*plans)
    stage.happens(Type.POST_ARRIVED, {"id": "1"})
    workspace = SimpleNamespace(notify={one.name: one for one in plans})
    tools = SimpleNamespace(
        store=stage.store, clock=clock, files=SimpleNamespace(workspace=workspace)
    )
    notify = Notify(tools, channels=None)
    first = notify.due()

    notify._paces["dead"].failures = 1
    notify._paces["one"].turn = 1

    assert first == ["dead", "one", "two"]
    assert notify.due() == ["two", "one", "dead"]


@on_sqlite
def test_where_others_wait_one_is_told_some_and_the_rest_at_its_next_turn(stage):
    stage.follow(plan())
    for number in range(20):
        stage.happens(Type.POST_ARRIVED, {"id": str(number)})

    some = stage.tell(plan(), others_wait=lambda: True)

    assert (some, stage.tell(plan())) == (8, 12)
