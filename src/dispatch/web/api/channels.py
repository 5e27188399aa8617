"""Channels: how they stand, trying them, and pausing them."""

from collections.abc import Sequence
from typing import Any

from dispatch.errors import Conflict, NotFound
from dispatch.model.team.role import Right
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.delivery.channel_standing import Standing, standings
from dispatch.pipeline.delivery.pause_channel import pause_channel as pause
from dispatch.pipeline.delivery.resume import resume_channel as resume
from dispatch.store.delivery.channel_checks import ChannelCheck
from dispatch.store.events.examinations import Examination
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.channel_options import shown_options
from dispatch.web.api.cursors import PageQuery
from dispatch.web.api.in_order import page_in_order
from dispatch.web.api.operation import Operation
from dispatch.web.api.plan import seen_plan
from dispatch.web.api.shapes.channels import (
    Channels,
    ChannelShape,
    ChannelWhole,
    CheckShape,
    Disconnected,
    ExaminationShape,
    FindingShape,
    PauseBody,
    StopShape,
)


def list_channels(call: Call) -> Channels:
    """List the channels, in the order of schedules.yaml, with how each stands."""
    names = list(call.app.workspace.channels)
    page, onward = page_in_order(names, call.query(PageQuery), str)
    if not page:
        return Channels(items=[], next=None)
    return Channels(
        items=[ChannelShape(**_facts(one)) for one in _standing(call, page)], next=onward
    )


def show_channel(call: Call) -> Answer:
    """Show one channel: who we are there, its pace, its stop, its options.

    Of a secret the name by which it is found is told. The ETag is what changing it needs.
    """
    return Answer(whole_of(call), headers=seen_plan(call))


def check_channel(call: Call) -> CheckShape:
    """Check a channel: it signs in and hangs up, and says who we are there."""
    return _check(call.app.channels.check(standing_of(call).name, by=call.by))


def examine_channel(call: Call) -> ExaminationShape:
    """Have the doctor look at a channel: it signs in and asks the DNS, and nothing leaves."""
    return _examined(call.app.channels.examine(standing_of(call).name, by=call.by))


def pause_channel(call: Call) -> ChannelShape:
    """Pause a channel: nothing leaves over it until somebody lets it go on."""
    name, app = standing_of(call).name, call.app
    reason = call.said(PauseBody).reason
    pause(name, reason=reason, by=call.by, store=app.store, clock=app.clock)
    return ChannelShape(**_facts(standing_of(call)))


def resume_channel(call: Call) -> ChannelShape:
    """Let a channel go on: what waits starts over, with one message at first."""
    name, app = standing_of(call).name, call.app
    if not resume(name, store=app.store, clock=app.clock, by=call.by):
        raise Conflict(f"channel {name}: is not stopped - nothing is to be done")
    return ChannelShape(**_facts(standing_of(call)))


def disconnect_channel(call: Call) -> Disconnected:
    """Forget what the network gave us: the channel waits until a person connects it again."""
    return Disconnected(ended=call.app.channels.access.end(call.part("name"), by=call.by))


def standing_of(call: Call) -> Standing:
    """How the channel of the address stands; raises NotFound."""
    name, channels = call.part("name"), call.app.workspace.channels
    if name not in channels:
        raise NotFound(f"channel {name}: not in schedules.yaml - {did_you_mean(name, channels)}")
    [found] = _standing(call, [name])
    return found


def whole_of(call: Call) -> ChannelWhole:
    """All of the channel of the address."""
    one, app = standing_of(call), call.app
    with app.store.read() as tx:
        examined = tx.examinations.of([one.name]).get(one.name)
    pace = {"per_second": one.plan.pace.per_second, "connections": one.plan.pace.connections}
    return ChannelWhole(
        **_facts(one),
        options=shown_options(one.plan),
        pace={key: value for key, value in pace.items() if value is not None},
        hook=app.channels.hook_address(one.name),
        examined=_examined(examined) if examined else None,
    )


def _standing(call: Call, names: Sequence[str]) -> list[Standing]:
    app = call.app
    found = standings(app.workspace, store=app.store, now=call.now, zone=app.zone, only=names)
    return list(found)


def _facts(one: Standing) -> dict[str, Any]:
    stop, access, able = one.stop, one.access, one.capabilities
    return {
        "name": one.name,
        "provider": one.plan.provider,
        "carries": sorted(kind.value for kind in able.carries) if able else [],
        "state": one.state,
        "problem": one.problem,
        "stop": StopShape(until=stop.until, reason=stop.reason) if stop else None,
        "check": _check(one.check) if one.check else None,
        "waiting": one.waiting,
        "used_today": one.used,
        "per_day": one.most,
        "posted_this_month": one.posted,
        "posts_per_month": one.budget,
        "max_text": one.max_text,
        "access": access.state.value if access else None,
        "access_ends": access.ends if access else None,
        "campaigns": list(one.uses),
    }


def _check(check: ChannelCheck) -> CheckShape:
    return CheckShape(at=check.at, by=check.by, account=check.account, problem=check.problem)


def _examined(found: Examination) -> ExaminationShape:
    return ExaminationShape(
        at=found.at,
        by=found.by,
        findings=[
            FindingShape(kind=one.kind.value, name=one.name, values=dict(one.values))
            for one in found.findings
        ],
    )


_TRY = Right.TRY_CHANNELS
OPERATIONS = (
    Operation("GET", "/channels", list_channels, Right.LOOK, gives=Channels, query=PageQuery),
    Operation("GET", "/channels/{name}", show_channel, Right.LOOK, gives=ChannelWhole),
    Operation("POST", "/channels/{name}/check", check_channel, _TRY, gives=CheckShape, slow=True),
    Operation(
        "POST",
        "/channels/{name}/examine",
        examine_channel,
        _TRY,
        gives=ExaminationShape,
        slow=True,
    ),
    Operation(
        "POST",
        "/channels/{name}/pause",
        pause_channel,
        _TRY,
        gives=ChannelShape,
        takes=PauseBody,
    ),
    Operation("POST", "/channels/{name}/resume", resume_channel, _TRY, gives=ChannelShape),
    Operation(
        "POST",
        "/channels/{name}/disconnect",
        disconnect_channel,
        Right.CHANNELS,
        gives=Disconnected,
    ),
)
