"""What editions are called by where they are from: a campaign's title, or the word for a letter."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dispatch.model.editions.letter import LETTERS
from dispatch.model.text.plain_text import shorten

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction
    from dispatch.web.team.visit import Visit


MOST_SHOWN = 60
"""Characters of a letter's subject, where it stands for the title of a campaign."""


def subjects_of(editions: Iterable[tuple[str, str]], tx: "Transaction") -> Mapping[str, str]:
    """Letter to its subject, of editions as their campaigns and ids."""
    letters = [one for campaign, one in editions if campaign == LETTERS]
    return tx.letters.subjects(letters) if letters else {}


def title_of(visit: "Visit", campaign: str, subject: str = "") -> str:
    """The title of a campaign, its name where it is gone; of a letter its subject, if known."""
    if campaign == LETTERS:
        return shorten(subject, MOST_SHOWN) or visit.words("letters.one")
    found = visit.app.workspace.campaigns.get(campaign)
    return found.title if found else campaign


def titles(visit: "Visit", *, with_letters: bool = True) -> dict[str, str]:
    """All of them by name, in the order of the file; letters last."""
    found = {one.name: one.title for one in visit.app.workspace.campaigns.values()}
    return found | ({LETTERS: visit.words("letters.all")} if with_letters else {})


def path_of(campaign: str) -> str:
    """The page of a campaign; of letters the list of them."""
    return "/editions?campaign=%28letter%29" if campaign == LETTERS else f"/campaigns/{campaign}"


def file_name(campaign: str) -> str:
    """As files are called that are taken from a page."""
    return "letter" if campaign == LETTERS else campaign
