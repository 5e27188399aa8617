"""Options of a channel: shown without secrets, and looked at before they are written."""

from collections.abc import Iterator, Mapping
from typing import Any

from dispatch.channels.find import find_provider
from dispatch.channels.open import check_options
from dispatch.channels.secret_options import (
    HIDDEN,
    is_reference,
    secret_options,
    without_secrets,
)
from dispatch.errors import BadInput, NotFound
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.web.api.call import Call

FILE = "file:"


def shown_options(plan: ChannelPlan) -> dict[str, Any]:
    """As the file has them, without secrets; of an unknown provider all may be one."""
    try:
        secrets = secret_options(find_provider(plan.provider).Options)
    except NotFound:
        secrets = frozenset(plan.options)
    return without_secrets(plan.options, secrets)


def check_channel_options(call: Call, plan: ChannelPlan, before: Mapping[str, Any]) -> None:
    """Raise BadInput with all that is wrong with the options of a channel that is to be written.

    A secret is told by its name; a new file only in schedules.yaml itself: who has no more than a
    token would learn what is in any file of this machine by sending it elsewhere.
    """
    found = [*_told_openly(plan, before)]
    if not found:
        problems = check_options(plan, call.app.channels.secret)
        found = [f"{one.key}: {one.problem} - {one.advice}" for one in problems]
    if found:
        raise BadInput(found)


def _told_openly(plan: ChannelPlan, before: Mapping[str, Any]) -> Iterator[str]:
    secrets = secret_options(find_provider(plan.provider).Options)
    for name, value in plan.options.items():
        if value == before.get(name):
            continue
        if any(str(one).startswith(FILE) for one in _texts(value)):
            yield f"options.{name}: names a file - write it into schedules.yaml by hand"
        elif name in secrets and not all(map(is_reference, _texts(value))):
            advice = "put it into an environment variable, and name that: env:NAME"
            yield f"options.{name}: is a secret, or '{HIDDEN}' - {advice}"


def _texts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    else:
        yield value
