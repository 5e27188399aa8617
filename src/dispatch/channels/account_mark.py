"""The mark of an account: the same for two channels that lead to the same one."""

import hashlib
import json
from typing import Any

from dispatch.channels.provider import Connects, Provider
from dispatch.model.campaigns.campaign import ChannelPlan


def account_mark(plan: ChannelPlan, provider: Provider[Any]) -> str:
    """64 hex digits for what is written of the account, secrets by their names only.

    The provider says which options tell accounts apart; where it names none, all do. One that gets
    its access after a person has agreed there may have several accounts for the same options: there
    the channel's name tells them apart, too.
    """
    named = provider.capabilities.account_options
    told = {name: value for name, value in plan.options.items() if not named or name in named}
    connected = not named and isinstance(provider, Connects) and "token" not in plan.options
    parts = [plan.provider, told, plan.name if connected else ""]
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
