"""The snippets of an edition as a channel takes them: the same for who looks and for who sends."""

from dispatch.channels.takes import Takes, frozen
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.render.renderer import Renderer
from dispatch.render.texts import Snippet


def snippets_for(
    takes: Takes, content: EditionContent, plan: SocialPlan, renderer: Renderer
) -> list[Snippet]:
    """The snippets of one plan, in the order of the posts. Raises TemplateFailed."""
    takes = frozen(takes, plan)
    return renderer.snippets(
        content,
        plan,
        provider=takes.provider,
        max_text=takes.max_text,
        link_cost=takes.link_cost,
        counting=takes.counting,
    )
