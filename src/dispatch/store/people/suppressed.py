"""The condition that nothing goes to an address: it is suppressed itself, or its domain is."""

import sqlalchemy as sa

from dispatch.store.database.alike import from_first
from dispatch.store.database.schema import suppressed_domains, suppressions

_DOMAIN = suppressed_domains.c.domain
_all = suppressed_domains.alias()


def is_suppressed(email_key: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether who has this email key is never to be mailed."""
    address = sa.exists().where(suppressions.c.email_key == email_key)
    return sa.or_(address, is_at_suppressed_domain(email_key))


def is_at_suppressed_domain(email_key: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether nothing goes to the domain of this email key.

    One look into an index, however many domains there are; unless some of them mean all below them.
    Whether there is such a one is asked once for a statement, and not for each address.
    """
    itself = sa.exists().where(from_first("@", email_key) == _DOMAIN)
    means_below = sa.exists().where(_all.c.domain.startswith("."))
    below = sa.exists().where(_DOMAIN.startswith("."), ends_in(email_key, _DOMAIN))
    return sa.or_(itself, sa.and_(means_below, below))


def is_its_domain(key: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a row of suppressed domains is about this email key."""
    return sa.or_(from_first("@", key) == _DOMAIN, ends_in(key, _DOMAIN))


def ends_in(text: sa.ColumnElement[str], ending: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a text ends in another."""
    size = sa.func.length(ending)
    return sa.func.substr(text, sa.func.length(text) - size + 1, size) == ending
