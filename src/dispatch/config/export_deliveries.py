"""Deliveries as a CSV file that a spreadsheet opens."""

import csv
from collections.abc import Iterable
from datetime import datetime
from typing import IO

from dispatch.config.formulas import guarded
from dispatch.model.delivery import Delivery

COLUMNS = ("edition", "channel", "recipient", "part", "state", "reason", "since", "due")


def write_deliveries(found: Iterable[Delivery], file: IO[str]) -> int:
    """Write deliveries, one after the other, to a text file opened with newline="".

    Returns how many there were. `since` is when each got into its state.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    number = 0
    for one in found:
        writer.writerow([guarded(cell) for cell in _cells(one)])
        number += 1
    return number


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
