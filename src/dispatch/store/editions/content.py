"""An edition's content as canonical JSON: the bytes that are stored and fingerprinted."""

import copyreg
import json
from dataclasses import replace
from datetime import datetime, timezone, tzinfo
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from dispatch.model.campaigns.approval import Review
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.editions.edition import EditionContent

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_ALWAYS = frozenset({"via", "template", "each"})


def to_json(content: EditionContent) -> str:
    """Equal contents give equal text."""
    plain = _adapter().dump_python(content, mode="json")
    plain["sending"]["hours"]["days_off"].sort()  # a set has no order of its own
    if not plain["page"]:
        del plain["page"]  # as what was approved before there were archives
    for name in ("cards", "pieces", "letter"):
        if not plain[name]:
            del plain[name]
    for social in plain["social"]:
        for name, usual in _usual().items():
            if social[name] == usual:
                del social[name]  # as what was approved before there were networks
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> EditionContent:
    """The content that `to_json` wrote."""
    return _adapter().validate_json(text)


def review_to_json(review: Review) -> str:
    """What `review_from_json` reads; the deadline has a column of its own, to be searched."""
    plain = _review_adapter().dump_python(review, mode="json", exclude={"deadline"})
    return json.dumps(plain, sort_keys=True, ensure_ascii=False)


def review_from_json(text: str, deadline: datetime | None) -> Review:
    """What an edition has to pass."""
    review = _review_adapter().validate_json(text) if text else Review()
    return replace(review, deadline=deadline)


@cache
def _usual() -> dict[str, Any]:
    """What a plan for a network says where nobody has said anything."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - whoever sends counts answers, and reads none

    plain = TypeAdapter(SocialPlan).dump_python(SocialPlan("", ""), mode="json")
    return {name: value for name, value in plain.items() if name not in _ALWAYS}


@cache
def _review_adapter() -> "TypeAdapter[Review]":
    from pydantic import TypeAdapter  # noqa: PLC0415 - likewise

    return TypeAdapter(Review)


@cache
def _adapter() -> "TypeAdapter[EditionContent]":
    from pydantic import TypeAdapter  # noqa: PLC0415 - likewise
    from pydantic_core import TzInfo  # noqa: PLC0415 - likewise

    copyreg.pickle(TzInfo, _as_anybody_reads_it)
    return TypeAdapter(EditionContent)


def _as_anybody_reads_it(zone: tzinfo) -> tuple[Any, ...]:
    """How the zone of a moment that pydantic has read is pickled for our processes.

    UTC as Python's own, so that those that render and send need not import pydantic for it.
    """
    usual = cast("tuple[Any, ...]", zone.__reduce__())
    return usual if zone.utcoffset(None) else (getattr, (timezone, "utc"))
