"""Who has left is also written beside the database, so that its loss brings nobody back."""

import structlog

from dispatch.clock import Clock
from dispatch.config.process.endings_file import EndingsFile
from dispatch.errors import BadInput
from dispatch.model.people.ending import Ending, Markers, What

log = structlog.get_logger()


class Endings:
    """Writes endings down, in the file of this machine; `markers` makes and knows their marks."""

    def __init__(self, file: EndingsFile, markers: Markers, clock: Clock) -> None:
        self.file = file
        self.markers = markers
        self._clock = clock

    def left(self, email_key: str, audience: str) -> Ending:
        """Write down that somebody has left an audience; what is to be kept in the database."""
        return self._add(What.LEFT, self.markers.newest.left(email_key, audience))

    def left_by_link(self, public_id: str, audience: str) -> Ending:
        """The same of somebody whom this database does not know."""
        return self._add(What.LEFT, self.markers.newest.left_by_link(public_id, audience))

    def suppressed(self, email_key: str) -> Ending:
        """Write down that an address is never to be mailed again."""
        return self._add(What.SUPPRESSED, self.markers.newest.suppressed(email_key))

    def _add(self, what: What, mark: str) -> Ending:
        ending = Ending(mark, what, self._clock(), self.markers.newest.key)
        try:
            self.file.add(ending)
        except OSError as error:
            # Their wish counts all the same: it is kept in the database.
            advice = "make room, and the folder writable, or name another by DISPATCH_STATE_FOLDER"
            problem = f"{self.file.path.name}: cannot be written ({error.strerror}) - {advice}"
            log.warning("ending.not_written", problem=problem)
        except BadInput as error:
            log.warning("ending.not_written", problem=str(error))
        return ending
