"""What editions are called by where they are from: a campaign's title, or the word for a letter."""

from typing import TYPE_CHECKING

from dispatch.model.editions.letter import LETTERS

if TYPE_CHECKING:
    from dispatch.web.team.visit import Visit


def title_of(visit: "Visit", campaign: str) -> str:
    """The title of a campaign, its name where it is gone, or the word for a letter."""
    if campaign == LETTERS:
        return visit.words("letters.one")
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
