"""The addresses of all pages of a workspace that `team_house` has furnished."""

import re

from dispatch.web.team.places import PLACES

SHOWN = [
    place.path for place in PLACES if place.method == "GET" and not place.path.endswith(".events")
]
"""Without streams, which end with what they tell of, and have tests of their own."""


def values(app, ids) -> list[tuple[str, str]]:
    """What stands in an address for each part in braces, by the beginning of the address."""
    with app.store.read() as tx:
        reader = tx.subscribers.find("kenji.sato@readers.example")
        [post] = tx.posts.latest(limit=1)
    return [
        (r"/editions/\{id\}/preview/\{", "mail"),
        (r"/editions/\{", ids["in review"]),
        (r"/posts/\{", str(post.id)),
        (r"/campaigns/\{name\}/slots/\{", "2026-12-01T09:00"),
        (r"/campaigns/\{", "weekly"),
        (r"/feeds/\{", "atelier"),
        (r"/channels/\{", "outbox"),
        (r"/templates/\{name\}/\{", "digest.mjml"),
        (r"/templates/\{", "weekly"),
        (r"/subscribers/\{", reader.public_id),
        (r"/forms/\{", "readers"),
        (r"/notifications/\{", next(iter(app.workspace.notify), "1")),
        (r"/people/\{", "jean"),
        (r"", "1"),
    ]


def filled(path: str, known: list[tuple[str, str]]) -> str:
    """The address with a value for each part in braces, the last one first."""
    while (start := path.rfind("{")) >= 0:
        value = next(value for rule, value in known if re.match(rule, path[: start + 1]))
        path = path[:start] + value + path[path.index("}", start) + 1 :]
    return f"/team{path}"
