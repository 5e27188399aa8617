"""What the providers that come with dispatch declare: a table of all, and the facts of each."""

import re
import typing
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from generator.markdown import code, table
from pydantic import BaseModel

from dispatch.channels.find import GROUP, find_provider
from dispatch.channels.opened import most_at_once
from dispatch.channels.provider import (
    Capabilities,
    Carries,
    Deletes,
    Edits,
    Finds,
    Hook,
    Provider,
    Wired,
)
from dispatch.model.campaigns.pace import Pace

BEGIN, END = "<!-- facts -->", "<!-- /facts -->"
"""Between these two lines of a page stands what the code declares; the rest is written by hand."""

TRACKING = {
    "none": "none",
    "off": "off in each call",
    "account": "only the account switches it off",
}
EVIDENCE = {
    "documented": "its documentation",
    "recorded": "a server of its kind",
    "live": "the real thing",
}


def bundled() -> dict[str, type[Provider[Any]]]:
    """Name to class, of those that come with dispatch; plugins may be installed besides."""
    ours = (one for one in entry_points(group=GROUP) if one.value.startswith("dispatch."))
    return {name: find_provider(name) for name in sorted(one.name for one in ours)}


def overview(folder: Path) -> Iterator[str]:
    """A table for each kind of message, with links to the providers' pages in `folder`."""
    titles = {name: title_of(folder / f"{name}.md") or name for name in bundled()}
    found = sorted(bundled().items(), key=lambda one: titles[one[0]].casefold())
    links = {name: f"[{title}]({name}.md)" for name, title in titles.items()}
    yield "# Providers"
    yield (
        "Whom dispatch can hand mails and posts to. Readers get the same mail whichever carries "
        "it; [moving to another one](../how-to/change-provider.md) takes three lines of "
        "`schedules.yaml`. Others come as plugins: [write one](../how-to/write-a-provider.md). "
        "The options of all stand [on one page](../reference/providers.md)."
    )
    yield "## For mail"
    yield table(
        _FOR_MAIL,
        (
            (links[name], code(name), *_of_mail(one))
            for name, one in found
            if Carries.EMAIL in one.capabilities.carries
        ),
    )
    yield "\n".join(_legend())
    yield "## For social networks and programs"
    yield table(
        _FOR_SOCIAL,
        (
            (links[name], code(name), *_of_social(one))
            for name, one in found
            if Carries.SOCIAL in one.capabilities.carries
        ),
    )
    yield "\n".join(_social_legend())


_FOR_MAIL = (
    "provider",
    "`provider:`",
    "mails in one call",
    "calls at once",
    "largest mail",
    "drops repeats",
    "own tracking",
    "DKIM by dispatch",
    "tells what came of mails",
    "known from",
)

_FOR_SOCIAL = (
    "provider",
    "`provider:`",
    "longest text",
    "a link counts",
    "threads",
    "card of a link",
    "pictures",
    "corrected by",
    "after a lost answer",
    "known from",
)


def _of_mail(provider: type[Provider[Any]]) -> tuple[str, ...]:
    one = provider.capabilities
    return (
        f"{one.batch:,}",
        _at_once(provider),
        _size(one.most_bytes),
        length_of(one.idempotent_for),
        TRACKING[one.tracking],
        "yes" if one.takes_mail and one.keeps_headers else "no",
        _tells_by(provider),
        EVIDENCE[one.evidence],
    )


def _of_social(provider: type[Provider[Any]]) -> tuple[str, ...]:
    one = provider.capabilities
    return (
        f"{one.max_text:,} {one.counting}" if one.max_text else "",
        str(one.link_cost) if one.link_cost else "",
        "yes" if one.threads else "",
        "" if one.stays_here else _card(one),
        "yes" if one.pictures else "",
        "" if one.stays_here else _corrected(provider),
        _after_lost(provider),
        EVIDENCE[one.evidence],
    )


def _corrected(provider: type[Provider[Any]]) -> str:
    if issubclass(provider, Edits):
        return "editing"
    return "deleting and posting again" if issubclass(provider, Deletes) else "hand"


def _after_lost(provider: type[Provider[Any]]) -> str:
    ways = []
    if provider.capabilities.idempotent_for:
        ways.append(f"sent again, for {length_of(provider.capabilities.idempotent_for)}")
    if issubclass(provider, Finds):
        ways.append("looked for")
    return ", then ".join(ways) or "a person looks"


