"""What the use cases of one opened workspace work with."""

import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

from dispatch import ids
from dispatch.app.files import WorkspaceFiles
from dispatch.app.http_clients import HttpClient
from dispatch.clock import Clock, carried_on, system_clock, system_timer
from dispatch.config.process.endings_file import FILE as ENDINGS
from dispatch.config.process.endings_file import EndingsFile
from dispatch.config.process.known_database import KnownDatabase
from dispatch.config.process.settings import Settings
from dispatch.feeds.pictures.reader import PictureReader
from dispatch.feeds.subprocesses.parser import SubprocessParser
from dispatch.model.people.ending import Markers
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.team.links import TeamLinks
from dispatch.pipeline.team.passwords import Passwords
from dispatch.pipeline.websub.callbacks import Callbacks
from dispatch.pipeline.workspace.guard import Guard
from dispatch.processors import count_cores
from dispatch.pulse import Pulse
from dispatch.render.subprocesses.renderer import SubprocessRenderer
from dispatch.store.transactions import Store

if TYPE_CHECKING:
    from dispatch.feeds.web.limits import Limits
    from dispatch.pipeline.delivery.loops import Processes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """All of it in one value; only the files may say something else later.

    `feed_http` reaches public addresses only, as feeds are anybody's. `renderer` makes what goes
    out, which no trial holds up. Once `stopping` is set, what is under way ends soon.
    """

    files: WorkspaceFiles
    settings: Settings
    store: Store
    http: HttpClient
    feed_http: HttpClient
    trials: SubprocessRenderer
    renderer: SubprocessRenderer
    parse: SubprocessParser
    read_page: SubprocessParser
    read_picture: PictureReader
    read_upload: PictureReader
    environ: Mapping[str, str]
    clock: Clock = system_clock
    new_id: ids.Ids = ids.new
    rng: random.Random = field(default_factory=random.SystemRandom)
    passwords: Passwords = field(default_factory=Passwords)
    pulse: Pulse = field(default_factory=Pulse)
    stopping: Event = field(default_factory=Event)

    @property
    def links(self) -> SignedLinks:
        """Makes and reads the signed links in what we send."""
        workspace = self.files.workspace
        returning = workspace.bounces.address if workspace.bounces else ""
        return SignedLinks(workspace.publisher.public_url, self.settings.secret_keys, returning)

    @property
    def team_links(self) -> TeamLinks:
        """Makes the links in mails to the team."""
        return TeamLinks(self.files.workspace.publisher.public_url, self.settings.secret_keys)

    @property
    def callbacks(self) -> Callbacks:
        """Makes and reads the addresses at which hubs call us."""
        key = self.settings.secret_key.get_secret_value()
        return Callbacks(self.files.workspace.publisher.public_url, key)

    @property
    def guard(self) -> Guard:
        """Lets nothing out over a database that is not the workspace's."""
        return Guard(KnownDatabase(self.settings.state_folder))

    @property
    def markers(self) -> Markers:
        """Make the marks by which somebody who has left is found again."""
        return Markers(self.settings.secret_keys)

    @property
    def endings(self) -> Endings:
        """Writes down beside the database who has left."""
        file = EndingsFile(self.settings.state_folder / ENDINGS)
        return Endings(file, self.markers, self.clock)

    @property
    def lease(self) -> timedelta:
        """How long a worker may hold a delivery."""
        return timedelta(seconds=self.settings.lease_seconds)

    @property
    def feed_limits(self) -> "Limits":
        """How long a feed may take."""
        from dispatch.feeds.web.limits import NORMAL

        silence = self.settings.feed_seconds
        return replace(NORMAL, silence=silence, total=2 * silence)

    def processes(self, most: int | None = None) -> "Processes":
        """How many processes may send mail beside each other: as the settings say, or at `most`.

        By a clock of one's own only this one does.
        """
        from dispatch.pipeline.delivery.loops import HERE_ALONE, Processes

        if sys.platform == "win32" or self.clock is not system_clock:
            return HERE_ALONE
        return Processes(most or self.settings.workers, count_cores())

    def keep_going(self) -> bool:
        """Whether nobody has told us to stop."""
        return not self.stopping.is_set()

    def engine_clock(self) -> Clock:
        """The database's time, which all machines share: leases and pace are reckoned by it.

        It is read once and then carried on by a timer that no correction of a clock disturbs.
        """
        if self.clock is not system_clock:
            return self.clock
        return carried_on(self.store.time() or self.clock(), timer=system_timer)

    def close(self) -> None:
        """Let go of processes, connections and the database."""
        self.parse.close()
        self.read_page.close()
        self.read_picture.close()
        self.read_upload.close()
        self.trials.close()
        self.renderer.close()
        self.feed_http.close()
        self.http.close()
        self.store.close()
