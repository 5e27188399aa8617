"""When mails came: what a mail server writes into in place of keeping them."""

import threading
import time

from benchmarks.stage import WrongCountError
from dispatch.testing.smtp_server import Mail


class Arrivals(list[Mail]):
    """Notes the moment of each mail, in seconds, and forgets the mail."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[float] = []
        self._came = threading.Condition()

    def append(self, _mail: Mail) -> None:
        """See list."""
        with self._came:
            self.moments.append(time.monotonic())
            self._came.notify_all()

    def wait_for(self, number: int, *, seconds: float) -> None:
        """Return when so many have come."""
        with self._came:
            if not self._came.wait_for(lambda: len(self.moments) >= number, seconds):
                raise WrongCountError(f"{len(self.moments)} of {number} mails came")
