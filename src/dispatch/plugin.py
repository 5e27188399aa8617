"""All that a provider needs, ours or one in a package of its own.

What is named here stays: a later version adds to it, and takes away only with a notice one version
before. Tests of a provider have `dispatch.testing` besides. docs/how-to/write-a-provider.md builds
one.
"""

import typing as _typing

from dispatch.channels.options import Extra, WebAddress, WorkspacePath
from dispatch.channels.provider import (
    READY,
    Account,
    Capabilities,
    Carries,
    Closing,
    Provider,
    Quota,
    Ready,
    Wire,
    Wired,
    WireEvent,
)
from dispatch.clock import Clock
from dispatch.errors import (
    BatchRefused,
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
    EmailForm,
    EmailMessage,
    FilledEmail,
    Mail,
    Message,
    Outcome,
    Refused,
    SocialMessage,
)
from dispatch.model.editions.picture import Picture
from dispatch.model.intake.feed import Image
from dispatch.model.text.counting import Counting
from dispatch.model.text.placeholders import Place, Placeholder, PlaceholderText

if _typing.TYPE_CHECKING:
    from dispatch.channels.http.calls import Api, Reply

__all__ = [
    "READY",
    "Accepted",
    "Account",
    "Address",
    "Api",
    "BatchRefused",
    "Capabilities",
    "Carries",
    "Clock",
    "Closing",
    "Counting",
    "CredentialsRefused",
    "EmailForm",
    "EmailMessage",
    "Extra",
    "FilledEmail",
    "Image",
    "Mail",
    "Message",
    "MessageUnusable",
    "Outcome",
    "OutcomeUnknown",
    "Picture",
    "Place",
    "Placeholder",
    "PlaceholderText",
    "Provider",
    "ProviderError",
    "ProviderUnavailable",
    "Quota",
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


def __getattr__(name: str) -> _typing.Any:
    # Providers that call no HTTP service need not wait for what does.
    if name in {"Api", "Reply"}:
        from dispatch.channels.http import calls  # noqa: PLC0415

        return getattr(calls, name)
    raise AttributeError(f"module 'dispatch.plugin' has no attribute '{name}'")
