"""Editions to render, from the real templates or from a few lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

from dispatch.model.campaigns.campaign import EmailPlan, Publisher, SocialPlan
from dispatch.model.delivery.message import Address
from dispatch.model.editions.edition import EditionContent, FeedTitle
from dispatch.model.intake.post import Post
from dispatch.render.templates.files import load_template
from dispatch.testing.samples import a_post

TEMPLATES = Path(__file__).parents[2] / "templates"
OURS = ("weekly", "bulletin", "letter")
LEAVE = "https://news.example.org/leave?token=a.b-c&x=1"

PLAIN = {
    "subject.txt": "{{ edition.title }}",
    "digest.mjml": (
        "<mjml><mj-body><mj-section><mj-column>\n"
        "<mj-text>{{ edition.posts[0].title }}</mj-text>\n"
        "</mj-column></mj-section></mj-body></mjml>"
    ),
    "digest.txt": "{{ edition.posts[0].title }}",
    "snippet.txt": "{{ post.title | fit(post.link) }}",
}


def an_edition(
    template: str | Mapping[str, str] = "weekly",
    posts: Sequence[Post] = (),
    *,
    locale: str = "fr",
    title: str = "La Lettre",
) -> EditionContent:
    """An edition of `posts`, with a template of the workspace or with the one that is given."""
    name, sources = ("own", template) if isinstance(template, Mapping) else (template, None)
    return EditionContent(
        campaign="weekly",
        title=title,
        slot=datetime(2026, 11, 24, 9, 0),  # noqa: DTZ001 - the clock on the wall
        publisher=Publisher(
            Address("lettre@example.org", "La Lettre"),
            "https://news.example.org",
            "Europe/Paris",
            locale,
        ),
        feeds=(FeedTitle("blog", "Le Blog", "https://blog.example.org"),),
        posts=tuple(posts) or (a_post(),),
        templates={name: sources or load_template(TEMPLATES, name)},
        email=EmailPlan("readers", name, "mail"),
        social=(SocialPlan("account", name),),
    )


class Page(HTMLParser):
    """What a reader's program sees: elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def links(self) -> set[str | None]:
        return {attrs.get("href") for attrs in self.all("a")}
