"""A team that has an owner keeps one, whatever happens at once; and its log, on each database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from dispatch.errors import BadInput, Conflict
from dispatch.model.team.role import Role
from dispatch.pipeline.team.add_person import add_person
from dispatch.pipeline.team.change_person import change_person
from dispatch.pipeline.team.end_person import end_person

TIMES = 5


@pytest.fixture
def team(store, clock):
    for handle in ("jean", "josette"):
        email = f"{handle}@atelier.example"
        said = {"name": "", "email": email, "roles": [Role.OWNER], "by": "root"}
        add_person(handle, store=store, clock=clock, **said)
    return {"by": "root", "store": store, "clock": clock}


def owners(store) -> int:
    with store.read() as tx:
        return sum(Role.OWNER in one.roles for one in tx.persons.all())


def test_of_two_owners_who_leave_at_once_one_stays(store, team):
    for _ in range(TIMES):
        together = Barrier(2)

        def leave(handle: str, together=together) -> bool:
            together.wait()
            try:
                if handle == "jean":
                    end_person(handle, **team)
                else:
                    change_person(handle, roles=[Role.VIEWER], **team)
            except Conflict as error:
                return "last owner" not in str(error)
            return True

        with ThreadPoolExecutor(2) as threads:
            done = list(threads.map(leave, ["jean", "josette"]))
        assert sorted(done) == [False, True]
        assert owners(store) == 1
        said = {"name": "", "email": "jean@atelier.example", "roles": [Role.OWNER]}
        if done[0]:
            add_person("jean", **said, **team)
        else:
            change_person("josette", roles=[Role.OWNER], **team)


def test_no_role_at_all_is_none(team):
    with pytest.raises(BadInput):
        change_person("jean", roles=[], **team)


def test_the_log_is_narrowed_on_each_database(store, clock, team):
    end_person("josette", **team)
    with store.begin() as tx:
        tx.audit.add(
            "feed.poll", by="jean", now=clock() - timedelta(days=9), kind="feed", note="Été"
        )

    with store.read() as tx:
        acts = [
            [line.act for line in tx.audit.page(**asked)]
            for asked in (
                {"text": "JEAN@"},
                {"text": "100%_"},
                {"text": "jos", "kinds": ["person"], "by": "root"},
                {"since": clock() - timedelta(days=1), "kinds": ["feed"]},
                {"before": 2},
            )
        ]
        seen = tx.sessions.last_seen()

    assert acts == [[], [], ["person.end", "person.add"], [], ["person.add"]]
    assert seen == {}
