"""By which way a channel can tell what came later, and whether that way is open."""

from enum import StrEnum

from dispatch.channels.find import find_provider
from dispatch.channels.provider import Hook
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import ChannelPlan


class Feedback(StrEnum):
    """How we hear what came later of what went over a channel."""

    HOOK = "hook"  # its service calls us
    NO_HOOK = "no hook"  # it would, but the option that proves its calls is not there
    MAILBOX = "mailbox"  # bounces come as mails, which are read
    NO_MAILBOX = "no mailbox"  # they come as mails, and no mailbox is named
    NONE = "none"  # nothing can come back

    @property
    def is_open(self) -> bool:
        """Whether something can come."""
        return self in {Feedback.HOOK, Feedback.MAILBOX}

    @property
    def is_shut(self) -> bool:
        """Whether something could come, if somebody set it up."""
        return self in {Feedback.NO_HOOK, Feedback.NO_MAILBOX}


def feedback_of(plan: ChannelPlan, *, mailbox: bool) -> Feedback:
    """How a channel is heard; `mailbox` is whether the workspace names one for bounces.

    What could be heard in both ways is heard in that which is set up.
    """
    hook, envelope = hook_of(plan), keeps_envelope(plan)
    if hook and plan.options.get(hook.option):
        return Feedback.HOOK
    if envelope and mailbox:
        return Feedback.MAILBOX
    if hook:
        return Feedback.NO_HOOK
    return Feedback.NO_MAILBOX if envelope else Feedback.NONE


def hook_of(plan: ChannelPlan) -> Hook | None:
    """How its service calls us; None where it does not, or where nobody knows the provider."""
    try:
        hook = getattr(find_provider(plan.provider), "hook", None)
    except NotFound:
        return None
    return hook if isinstance(hook, Hook) else None


def hook_address(public_url: str, channel: str) -> str:
    """The address of ours that a channel's service calls."""
    return f"{public_url}/hooks/{channel}"


def keeps_envelope(plan: ChannelPlan) -> bool:
    """Whether what cannot be delivered comes back as mail to the workspace's own mailbox."""
    try:
        return find_provider(plan.provider).capabilities.keeps_envelope
    except NotFound:
        return False


def how_to_hear(channel: str, way: Feedback) -> str:
    """What to do about a channel that tells nothing, as commands say it."""
    if way is Feedback.NO_MAILBOX:
        advice = "name the mailbox that its mails come back to under 'bounces' in schedules.yaml"
    else:
        advice = "see 'dispatch channels list' for how its service can call us"
    return f"channel {channel}: tells nothing of what came later - {advice}"
