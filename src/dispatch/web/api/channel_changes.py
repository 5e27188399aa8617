"""Channels are connected and changed: tried first, then written into schedules.yaml."""

from collections.abc import Mapping
from typing import Any

from dispatch.channels.find import provider_names
from dispatch.config.splice.change import Put, Remove
from dispatch.errors import BadInput, Conflict
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.team.role import Right
from dispatch.model.text.suggestions import did_you_mean
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.channel_options import check_channel_options
from dispatch.web.api.channels import standing_of
from dispatch.web.api.operation import Operation
from dispatch.web.api.plan import change_plan, merged, plan_tag
from dispatch.web.api.shapes.channels import ChannelPatch, NewChannel, PacePatch
from dispatch.web.api.shapes.plan import ChangeQuery, PlanChanged


def connect_channel(call: Call) -> Answer:
    """Connect a channel: it is tried, then written into schedules.yaml.

    One whose network wants a person to agree in a browser is written without a try: they connect
    it on its page.
    """
    said = call.said(NewChannel)
    if said.provider not in provider_names():
        advice = did_you_mean(said.provider, provider_names())
        raise BadInput([f"provider: '{said.provider[:80]}' is unknown - {advice}"])
    if said.name in call.app.workspace.channels:
        raise Conflict(f"channel {said.name}: is there already - choose another name")
    plan = ChannelPlan(name=said.name, provider=said.provider, options=merged({}, said.options))
    return _written(call, plan, {}, said.pace, anyway=said.anyway, is_new=True)


def change_channel(call: Call) -> Answer:
    """Change a channel's options or pace; it is tried before it is written."""
    said, before = call.said(ChannelPatch), standing_of(call).plan
    options = merged(before.options, said.options or {})
    plan = ChannelPlan(name=before.name, provider=before.provider, options=options)
    return _written(call, plan, before.options, said.pace, anyway=said.anyway, is_new=False)


def _written(
    call: Call,
    plan: ChannelPlan,
    before: Mapping[str, Any],
    pace: PacePatch | None,
    *,
    anyway: bool,
    is_new: bool,
) -> Answer:
    check_channel_options(call, plan, before)
    channels, place = call.app.channels, ("channels", plan.name)
    changes: list[Put | Remove] = [Put((*place, "provider"), plan.provider)] if is_new else []
    if plan.options:
        changes.append(Put((*place, "options"), dict(plan.options)))
    else:
        changes.append(Remove((*place, "options")))
    for key, value in pace.model_dump(exclude_unset=True).items() if pace else ():
        where = (*place, "pace", key)
        changes.append(Remove(where) if value is None else Put(where, value))
    tried = None
    if not channels.access.is_needed(plan):
        tried = channels.try_plan(plan)
        if tried.problem and not anyway:
            advice = "mend that, or say 'anyway': true"
            raise BadInput([f"options: trying the channel failed: {tried.problem} - {advice}"])

    def keep() -> None:
        if tried is not None:
            channels.keep_tried(plan.name, tried, by=call.by)

    return change_plan(
        call,
        changes,
        name=plan.name,
        act="channel.connect" if is_new else "channel.change",
        kind="channel",
        place=f"channels.{plan.name}",
        is_new=is_new,
        after=keep,
    )


OPERATIONS = (
    Operation(
        "POST",
        "/channels",
        connect_channel,
        Right.CHANNELS,
        gives=PlanChanged,
        takes=NewChannel,
        query=ChangeQuery,
        slow=True,
    ),
    Operation(
        "PATCH",
        "/channels/{name}",
        change_channel,
        Right.CHANNELS,
        gives=PlanChanged,
        takes=ChannelPatch,
        query=ChangeQuery,
        tag=plan_tag,
        slow=True,
    ),
)
