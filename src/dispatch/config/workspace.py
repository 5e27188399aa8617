"""A workspace: the folder that people edit, as checked values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dispatch.model.campaign import Campaign, ChannelPlan, Publisher
from dispatch.model.feed import Feed


@dataclass(frozen=True, slots=True)
class Workspace:
    """What `schedules.yaml` says, checked, and the folder it is in."""

    folder: Path
    publisher: Publisher
    feeds: Mapping[str, Feed]
    channels: Mapping[str, ChannelPlan]
    campaigns: Mapping[str, Campaign]
