"""Take in one call of a provider: first whether it is the provider's own, then what it tells."""

from collections.abc import Sequence

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.opened import Channel
from dispatch.channels.provider import CallsBack
from dispatch.errors import DispatchError, NotFound, ProviderUnavailable
from dispatch.log import place_of
from dispatch.model.delivery.event import Event


def hear_call(channel: Channel, call: HookCall) -> Sequence[Event]:
    """What a call to the hook of a channel tells, in the order in which it does; keeps nothing.

    Raises NotGenuine and CallUnreadable as the provider does, NotFound where it does not call back,
    and ProviderUnavailable where it fails by a bug: the call may be good, and is to come again.
    """
    provider = channel.provider
    if not isinstance(provider, CallsBack):
        raise NotFound(f"channel {channel.name}: its service does not call back")
    try:
        provider.verify(call)
        told = list(provider.parse_events(call))
        if not all(isinstance(event, Event) for event in told):
            raise TypeError("it gives something that is no event")  # noqa: TRY301 - by a plugin
    except DispatchError:
        raise
    except Exception as caught:  # such as a call of a shape that nobody thought of
        raise ProviderUnavailable(
            f"{channel.name}: {type(caught).__name__} inside the provider ({place_of(caught)}), "
            "while a call was read - see whether the calls are the service's own"
        ) from caught
    return told
