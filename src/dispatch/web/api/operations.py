"""Every operation of the API: each noun has its own, in a file of its name."""

from dispatch.web.api import (
    calendar,
    campaign_changes,
    campaigns,
    channel_changes,
    channels,
    feed_changes,
    feeds,
    forms,
    me,
    posts,
    schedules,
    settings,
    templates,
    tokens,
)
from dispatch.web.api.editions import decisions
from dispatch.web.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *calendar.OPERATIONS,
    *campaigns.OPERATIONS,
    *campaign_changes.OPERATIONS,
    *channels.OPERATIONS,
    *channel_changes.OPERATIONS,
    *feeds.OPERATIONS,
    *feed_changes.OPERATIONS,
    *forms.OPERATIONS,
    *me.OPERATIONS,
    *posts.OPERATIONS,
    *schedules.OPERATIONS,
    *settings.OPERATIONS,
    *templates.OPERATIONS,
    *tokens.OPERATIONS,
    *decisions.OPERATIONS,
)
