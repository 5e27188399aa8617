"""Look before it goes out: an edition's texts for one person, and a test to one address."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dispatch.channels.calling import send_one
from dispatch.channels.mail.mime import to_mime
from dispatch.channels.opened import Channel
from dispatch.channels.takes import TakesOf, anything
from dispatch.clock import Clock
from dispatch.errors import (
    BadInput,
    CredentialsRefused,
    NotFound,
    ProviderUnavailable,
    SampleRecipient,
    TextTooLong,
)
from dispatch.model.delivery.message import Address, Outcome
from dispatch.model.editions.card import KeptPicture
from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.uploaded import address_of
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.messages.digests import letter, render_for
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.make import ready_for
from dispatch.pipeline.messages.snippets import snippets_for
from dispatch.render.digests.pictures import replaced, shown_alone
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.render.texts import Digest, Snippet
from dispatch.render.trial_mark import marked_html, marked_text
from dispatch.render.trials.proof import SOMEBODY
from dispatch.words.catalogues import words_in

_TRY_ANOTHER = (BadInput, NotFound, ProviderUnavailable, CredentialsRefused, SampleRecipient)
"""After these the next channel may take it: nothing has gone out."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What one person would get, and what each account would, by channel name.

    `refused` says of a channel why it would get nothing: a text that does not fit there.
    """

    digest: Digest | None
    snippets: Mapping[str, tuple[Snippet, ...]]
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SentTest:
    """What came of a test: by which channel, and why not by those before it."""

    outcome: Outcome
    channel: str
    passed_over: tuple[str, ...] = ()


def preview(
    content: EditionContent,
    reader: Subscriber | None = None,
    *,
    links: SignedLinks,
    takes_of: TakesOf = anything,
    renderer: Renderer = HERE,
) -> Preview:
    """The texts as this subscriber would get them; without one, a stranger.

    The digest's HTML has its pictures inside it, so that a browser shows them.

    Snippets are as they will go out; those that are too long say so.
    """
    digest = None
    if content.email is not None:
        digest = preview_digest(content, reader, links=links, renderer=renderer)
    snippets: dict[str, tuple[Snippet, ...]] = {}
    refused: dict[str, str] = {}
    for plan in content.social:
        try:
            found = snippets_for(takes_of(plan.via), content, plan, renderer)
        except TextTooLong as error:
            refused[plan.via] = str(error)
        else:
            snippets[plan.via] = tuple(found)
    return Preview(digest, snippets, refused)


def preview_digest(
    content: EditionContent,
    reader: Subscriber | None = None,
    *,
    links: SignedLinks,
    renderer: Renderer = HERE,
) -> Digest:
    """The digest alone, likewise; of an edition that has one."""
    made = render_for(reader or SOMEBODY, content, renderer, links=links)
    return replace(made, html=shown_alone(made.html, content.pictures.values()))


def shown_without_service(
    made: Preview, content: EditionContent, kept: Callable[[str], KeptPicture | None]
) -> Preview:
    """The preview with the pictures of its pieces inside the digest, as files show it.

    `kept` finds one by its mark; one that is not there any more is left as it is.
    """
    if made.digest is None:
        return made
    inside = {
        address_of(
            piece.picture, content.publisher.public_url
        ): f"data:{found.kind};base64,{b64encode(found.data).decode()}"
        for piece in content.pieces
        if piece.picture and (found := kept(piece.picture.mark))
    }
    html = replaced(made.digest.html, lambda url: inside.get(url, url))
    return replace(made, digest=replace(made.digest, html=html))


def as_mail(
    content: EditionContent,
    address: str,
    reader: Subscriber | None = None,
    *,
    links: SignedLinks,
    message_id: str,
    clock: Clock,
    renderer: Renderer = HERE,
) -> bytes:
    """The digest as the file of a mail, as `reader` would get it, or a stranger."""
    message = letter(
        content, renderer, Address(address), reader or SOMEBODY, message_id=message_id, links=links
    )
    return to_mime(message, date=clock())


def send_test(
    content: EditionContent,
    address: str,
    reader: Subscriber | None = None,
    *,
    via: Sequence[str],
    open_channel: Callable[[str], Channel],
    links: SignedLinks,
    message_id: str,
    clock: Clock,
    renderer: Renderer = HERE,
) -> SentTest:
    """Send the digest to one address, as `reader` would get it, or a stranger.

    Its subject and a line at its end say that it is a test, in the language of the publisher. It
    takes the first channel of `via` that can be used, as a run does. No edition and no delivery is
    kept of it. A subscriber's unsubscribe link is their own, so that it can be tried. Anybody
    else's is nobody's. Raises what the last channel does.
    """
    message = letter(
        content, renderer, Address(address), reader or SOMEBODY, message_id=message_id, links=links
    )
    words = words_in(content.publisher.locale)
    message = replace(
        message,
        subject=words("test_mail.subject", subject=message.subject),
        html=marked_html(message.html, words, address=address),
        text=marked_text(message.text, words, address=address),
    )
    passed_over: list[str] = []
    for name in via:
        try:
            channel = open_channel(name)
            channel.check_recipient(address)
            outcome = send_one(
                channel.provider, ready_for(channel, message, date=clock()), name=name
            )
        except _TRY_ANOTHER as error:
            if name == via[-1]:
                raise
            passed_over.append(str(error))
        else:
            return SentTest(outcome, name, tuple(passed_over))
    raise NotFound(f"{address}: no channel carries the test - name one under via:")
