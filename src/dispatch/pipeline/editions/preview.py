"""Look before it goes out: a campaign's texts for one person, and a test to one address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.channels.open import Channel
from dispatch.channels.takes import TakesOf, anything
from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Slot
from dispatch.model.delivery.message import Address, Outcome
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.editions.compose import Materials, draft_edition, freeze
from dispatch.pipeline.messages.digests import letter, render_for
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.make import finish, sign
from dispatch.pipeline.messages.snippets import snippets_for
from dispatch.render.digests.pictures import shown_alone
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.render.texts import Digest, Snippet
from dispatch.render.trial_mark import marked_html, marked_text
from dispatch.render.trials.proof import SOMEBODY
from dispatch.store.transactions import Store, Transaction
from dispatch.words.catalogues import words_in

STAND_INS = 5
"""How many posts stand in where a campaign has nothing new to show."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What one person would get, and what each account would, by channel name."""

    digest: Digest | None
    snippets: Mapping[str, tuple[Snippet, ...]]


def show_edition(
    campaign: Campaign,
    slot: Slot,
    *,
    tx: Transaction,
    materials: Materials,
    now: datetime,
    renderer: Renderer = HERE,
) -> EditionContent:
    """The edition that the campaign would make now; where nothing is new, old posts stand in.

    Raises NotFound where the feeds have no post at all, and TemplateFailed.
    """
    draft = draft_edition(
        campaign,
        slot,
        tx=tx,
        materials=materials,
        now=now,
        renderer=renderer,
    )
    if draft.content is not None:
        return draft.content
    known = [post for name in campaign.feeds for post in tx.posts.latest(feed=name)]
    latest = sorted(known, key=lambda post: post.published or post.first_seen, reverse=True)
    past = [
        post for post in latest if post.is_usable and not (post.published and post.published > now)
    ][:STAND_INS]
    if not past:
        raise NotFound(
            f"campaign {campaign.name}: its feeds have no post yet - try 'dispatch feeds poll'"
        )
    return freeze(campaign, past, slot, tx=tx, materials=materials)


def preview(
    content: EditionContent,
    email: str | None,
    *,
    store: Store,
    links: SignedLinks,
    takes_of: TakesOf = anything,
    renderer: Renderer = HERE,
) -> Preview:
    """The texts as the subscriber with this address would get them; without one, a stranger.

    The digest's HTML has its pictures inside it, so that a browser shows them.

    Snippets are cut to what their channels take, as they will be when they go out.

    Raises NotFound if there is no such subscriber.
    """
    person = _person(email, store)
    digest = None
    if content.email is not None:
        made = render_for(person, content, renderer, links=links)
        digest = replace(made, html=shown_alone(made.html, content.pictures.values()))
    snippets = {
        plan.via: tuple(snippets_for(takes_of(plan.via), content, plan, renderer))
        for plan in content.social
    }
    return Preview(digest, snippets)


def send_test(
    content: EditionContent,
    address: str,
    *,
    channel: Channel,
    links: SignedLinks,
    message_id: str,
    store: Store,
    clock: Clock,
    renderer: Renderer = HERE,
) -> Outcome:
    """Send the digest to one address, as that subscriber would get it if there is one.

    Its subject and a line at its end say that it is a test, in the language of the publisher.
    No edition and no delivery is kept of it. A subscriber's unsubscribe link is their own, so that
    it can be tried. Anybody else's is nobody's. Raises a ProviderError as the channel does.
    """
    with store.read() as tx:
        known = tx.subscribers.find(address)
    message = letter(
        content,
        renderer,
        Address(address),
        known or SOMEBODY,
        message_id=message_id,
        links=links,
    )
    words = words_in(content.publisher.locale)
    message = replace(
        message,
        subject=words("test_mail.subject", subject=message.subject),
        html=marked_html(message.html, words, address=address),
        text=marked_text(message.text, words, address=address),
    )
    ready = (
        sign(finish(message, date=clock()), channel) if channel.capabilities.takes_mail else message
    )
    [outcome] = channel.provider.send([ready])
    return outcome


def _person(email: str | None, store: Store) -> Subscriber:
    if email is None:
        return SOMEBODY
    with store.read() as tx:
        person = tx.subscribers.find(email)
    if person is None:
        raise NotFound(f"{email}: no such subscriber - see 'dispatch subscribers list'")
    return person
