"""Deliveries as a CSV file that a spreadsheet opens."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from dispatch.config.csv.sheet import write_sheet
from dispatch.model.delivery.state import Delivery

COLUMNS = ("edition", "channel", "recipient", "part", "state", "reason", "since", "due")


def write_deliveries(found: Iterable[Delivery], file: IO[str]) -> int:
    """Write deliveries, one after the other, to a text file opened with newline="".

    Returns how many there were. `since` is when each got into its state.
    """
    return write_sheet(COLUMNS, map(_cells, found), file)


def _cells(one: Delivery) -> tuple[str, ...]:
    return (
        one.edition_id,
        one.channel,
        one.recipient,
        one.part,
        one.state.value,
        one.reason,
        _moment(one.changed),
        _moment(one.due),
    )


def _moment(value: datetime | None) -> str:
    return value.isoformat() if value else ""
