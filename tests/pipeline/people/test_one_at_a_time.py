"""Two processes bring in the same person at once, on PostgreSQL: they have agreed once."""

from contextlib import closing
from threading import Thread

import pytest

from dispatch.errors import Conflict
from dispatch.ids import new
from dispatch.pipeline.people.add_subscriber import add_subscriber
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.return_to_audience import return_to_audience
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.store.transactions import Store
from patience import PATIENCE
from pipeline_samples import MARKERS, row

ADA = "ada@example.org"


@pytest.fixture
def store(postgres_url):
    with closing(Store(postgres_url)) as store:
        yield store


def add(store, clock, *, audience="readers", ids=new, **said):
    tools = {"store": store, "clock": clock, "ids": ids, "markers": MARKERS}
    return add_subscriber(row(ADA, **said), audience, **tools)


def words(store):
    with store.read() as tx:
        ada = tx.subscribers.find(ADA)
        return ada, [one.audience for one in tx.record.words(ada.id)]


@pytest.mark.parametrize("audience", ["readers", "others"])
def test_who_is_brought_in_twice_at_once_is_brought_in_once(store, clock, audience):
    came = []

    def in_between():
        if not came:
            came.append(None)
            came.append(add(store, clock, audience=audience, name="Ada"))
        return new()

    second = add(store, clock, ids=in_between)

    ada, said = words(store)
    assert (came[1].new, second.new) == (True, audience != "readers")
    assert sorted(said) == sorted({"readers", audience})
    assert ada.name == "Ada"  # and not emptied by who did not know it


def test_who_comes_back_twice_at_once_comes_back_once(store, clock, endings):
    tools = {"store": store, "clock": clock, "endings": endings}
    add(store, clock)
    end_all_subscriptions(ADA, source="a word", **tools)
    others = []

    def back(ids=new):
        try:
            how = {"source": "by phone", "audiences": ["readers"], "ids": ids}
            return return_to_audience(ADA, "readers", **how, **tools)
        except Conflict as error:
            return str(error)

    with store.begin() as tx:  # as the first has it: until it is kept the second waits
        ada = tx.subscribers.find(ADA)
        tx.preferences.lock(ada.id)
        threads = [Thread(target=lambda: others.append(back())) for _ in range(2)]
        for one in threads:
            one.start()
    for one in threads:
        one.join(PATIENCE)
    erase_person(ada, source="asked", **tools)

    def in_between():
        if len(others) == 2:
            others.append(None)
            others.append(back())
        return new()

    others.append(back(in_between))

    assert sorted(others[:2]) == [f"{ADA}: is in readers - nothing was changed", "readers"]
    assert others[3:] == ["readers", f"{ADA}: is in readers - nothing was changed"]
