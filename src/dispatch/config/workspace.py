"""A workspace: the folder that people edit, as checked values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.config.lines import Lines
from dispatch.model.campaign import Campaign, ChannelPlan, Publisher
from dispatch.model.feed import Feed


@dataclass(frozen=True, slots=True)
class Workspace:
    """What `schedules.yaml` says, checked, and the folder it is in.

    `lines` is for problems that are found later, such as a provider's options.
    `holiday_files` are paths in the folder that campaigns read days from.
    Where no campaign has email, the publisher's sender and public_url may be empty.
    """

    folder: Path
    publisher: Publisher
    feeds: Mapping[str, Feed]
    channels: Mapping[str, ChannelPlan]
    campaigns: Mapping[str, Campaign]
    holiday_files: tuple[str, ...] = ()
    lines: Lines = field(default_factory=Lines, repr=False, compare=False)
