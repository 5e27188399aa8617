"""All that a provider needs, ours or one in a package of its own.

What is named here stays: a later version adds to it, and takes away only with a notice one version
before. Tests of a provider have `dispatch.testing` besides. docs/how-to/write-a-provider.md builds
one.
"""

from dispatch.channels.http.calls import Api, Reply
from dispatch.channels.options import Extra, WebAddress, WorkspacePath
from dispatch.channels.provider import (
    READY,
    Capabilities,
    Carries,
    Closing,
    Provider,
    Ready,
    Wire,
    Wired,
    WireEvent,
)
from dispatch.clock import Clock
from dispatch.errors import (
    CredentialsRefused,
    MessageUnusable,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.masking import masked
from dispatch.model.delivery.message import (
    Accepted,
    Address,
    EmailMessage,
    Mail,
    Message,
    Outcome,
    Refused,
    SocialMessage,
)
from dispatch.model.editions.picture import Picture
from dispatch.model.intake.feed import Image
from dispatch.model.text.counting import Counting

__all__ = [
    "READY",
    "Accepted",
    "Address",
    "Api",
    "Capabilities",
    "Carries",
    "Clock",
    "Closing",
    "Counting",
    "CredentialsRefused",
    "EmailMessage",
    "Extra",
    "Image",
    "Mail",
    "Message",
    "MessageUnusable",
    "Outcome",
    "OutcomeUnknown",
    "Picture",
    "Provider",
    "ProviderError",
    "ProviderUnavailable",
    "RateLimited",
    "Ready",
    "Refused",
    "Reply",
    "SocialMessage",
    "TryLater",
    "WebAddress",
    "Wire",
    "WireEvent",
    "Wired",
    "WorkspacePath",
    "masked",
]
