"""A service of its own that ticks when it is told to: `python ticking_service.py FOLDER MOMENT`.

Its clock stands at the moment. Each line of its input is another one, to which it sets the clock;
it ticks, and answers with a line.
"""

import sys
from datetime import datetime
from pathlib import Path

from dispatch.app import open_app
from dispatch.scheduling.due import Waiting
from dispatch.scheduling.tick import tick
from dispatch.testing.clock import FakeClock


def main() -> None:
    folder, moment = sys.argv[1:]
    clock, waiting = FakeClock(datetime.fromisoformat(moment)), Waiting()
    with open_app(Path(folder), clock=clock) as app:
        for line in sys.stdin:
            clock.now = datetime.fromisoformat(line.strip())
            tick(app, waiting=waiting)
            sys.stdout.write("ticked\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