def _social_legend() -> Iterator[str]:
    yield (
        "- *Longest text*: empty where there is no limit. A grapheme is what a reader sees as one "
        "character; in UTF-16 code units, most emoji are two. *A link counts* its length where no "
        "number is said."
    )
    yield (
        "- *Card of a link*, *pictures*: what may stand beside a text "
        "([cards and pictures](../how-to/social-pictures.md)). Slack, Teams and Threads fetch the "
        "post's picture themselves, where an option of the channel says so."
    )
    yield (
        "- *Corrected by*: what `dispatch editions amend` does "
        "([correct what went out](../how-to/correct-what-went-out.md)). Deleting and posting again "
        "is done with `--repost` only; by hand means there, in its own app."
    )
    yield (
        "- *After a lost answer*: *sent again* under the same key, for as long as the network "
        "drops repeats; *looked for* among what the account posted lately; else, and where it is "
        "not found, a person looks "
        "([when an answer is lost](../how-to/post-on-networks.md#when-an-answer-is-lost)). "
        "What each of them needs for that is on its page."
    )
    yield (
        "- How much of it can be had depends on the channel's options, too: a webhook of Slack "
        "can neither correct nor find."
    )


def _legend() -> Iterator[str]:
    yield (
        "- *Mails in one call*: how many one request takes at most. Each mail has headers of its "
        "own, for one-click unsubscribing; where a service cannot give it some in a batch, that "
        "is 1."
    )
    yield (
        "- *Calls at once*: how many requests or connections are under way at most, unless "
        "`connections` of the channel's [pace](../how-to/keep-a-pace.md) says another number."
    )
    yield "- *Largest mail*: with its pictures; empty where the service names no limit."
    yield (
        "- *Drops repeats*: how long the service ignores a second copy of a message it has taken. "
        "Within that time a lost answer is tried again; otherwise the delivery is `unknown` "
        "([the promises](../explanation/delivery-promises.md))."
    )
    yield (
        "- *Own tracking*: what becomes of the service's own counting of opens and clicks. "
        "dispatch wants none of it."
    )
    yield (
        "- *DKIM by dispatch*: whether the channel may have [`dkim:`](../how-to/sign-with-dkim.md)."
        " Otherwise the service signs, with a key of your domain that it has."
    )
    yield (
        "- *Tells what came of mails*: by calls to [an address of yours](../how-to/webhooks.md), "
        "or by mail to [a mailbox](../how-to/bounce-mailbox.md); empty where it does not."
    )
    yield (
        "- *Known from*: how we know that it works: by the service's documentation, by a test "
        "server of its kind, or by the real thing."
    )
    yield (
        "- What is special at a service, such as that Scaleway's terms allow no newsletters, is on "
        "its page."
    )


def facts(name: str) -> str:
    """What stands between the marks of a provider's page."""
    provider = bundled()[name]
    one = provider.capabilities
    return "\n\n".join(
        [
            table(("what it takes", ""), _facts(provider)),
            f"Limits from <{one.source}>.",
            "## Options",
            options(provider.Options) if provider.Options.model_fields else "None.",
        ]
    )


def _facts(provider: type[Provider[Any]]) -> Iterator[tuple[str, str]]:
    one = provider.capabilities
    mail = Carries.EMAIL in one.carries and not one.stays_here
    yield "carries", ", ".join(sorted(one.carries))
    yield "in one call", _batch(one)
    yield "calls at once", _at_once(provider)
    if one.most_bytes:
        yield "largest mail", f"{_size(one.most_bytes)}, pictures included"
    if one.most_call_bytes:
        yield "all mails of a call", f"{_size(one.most_call_bytes)}, pictures included"
    repeats = f"for {length_of(one.idempotent_for)}" if one.idempotent_for else "no"
    yield "drops repeats", repeats
    if mail:
        yield "mails are written by", _written_by(one)
        yield "signed by dispatch (DKIM)", _signed(one)
        yield "own tracking", TRACKING[one.tracking]
        yield "tells later what came of it", _tells(provider)
    if one.max_text:
        yield "longest text", f"{one.max_text:,} {one.counting}"
        yield "a link counts", str(one.link_cost or "its length")
    if one.most_text_bytes:
        yield "at most beside", f"{one.most_text_bytes:,} bytes of text"
    if Carries.SOCIAL in one.carries and not mail and not one.stays_here:
        yield from _of_network(one)
        yield "corrected by", _corrected(provider)
        yield "after a lost answer", _after_lost(provider)
    yield "known from", EVIDENCE[one.evidence]


def _of_network(one: Capabilities) -> Iterator[tuple[str, str]]:
    if one.threads:
        yield "threads", "yes"
    yield "card of a link", _card(one)
    yield "pictures", _pictures(one)
    if one.spacing:
        yield "posts are apart by", length_of(one.spacing)


