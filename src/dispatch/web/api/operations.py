"""Every operation of the API: each noun has its own, in a file of its name."""

from dispatch.web.api import (
    audit,
    calendar,
    campaign_changes,
    campaigns,
    channel_changes,
    channels,
    feed_changes,
    feeds,
    forms,
    me,
    people,
    posts,
    runs,
    schedules,
    settings,
    templates,
    tokens,
)
from dispatch.web.api.editions import decisions, deliveries, edits, listed, previews, sending
from dispatch.web.api.operation import Operation
from dispatch.web.api.readers import operations as readers

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
    *listed.OPERATIONS,
    *previews.OPERATIONS,
    *edits.OPERATIONS,
    *decisions.OPERATIONS,
    *sending.OPERATIONS,
    *deliveries.OPERATIONS,
    *runs.OPERATIONS,
    *people.OPERATIONS,
    *audit.OPERATIONS,
    *readers.OPERATIONS,
)
