"""All that a provider needs, ours or one in a package of its own.

What is named here stays: a later version adds to it, and takes away only with a notice one version
before. Tests of a provider have `dispatch.testing` besides. docs/how-to/write-a-provider.md builds
one.
"""

import importlib as _importlib
import typing as _typing

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.options import (
    ApiAddress,
    Extra,
    SecretAddress,
    WebAddress,
    WorkspacePath,
    secret_address,
    secrets_of,
)
from dispatch.channels.provider import (
    READY,
    Account,
    CallsBack,
    Capabilities,
    Carries,
    Closing,
    Connects,
    Deletes,
    Edits,
    Finds,
    Hook,
    PictureLimits,
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
    CallUnreadable,
    CredentialsRefused,
    MessageUnusable,
    NotAllowed,
    NotGenuine,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.masking import masked
from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.delivery.message import (
    Accepted,
    Address,
    Card,
    EmailForm,
    EmailMessage,
    FilledEmail,
    Mail,
    Message,
    Outcome,
    Refused,
    SocialMessage,
    SocialPicture,
)
from dispatch.model.delivery.published import Published
from dispatch.model.delivery.tokens import Tokens
from dispatch.model.editions.picture import Picture
from dispatch.model.intake.feed import Image
from dispatch.model.text.counting import Counter, Counting
from dispatch.model.text.facets import Facet, FacetKind, facets_in
from dispatch.model.text.hashtags import hashtags_in
from dispatch.model.text.languages import language_tag
from dispatch.model.text.links import links_in
from dispatch.model.text.placeholders import Place, Placeholder, PlaceholderText
from dispatch.model.text.plain_text import one_line, shorten
from dispatch.retry_after import retry_after

if _typing.TYPE_CHECKING:
    from dispatch.channels.hooks.bodies import events_in, value_in
    from dispatch.channels.hooks.proof import (
        check_basic,
        check_configured,
        check_header,
        check_hmac,
        check_window,
    )
    from dispatch.channels.hooks.public_key import check_signature
    from dispatch.channels.hooks.reading import (
        address_at,
        delivery_in_tag,
        first_at,
        iso_moment,
        objects_at,
        text_at,
        unix_moment,
        value_at,
    )
    from dispatch.channels.hooks.server_words import is_gone
    from dispatch.channels.hooks.shared import check_shared
    from dispatch.channels.hooks.sns import SnsNotification, SnsService, SnsSubscription, TopicArns
    from dispatch.channels.hooks.standard import check_standard
    from dispatch.channels.http.braces import braces_as_fields, without_braces
    from dispatch.channels.http.calls import Api, preparing
    from dispatch.channels.http.fields import FieldSyntax, WrittenForm, write_form
    from dispatch.channels.http.json_form import JSON_CONTENT, JsonForm, json_with, within_json
    from dispatch.channels.http.keyed_thread import post_keyed_thread, thread_keys
    from dispatch.channels.http.links import links_apart
    from dispatch.channels.http.lists import some_of
    from dispatch.channels.http.little_text import read_little, write_little
    from dispatch.channels.http.oauth import Access, ConnectedOptions, OAuth
    from dispatch.channels.http.outcomes import outcome_of_each, unless_all_failed
    from dispatch.channels.http.reply import ERROR_KEYS, Reply
    from dispatch.channels.http.thread import find_thread, post_thread
    from dispatch.channels.http.untried import account_of_host
    from dispatch.channels.mail.headers import (
        encoded,
        mail_address,
        mailbox,
        person,
        quoted,
        readable_mailbox,
    )
    from dispatch.channels.mail.headers import value as header_value

__all__ = [
    "ERROR_KEYS",
    "JSON_CONTENT",
    "READY",
    "Accepted",
    "Access",
    "Account",
    "Address",
    "Api",
    "ApiAddress",
    "BatchRefused",
    "CallUnreadable",
    "CallsBack",
    "Capabilities",
    "Card",
    "Carries",
    "Clock",
    "Closing",
    "ConnectedOptions",
    "Connects",
    "Counter",
    "Counting",
    "CredentialsRefused",
    "Deletes",
    "Edits",
    "EmailForm",
    "EmailMessage",
    "Event",
    "EventKind",
    "Extra",
    "Facet",
    "FacetKind",
    "FieldSyntax",
    "FilledEmail",
    "Finds",
    "Hook",
    "HookCall",
    "Image",
    "JsonForm",
    "Mail",
    "Message",
    "MessageUnusable",
    "NotAllowed",
    "NotGenuine",
    "OAuth",
    "Outcome",
    "OutcomeUnknown",
    "Picture",
    "PictureLimits",
    "Place",
    "Placeholder",
    "PlaceholderText",
    "Provider",
    "ProviderError",
    "ProviderUnavailable",
    "Published",
    "Quota",
    "RateLimited",
    "Ready",
    "Refused",
    "Reply",
    "SecretAddress",
    "SnsNotification",
    "SnsService",
    "SnsSubscription",
    "SocialMessage",
    "SocialPicture",
    "Tokens",
    "TopicArns",
    "TryLater",
    "WebAddress",
    "Wire",
    "WireEvent",
    "Wired",
    "WorkspacePath",
    "WrittenForm",
    "account_of_host",
    "address_at",
    "braces_as_fields",
    "check_basic",
    "check_configured",
    "check_header",
    "check_hmac",
    "check_shared",
    "check_signature",
    "check_standard",
    "check_window",
    "delivery_in_tag",
    "encoded",
    "events_in",
    "facets_in",
    "find_thread",
    "first_at",
    "hashtags_in",
    "header_value",
    "is_gone",
    "iso_moment",
    "json_with",
    "language_tag",
    "links_apart",
    "links_in",
    "mail_address",
    "mailbox",
    "masked",
    "objects_at",
    "one_line",
    "outcome_of_each",
    "person",
    "post_keyed_thread",
    "post_thread",
    "preparing",
    "quoted",
    "read_little",
    "readable_mailbox",
    "retry_after",
    "secret_address",
    "secrets_of",
    "shorten",
    "some_of",
    "text_at",
    "thread_keys",
    "unix_moment",
    "unless_all_failed",
    "value_at",
    "value_in",
    "within_json",
    "without_braces",
    "write_form",
    "write_little",
]


_WHEN_ASKED_FOR = {
    "ERROR_KEYS": "http.reply",
    "Access": "http.oauth",
    "Api": "http.calls",
    "ConnectedOptions": "http.oauth",
    "FieldSyntax": "http.fields",
    "JSON_CONTENT": "http.json_form",
    "JsonForm": "http.json_form",
    "OAuth": "http.oauth",
    "Reply": "http.reply",
    "SnsNotification": "hooks.sns",
    "SnsService": "hooks.sns",
    "SnsSubscription": "hooks.sns",
    "TopicArns": "hooks.sns",
    "WrittenForm": "http.fields",
    "account_of_host": "http.untried",
    "address_at": "hooks.reading",
    "braces_as_fields": "http.braces",
    "check_basic": "hooks.proof",
    "check_configured": "hooks.proof",
    "check_header": "hooks.proof",
    "check_hmac": "hooks.proof",
    "check_shared": "hooks.shared",
    "check_signature": "hooks.public_key",
    "check_standard": "hooks.standard",
    "check_window": "hooks.proof",
    "delivery_in_tag": "hooks.reading",
    "encoded": "mail.headers",
    "events_in": "hooks.bodies",
    "find_thread": "http.thread",
    "first_at": "hooks.reading",
    "header_value": "mail.headers",
    "is_gone": "hooks.server_words",
    "iso_moment": "hooks.reading",
    "json_with": "http.json_form",
    "links_apart": "http.links",
    "mail_address": "mail.headers",
    "mailbox": "mail.headers",
    "objects_at": "hooks.reading",
    "outcome_of_each": "http.outcomes",
    "person": "mail.headers",
    "post_keyed_thread": "http.keyed_thread",
    "post_thread": "http.thread",
    "preparing": "http.calls",
    "quoted": "mail.headers",
    "read_little": "http.little_text",
    "readable_mailbox": "mail.headers",
    "some_of": "http.lists",
    "text_at": "hooks.reading",
    "thread_keys": "http.keyed_thread",
    "unix_moment": "hooks.reading",
    "unless_all_failed": "http.outcomes",
    "value_at": "hooks.reading",
    "value_in": "hooks.bodies",
    "within_json": "http.json_form",
    "without_braces": "http.braces",
    "write_form": "http.fields",
    "write_little": "http.little_text",
}
"""Where they are, below `channels`. Providers that call no HTTP service need not wait for these."""


def __getattr__(name: str) -> _typing.Any:
    if place := _WHEN_ASKED_FOR.get(name):
        found = vars(_importlib.import_module(f"dispatch.channels.{place}"))
        return found["value" if name == "header_value" else name]
    raise AttributeError(f"module 'dispatch.plugin' has no attribute '{name}'")