def _card(one: Capabilities) -> str:
    if one.cards:
        return "from dispatch"
    return "none, the picture stands for it" if one.picture_as_card else "the network's own, if any"


def _pictures(one: Capabilities) -> str:
    limits = one.pictures
    if limits is None:
        return "none"
    kinds = ", ".join(kind.rpartition("/")[2].upper() for kind in limits.kinds)
    side = f", {limits.most_side:,} pixels a side" if limits.most_side else ""
    alt = f", with {limits.most_alt:,} characters of words for them" if limits.most_alt else ""
    return f"{kinds} up to {_size(limits.most_bytes)}{side}{alt}"


def _hook(provider: type[Provider[Any]]) -> Hook | None:
    found: Hook | None = getattr(provider, "hook", None)
    return found


def _tells_by(provider: type[Provider[Any]]) -> str:
    """The same in two words."""
    if _hook(provider):
        return "by calls"
    return "by mail" if provider.capabilities.keeps_envelope else ""


def _tells(provider: type[Provider[Any]]) -> str:
    hook = _hook(provider)
    if hook is None:
        mailbox = "by mail to [a mailbox](../how-to/bounce-mailbox.md)"
        return mailbox if provider.capabilities.keeps_envelope else "not by calls"
    return f"by [calls]({hook.source}), once the channel has {code(hook.option)}"


def _signed(one: Capabilities) -> str:
    if one.takes_mail and not one.keeps_headers:
        return "no, as it changes headers that would be signed"
    return "where `dkim:` says so" if one.takes_mail else "no"


def _batch(one: Capabilities) -> str:
    if one.batch == 1:
        why = "" if one.headers_in_batch else ", as several cannot have headers of their own"
        return f"one message{why}"
    alone = "" if one.pictures_in_batch else ", those with pictures one by one"
    return f"up to {one.batch:,} messages{alone}"


def _written_by(one: Capabilities) -> str:
    if one.takes_mail:
        kept = ", to the last byte" if one.keeps_headers else "; the service changes some headers"
        return f"dispatch{kept}"
    if one.takes_form:
        return "the service, from one text with a field for each thing that differs"
    return "the service, from subject, text and HTML"


def filled(text: str, name: str) -> str:
    """A provider's page with its facts."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    block = f"{BEGIN}\n\n{facts(name)}\n\n{END}"
    return pattern.sub(lambda _: block, text, count=1)


def title_of(page: Path) -> str:
    """What a page is called; empty where there is none."""
    if not page.exists():
        return ""
    return page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def all_options(folder: Path) -> Iterator[str]:
    """What each of them may be told under `options:`, one after the other."""
    yield "# Options of providers"
    yield (
        "What may stand under `options:` of a channel in `schedules.yaml`, for each `provider:`. "
        "What they can do, and how to set them up, is told "
        "[in a page for each](../providers/README.md)."
    )
    for name, provider in bundled().items():
        yield f"## {name}"
        yield f"[{title_of(folder / f'{name}.md') or name}](../providers/{name}.md)"
        yield options(provider.Options)


def _at_once(provider: type[Provider[Any]]) -> str:
    wired = issubclass(provider, Wired)
    number = most_at_once(Pace(), provider.capabilities, wired=wired)
    return f"{number} connections" if wired else str(number)


def _size(number: int | None) -> str:
    if number is None:
        return ""
    kilo = 1024 if number % 1024 == 0 else 1000
    return f"{round(number / kilo**2, 1):g} MB"


def length_of(time: timedelta) -> str:
    """How long a time is, in the largest unit that fits; `no` for none."""
    if not time:
        return "no"
    for unit, one in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if time >= one:
            return f"{time // one} {unit}{'s' if time // one > 1 else ''}"
    minutes = time // timedelta(minutes=1)
    if not minutes:
        seconds = time // timedelta(seconds=1)
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


def options(model: type[BaseModel]) -> str:
    """The options of a provider as a table."""
    rows = []
    for name, field in model.model_fields.items():
        secret = "SecretStr" in str(field.annotation)
        default = "" if secret or field.is_required() else code(field.default)
        notes = " (secret: `env:NAME` or `file:PATH`)" if secret else ""
        choices = typing.get_args(field.annotation)
        if typing.get_origin(field.annotation) is typing.Literal:
            notes = ": " + ", ".join(code(one) for one in choices)
        rows.append(
            (
                f"`{name}`",
                "yes" if field.is_required() else "",
                default,
                (field.description or "") + notes,
                ", ".join(code(one) for one in (field.examples or ())[:1]),
            )
        )
    return table(("option", "needed", "default", "meaning", "example"), rows)
