"""Make a workspace with an approved and addressed edition, and say how long addressing took.

`python -m benchmarks.prepare FOLDER PEOPLE [--database URL] [--dkim]` prints JSON.
"""

import argparse
import json
import time
from pathlib import Path

from benchmarks.workspace import add_people, compose, count_states, opened, write_files
from dispatch.app import App
from dispatch.pipeline.delivery.address import address_edition


def address(app: App, edition_id: str) -> None:
    """Write the frozen audience: the one place that says how addressing is called."""
    address_edition(edition_id, store=app.store, clock=app.clock)


def main() -> None:
    """Make it where the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("people", type=int)
    parser.add_argument("--database", default="")
    parser.add_argument("--dkim", action="store_true")
    given = parser.parse_args()
    write_files(given.folder, port=25, dkim=given.dkim)
    with opened(given.folder, given.database) as app:
        # Composing counts the audience, so most people come later: it is not what is measured.
        add_people(app.settings.database_url, first=1, last=1)
        edition = compose(app)
        add_people(app.settings.database_url, first=2, last=given.people)
        began = time.perf_counter()
        address(app, edition.id)
        seconds = time.perf_counter() - began
        addressed = sum(count_states(app.store, edition.id).values())
    assert addressed == given.people, f"{addressed} deliveries for {given.people} people"
    print(json.dumps({"edition": edition.id, "address_seconds": seconds}))


if __name__ == "__main__":
    main()
