"""The mark of an account: the same for two channels that lead to the same one."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from dispatch.channels.provider import Connects, Provider
from dispatch.model.campaigns.campaign import ChannelPlan


def account_mark(plan: ChannelPlan, provider: Provider[Any]) -> str:
    """64 hex digits for what is written of the account, secrets by their names only.

    The provider says which options tell accounts apart. Where it names none, or none of them is
    written, all do; but who gives access by agreeing at the network is in no option: there a token
    of one's own tells, or else the channel's name.
    """
    written, named = plan.options, provider.capabilities.account_options
    told = _of(written, *named)
    if not told and isinstance(provider, Connects):
        told = _of(written, "token") or {"channel": plan.name}
    text = json.dumps([plan.provider, told or written], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _of(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: options[name] for name in names if options.get(name)}
