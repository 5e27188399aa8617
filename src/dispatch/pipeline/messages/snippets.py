"""The snippets of an edition as a channel takes them: the same for who looks and for who sends."""

from dispatch.channels.takes import Takes
from dispatch.errors import TextTooLong
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.render.renderer import Renderer
from dispatch.render.texts import Snippet


def snippets_for(
    takes: Takes, content: EditionContent, plan: SocialPlan, renderer: Renderer
) -> list[Snippet]:
    """The snippets of one plan, in the order of the posts. Raises TemplateFailed."""
    limits = takes.for_plan(plan).limits
    return renderer.snippets(content, plan, provider=takes.provider, limits=limits)


def check_length(channel: str, snippet: Snippet) -> None:
    """Raise TextTooLong for a snippet that its channel does not take."""
    if snippet.too_many:
        part = f", post {snippet.part}" if snippet.part else ""
        raise TextTooLong(f"snippet for {channel}{part}: {too_long(snippet)}")


def too_long(snippet: Snippet) -> str:
    """By how much it is too long, and what to do."""
    return f"{characters_too_many(snippet.too_many)} - shorten it, or let its template use 'fit'"


def characters_too_many(number: int) -> str:
    """By how much a text is too long, in words.

    >>> characters_too_many(1), characters_too_many(12)
    ('1 character too many', '12 characters too many')
    """
    return f"{number} {'character' if number == 1 else 'characters'} too many"
