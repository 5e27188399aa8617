"""What the first page after a start would wait for, made ready beside the start."""

from threading import Thread

from dispatch.app import App
from dispatch.errors import StoreUnavailable
from dispatch.web.team.frame import templates
from dispatch.words.catalogues import ENGLISH, team_words_in

PAGES = ("home.html", "editions.html", "edition/review.html", "calendar.html", "parts.html")
"""Those that somebody opens first, with what is part of all."""


def warm_up(app: App) -> Thread | None:
    """Read the team's languages and the first pages in a thread, if there is a team.

    It holds nothing that a stop would have to wait for.
    """
    try:
        with app.store.read() as tx:
            persons = tx.persons.all()
    except StoreUnavailable:
        return None
    if not persons:
        return None
    languages = sorted({person.locale or ENGLISH for person in persons})
    thread = Thread(target=_read, args=(languages,), name="warm", daemon=True)
    thread.start()
    return thread


def _read(languages: list[str]) -> None:
    for language in languages:
        team_words_in(language)
    for page in PAGES:
        templates().get_template(f"team/{page}")
    templates().get_template("team/frame.html")
