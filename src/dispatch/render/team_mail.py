"""A mail to the team: some lines and a button."""

from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from dispatch.render.digests.digest import tidy
from dispatch.words.catalogues import Words


@dataclass(frozen=True, slots=True)
class Letter:
    """All of it is plain text; `rest` are the lines after the button."""

    subject: str
    lead: str
    button: str
    link: str = field(repr=False)
    rest: tuple[str, ...] = ()


def team_mail_text(letter: Letter) -> str:
    """The mail as plain text: the address stands on a line of its own."""
    parts = (letter.lead, f"{letter.button}\n{letter.link}", *letter.rest)
    return tidy("\n\n".join(parts))


def team_mail_html(letter: Letter, words: Words) -> str:
    """The mail as HTML."""
    return _environment().get_template("team.html").render(letter=letter, words=words)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("dispatch.render", "mails"),
        autoescape=True,  # names are what people call themselves
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
