"""A service of its own that ticks when it is told to: `python ticking_service.py FOLDER`.

Each line of its input is a moment, to which it sets its clock; it ticks, and answers with a line.
"""

import sys
from datetime import datetime
from pathlib import Path

from dispatch.app import open_app
from dispatch.scheduling.due import Waiting
from dispatch.scheduling.tick import tick
from dispatch.testing.clock import FakeClock


def main() -> None:
    clock, waiting = FakeClock(), Waiting()
    with open_app(Path(sys.argv[1])) as app:
        app.clock = clock
        for line in sys.stdin:
            clock.now = datetime.fromisoformat(line.strip())
            app.follow()  # this clock is behind the one by which the workspace was opened
            tick(app, waiting=waiting)
            sys.stdout.write("ticked\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
