"""In which fields of how many entries dispatch and plain feedparser differ, over a folder of feeds.

    python -m benchmarks.feed_fields FOLDER [--show FIELD]

A difference is no mistake in itself: feedparser guesses where dispatch says that it does not know.
Titles are compared where there is one.
"""

import argparse
import calendar
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from dispatch.errors import FeedError
from dispatch.feeds.parse.document import parse
from dispatch.model.intake.feed import Entry
from dispatch.model.text.plain_text import one_line

URL = "https://feeds.example/x"


def main() -> None:
    """Print a line for each field, with the number of entries in which it differs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--show", default="", help="print the differences in this field")
    given = options.parse_args()
    differ: Counter[str] = Counter()
    entries = 0
    for path in sorted(given.folder.rglob("*.xml")):
        for ours, theirs in _pairs(path.read_bytes()):
            entries += 1
            for name, value in _fields_of(ours).items():
                if value != theirs[name] and not (name == "title" and not theirs[name]):
                    differ[name] += 1
                    if name == given.show:
                        print(f"{path}: {theirs[name]!r} -> {value!r}")
    print(f"{entries} entries")
    for name, count in sorted(differ.items()):
        print(f"{name:10} {count:5}")


def _pairs(body: bytes) -> Iterator[tuple[Entry, dict[str, Any]]]:
    try:
        found = feedparser.parse(body, response_headers={"content-location": URL})
        document = parse(body, url=URL)
    except (FeedError, ValueError, AttributeError, KeyError, TypeError):  # what feedparser raises
        return
    items = found.get("entries", [])
    for entry in document.entries:
        yield entry, _fields_of_item(items[entry.position])


def _fields_of(entry: Entry) -> dict[str, Any]:
    return {
        "guid": entry.guid,
        "link": entry.link,
        "title": entry.title,
        "authors": entry.authors,
        "topics": entry.topics,
        "published": entry.published,
        "updated": entry.updated,
    }


def _fields_of_item(item: Any) -> dict[str, Any]:
    names = (one.get("name", "") for one in item.get("authors", []) if one)
    terms = (tag.get("label") or tag.get("term") or "" for tag in item.get("tags", []))
    return {
        "guid": one_line(str(item.get("id", ""))),
        "link": str(item.get("link", "")),
        "title": one_line(str(item.get("title", ""))),
        "authors": tuple(map(one_line, filter(None, names))),
        "topics": tuple(map(one_line, filter(None, terms))),
        "published": _moment(
            dict.get(item, "published_parsed") or dict.get(item, "updated_parsed")
        ),
        "updated": _moment(dict.get(item, "updated_parsed")),
    }


def _moment(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (OverflowError, TypeError, ValueError):
        return None


if __name__ == "__main__":
    main()
