"""An edition that goes out, and a second."""

from datetime import timedelta

from dispatch.model.editions.edition import Edition, EditionState
from dispatch.testing.clock import FakeClock

SECOND = timedelta(seconds=1)
E4 = Edition("e4", "weekly", "", EditionState.SENDING, None, "", FakeClock()(), number=4)
