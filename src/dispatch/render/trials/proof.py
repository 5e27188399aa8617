"""A trial of every text of an edition, before anything is kept or sent."""

from datetime import UTC, datetime

from dispatch.errors import TemplateFailed
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.subscriber import NOBODY, Consent, Subscriber

SOMEBODY = Subscriber(id=0, email="reader@example.org", public_id=NOBODY)
"""A reader of whom only the address is known, as many are."""


CONSENT = Consent(datetime(2026, 1, 1, tzinfo=UTC), "a form")
"""Theirs."""


def proof(content: EditionContent) -> None:
    """Raise TemplateFailed if the digest, the segment or a snippet cannot be made."""
    from dispatch.render.digests.digest import DigestRenderer
    from dispatch.render.snippet import render_snippets
    from dispatch.render.trials.check import missing_pictures

    if content.email is not None:
        _try_segment(content.email.segment)
        url = content.publisher.public_url
        choose = url if content.email.offers_choice else ""
        digest = DigestRenderer(content).render(
            SOMEBODY, unsubscribe_url=url, preferences_url=url, cadence_url=choose
        )
        template = content.email.template
        sources = content.templates[template]
        for problem in missing_pictures(template, sources, digest.html, content.pictures):
            raise TemplateFailed(problem)
    for plan in content.social:
        render_snippets(content, plan)


def _try_segment(segment: str) -> None:
    """That it cannot be answered for somebody of whom nothing is known says nothing of others."""
    from dispatch.render.templates.bounds import TooMuch
    from dispatch.render.templates.segment import compile_segment

    picks = compile_segment(segment)
    try:
        picks(SOMEBODY, CONSENT)
    except TemplateFailed as error:
        if isinstance(error.__cause__, TooMuch):
            raise
