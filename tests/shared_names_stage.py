"""Stories of a feed that share whatever a test says."""

from datetime import UTC, datetime, timedelta

from dispatch.model.intake.feed import Entry

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAY = timedelta(days=1)
HOME = "https://blog.example/"
NAMES = ("Apples in the north", "Boats come home", "Clocks of old town", "Dogs in the park")


def story(number, **values):
    """One of the stories in NAMES, with everything of its own but what is given."""
    own = {
        "guid": f"guid-{number}",
        "link": f"{HOME}{number}",
        "title": NAMES[number],
        "position": number,
        "content": f"All about {NAMES[number]}.",
        "published": NOW - number * DAY,
    }
    return Entry(**{**own, **values})
