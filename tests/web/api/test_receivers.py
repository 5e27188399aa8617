"""Programs that are told things, over the API."""

from api_stage import calling
from dispatch.model.notify.notification import NotificationState
from dispatch.model.notify.types import Type
from dispatch.model.team.role import Role
from dispatch.store.notify.lanes import Attempt
from team_house import WEEK, tell_programs


def test_what_a_receiver_has_not_taken_is_listed_to_its_end(app):
    tell_programs(app)
    with app.store.begin() as tx:
        now = app.clock()
        for number in range(3):
            tx.notifications.add(Type.POST_ARRIVED, {"id": str(number)}, now=now)
        mine = tx.notification_lanes.claim("crm", limit=9, now=now, lease=WEEK)
        lost = [Attempt(one.id, NotificationState.FAILED) for one in mine]
        tx.notification_lanes.note(lost, now=now)

    query, found = {"state": "failed", "limit": 2}, []
    with calling(app, Role.ADMIN) as api:
        while query:
            page = api.get("/receivers/crm/notifications", params=query).json()
            found += [int(one["id"]) for one in page["items"]]
            query = query | {"cursor": page["next"]} if page["next"] else {}

    assert found == sorted((one.id for one in mine), reverse=True)
    assert len(found) == 4
