"""A workspace with forms by which people join, a browser, and what it has led to."""

import re
from datetime import timedelta
from pathlib import Path

from dispatch.app import App
from dispatch.model.people.reader_mail import Topic

FORMS = """
audiences:
  readers: {title: The Atelier Letter, about: Every Tuesday.}
forms:
  newsletter:
    audiences: [readers]
    fields: [name, {topics: {choices: [AI, Drawing]}}, locale, timezone, company]
    consent: I agree to get the letter (2026-11).
    welcome: yes
    return: ["https://example.org/thanks"]
    origins: ["https://example.org"]
    refuse: refused.txt
  quick: {audiences: [readers], confirm: single, fields: [name]}
"""
NEW = "ada@example.org"
FILLED = {
    "email": NEW,
    "agree": "yes",
    "name": "Ada Lovelace",
    "topics": "AI",
    "company": "Engines",
}
CROSS_SITE = {"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"}


def with_forms(folder: Path, forms: str = FORMS) -> None:
    """Write forms into a workspace."""
    file = folder / "schedules.yaml"
    file.write_text(file.read_text() + forms)
    (folder / "refused.txt").write_text("mailinator.com\ninfo@  # a role\n")


def token_of(page: str) -> str:
    """The token in the page of a form."""
    return re.search(r'name="token" value="([^"]+)"', page)[1]


def mails(app: App) -> list[tuple[Topic, str, str]]:
    """What is to be written to readers: topic, address, and what it is about."""
    with app.store.read() as tx:
        found = tx.reader_mails.due(now=app.clock() + timedelta(days=1), limit=100)
    return [(one.about, one.address, one.subject_id) for one in found]


def confirm_path(app: App, number: int = -1) -> str:
    """The path of the link in the newest mail that asks somebody to confirm."""
    ids = [about for topic, _, about in mails(app) if topic is Topic.CONFIRM]
    with app.store.read() as tx:
        form = tx.sign_ups.find(ids[number]).form
    return app.tools.links.confirm_url(ids[number], form).partition(".example")[2]


def person(app: App, email: str = NEW):
    """Who has an address: the person, their states by audience, and their words on record."""
    with app.store.read() as tx:
        found = tx.subscribers.find(email)
        if found is None:
            return None, {}, []
        return found, tx.subscribers.standing(found.id), tx.record.words(found.id)
