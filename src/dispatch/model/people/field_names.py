"""How the own fields of people are called, whatever stood above their column."""

import re

from dispatch.model.text.accents import without_accents
from dispatch.model.text.invisible import visible


def name_of(heading: str) -> str:
    """A heading as templates can say it after `subscriber.fields`.

    >>> name_of(" Prénom usuel "), name_of("2026 gift")
    ('prenom_usuel', 'field_2026_gift')
    """
    name = re.sub(r"\W+", "_", bare(heading)).strip("_")[:64]
    return name if not name or name.isidentifier() else f"field_{name}"


def bare(heading: str) -> str:
    """A heading without accents and what cannot be seen, in small letters."""
    return without_accents(visible(heading).strip())
