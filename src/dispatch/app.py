"""The one place where everything is put together: a workspace with its database and tools."""

import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event

import httpx
import structlog
from pydantic import SecretStr

from dispatch import ids
from dispatch.channels.open import Channel, open_channel
from dispatch.clock import Clock, carried_on, system_clock, system_timer
from dispatch.config.files.permissions import check_private
from dispatch.config.keys.references import DEFAULT_CHANNEL
from dispatch.config.people.subscribers import read_audience_files
from dispatch.config.process.endings_file import FILE as ENDINGS
from dispatch.config.process.endings_file import EndingsFile
from dispatch.config.process.known_database import FILE as KNOWN
from dispatch.config.process.known_database import KnownDatabase
from dispatch.config.process.secret_key import FILE as SECRET
from dispatch.config.process.secrets import resolve
from dispatch.config.process.settings import Settings, load_settings
from dispatch.config.schedules.load import load_workspace, modified
from dispatch.config.workspace import Workspace
from dispatch.errors import (
    BadInput,
    DispatchError,
    NotFound,
    Problem,
    ProviderError,
    UnknownDatabase,
)
from dispatch.feeds.pages.discover import FoundFeed, find_feeds
from dispatch.feeds.pages.robots import Robots
from dispatch.feeds.pages.visit import visit_page
from dispatch.feeds.subprocesses.parser import PAGE_READER, ParseApart
from dispatch.feeds.web.limits import NORMAL, Limits
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client, user_agent
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Slot, slot_at
from dispatch.model.delivery.message import Outcome
from dispatch.model.delivery.state import count_open
from dispatch.model.editions.edition import (
    UNDECIDED,
    UNFINISHED,
    Edition,
    EditionContent,
    EditionState,
)
from dispatch.model.people.ending import Markers
from dispatch.model.text.plain_text import did_you_mean
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import (
    DeliveryReport,
    Progress,
    count_lanes,
    deliver_edition,
    find_window,
    work_lane,
)
from dispatch.pipeline.delivery.reconcile import DELIVER, settle_what_was_left, sweep
from dispatch.pipeline.delivery.resume import resume_channel
from dispatch.pipeline.editions.compose import Composed, Materials, compose_edition
from dispatch.pipeline.editions.follow import follow
from dispatch.pipeline.editions.preview import send_test, show_edition
from dispatch.pipeline.intake.poll import PollReport, Wanted, always, is_due, poll_feeds
from dispatch.pipeline.messages.links import Links
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.import_file import ImportReport, import_file
from dispatch.pipeline.people.take_in_endings import take_in_endings
from dispatch.pipeline.reviews.decide import check_approved
from dispatch.pipeline.reviews.send_review_mails import NoticeReport, tell_reviewers
from dispatch.pipeline.websub.callbacks import Callbacks
from dispatch.pipeline.websub.receive_notification import call_feeds
from dispatch.pipeline.websub.renew_subscriptions import AskReport, ask_hubs
from dispatch.pipeline.workspace.check import check_channels, check_workspace
from dispatch.pipeline.workspace.check_zones import check_zones
from dispatch.pipeline.workspace.guard import Guard
from dispatch.pipeline.workspace.readiness import Readiness, check_readiness
from dispatch.pulse import Pulse
from dispatch.render.templates.files import load_template
from dispatch.render.trials.subprocess_renderer import RenderApart
from dispatch.store.store import Store
from dispatch.wakeup.port import Handler, Payload

log = structlog.get_logger()


@dataclass(slots=True)
class App:
    """An opened workspace. It hands its tools to the use cases and keeps nothing else."""

    workspace: Workspace
    settings: Settings
    store: Store
    http: httpx.Client
    feed_http: httpx.Client  # reaches public addresses only, as feeds are anybody's
    clock: Clock = system_clock
    new_id: ids.Ids = ids.new
    rng: random.Random = field(default_factory=random.SystemRandom)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    parse: ParseApart = field(default_factory=ParseApart)  # starts nothing until it is used
    read_page: ParseApart = field(default_factory=partial(ParseApart, program=PAGE_READER))
    trials: RenderApart = field(default_factory=RenderApart)
    robots: Robots = field(default_factory=Robots)
    pulse: Pulse = field(default_factory=Pulse)
    stopping: Event = field(default_factory=Event)  # `stop` sets it
    _channels: dict[str, Channel] = field(default_factory=dict)
    _read_at: int = 0

    @property
    def folder(self) -> Path:
        """The folder of the workspace."""
        return self.workspace.folder

    @property
    def links(self) -> Links:
        """Makes and reads the signed links in what we send."""
        return Links(self.workspace.publisher.public_url, self.settings.secret_keys)

    @property
    def guard(self) -> Guard:
        """Lets nothing out over a database that is not the workspace's."""
        return Guard(KnownDatabase(self.settings.state_folder))

    @property
    def endings(self) -> Endings:
        """Writes down beside the database who has left."""
        file = EndingsFile(self.settings.state_folder / ENDINGS)
        return Endings(file, self.markers, self.clock)

    @property
    def markers(self) -> Markers:
        """Make the marks by which somebody who has left is found again."""
        return Markers(self.settings.secret_keys)

    @property
    def callbacks(self) -> Callbacks:
        """Makes and reads the addresses at which hubs call us."""
        return Callbacks(
            self.workspace.publisher.public_url, self.settings.secret_key.get_secret_value()
        )

    @property
    def lease(self) -> timedelta:
        """How long a worker may hold a delivery."""
        return timedelta(seconds=self.settings.lease_seconds)

    @property
    def feed_limits(self) -> Limits:
        """How long a feed may take."""
        silence = self.settings.feed_seconds
        return replace(NORMAL, silence=silence, total=2 * silence)

    def campaign(self, name: str) -> Campaign:
        """A campaign by its name; raises NotFound."""
        return self.workspace.campaign(name)

    def reload_if_changed(self) -> None:
        """Take up changes of schedules.yaml; raises BadInput, once, and goes on as before."""
        changed = modified(self.folder, self.workspace.holiday_files)
        if changed == self._read_at:
            return
        self._read_at = changed
        try:
            self.workspace = load_workspace(self.folder)
        except BadInput:
            self.pulse.failed("schedules.yaml", "cannot be used")
            raise
        self.pulse.start_over()
        contact = self.workspace.publisher.public_url
        self.feed_http.headers["User-Agent"] = user_agent(contact)
        self._close_channels()
        self.follow()

    @property
    def materials(self) -> Materials:
        """What editions are made from, besides posts."""
        templates = self.folder / "templates"
        return Materials(
            self.workspace.publisher, self.workspace.feeds, partial(load_template, templates)
        )

    def channel(self, name: str) -> Channel:
        """A channel by its name, opened on first use; raises NotFound or BadInput."""
        if name not in self._channels:
            self._channels[name] = self.open_channel(name)
        return self._channels[name]

    def open_channel(self, name: str) -> Channel:
        """A channel for the caller's own thread, to be closed; raises NotFound or BadInput."""
        plan = self.workspace.channels.get(name)
        if plan is None:
            advice = did_you_mean(name, self.workspace.channels)
            raise NotFound(f"channel {name}: not in schedules.yaml - {advice}")
        return open_channel(
            plan,
            http=self.http,
            clock=self.clock,
            folder=self.folder,
            secret=self.secret,
        )

    def secret(self, reference: str) -> SecretStr:
        """What `env:NAME` or `file:PATH` names; raises ValueError with problem and advice."""
        return resolve(reference, folder=self.folder, environ=self.environ)

    def check_readiness(self) -> Readiness:
        """Whether this process does its work, and the work goes on; raises nothing."""
        return check_readiness(
            store=self.store,
            guard=self.guard,
            pulse=self.pulse,
            folders=(self.folder, self.settings.state_folder),
            endings=self.endings.file,
            now=self.clock(),
        )

    def check(self) -> list[Problem]:
        """Everything that is wrong with the files of the workspace."""
        with self.store.read() as tx:
            audiences = tx.subscribers.audiences()
            hints = list(check_zones(self.workspace, tx=tx, now=self.clock()))
        problems = check_workspace(
            self.workspace,
            secret=self.secret,
            audiences=audiences,
            check_template=self.trials.check_template,
        )
        try:
            self.check_database()
        except BadInput as error:
            problems += error.problems
        except UnknownDatabase as error:
            problems.append(error)
        if trouble := self.endings.file.problem():
            problems.append(trouble)
        return [*problems, *hints, *check_private(self._private_files(), folder=self.folder)]

    def _private_files(self) -> Iterator[Path]:
        """What tells of readers, or signs for us."""
        yield self.folder / SECRET
        for name in (KNOWN, ENDINGS):
            yield self.settings.state_folder / name
        if self.store.file is not None:
            yield self.store.file
        for plan in self.workspace.channels.values():
            if plan.provider == DEFAULT_CHANNEL:
                yield self.folder / str(plan.options.get("folder", DEFAULT_CHANNEL))

    def follow(self) -> None:
        """Note since when campaigns follow what the file says now."""
        follow(self.workspace, store=self.store, clock=self.clock)

    def import_people(self) -> Iterator[ImportReport]:
        """Bring in everybody of `subscribers/*.csv`; a bad row is reported, the others count."""
        for path in read_audience_files(self.folder):
            yield self.import_file(path)

    def import_file(
        self,
        path: Path,
        audience: str | None = None,
        *,
        progress: Callable[[int], None] = lambda _: None,
    ) -> ImportReport:
        """Bring in everybody of one file. Raises BadInput where it cannot be read."""
        return import_file(
            path,
            audience,
            store=self.store,
            clock=self.clock,
            ids=self.new_id,
            markers=self.markers,
            progress=progress,
        )

    def open_database(self) -> None:
        """Take in who has left another database, and remember this one if it is the first."""
        take_in_endings(self.endings.file, store=self.store, markers=self.markers, clock=self.clock)
        self.guard.meet(self.store)

    def check_database(self) -> None:
        """Raise UnknownDatabase where nothing may go out over this one, or BadInput."""
        self.guard.check(self.store)

    def poll(self, names: Iterable[str], *, wanted: Wanted = always) -> Iterator[PollReport]:
        """Poll those of these feeds that are wanted."""
        return self._poll_feeds(names, wanted=wanted)

    def find_feeds(self, address: str) -> tuple[FoundFeed, ...]:
        """The feeds of the site that a page's address is of; raises a FeedError without any."""
        return find_feeds(
            address,
            http=self.feed_http,
            folder=self.folder,
            clock=self.clock,
            limits=self.feed_limits,
            parse=self.parse,
        )

    def poll_due(self) -> Iterator[PollReport]:
        """Poll the feeds whose time has come, unless another machine is at it."""
        return self._poll_feeds(self.workspace.feeds, wanted=is_due, claim=True)

    def _poll_feeds(
        self, names: Iterable[str], *, wanted: Wanted, claim: bool = False
    ) -> Iterator[PollReport]:
        return poll_feeds(
            [self.workspace.feeds[name] for name in dict.fromkeys(names)],
            wanted=wanted,
            store=self.store,
            http=self.feed_http,
            folder=self.folder,
            clock=self.clock,
            rng=self.rng,
            limits=self.feed_limits,
            parse=self.parse,
            pushed=self._pushed(),
            claim=claim,
            keep_going=lambda: not self.stopping.is_set(),
            visit=partial(
                visit_page,
                http=self.feed_http,
                folder=self.folder,
                clock=self.clock,
                robots=self.robots,
                read=self.read_page,
                limits=self.feed_limits,
            ),
        )

    def _pushed(self) -> set[str]:
        with self.store.read() as tx:
            return tx.pushes.working(self.clock())

    def ask_hubs(self) -> Iterator[AskReport]:
        """Subscribe at the hubs that feeds name, renew, and leave; some of it at a time."""
        return ask_hubs(
            self.workspace.feeds,
            store=self.store,
            http=self.feed_http,
            callbacks=self.callbacks,
            clock=self.clock,
            rng=self.rng,
            keep_going=lambda: not self.stopping.is_set(),
        )

    def call_feeds(self) -> int:
        """Make the feeds due whose hubs said that there is something new; how many."""
        return call_feeds(store=self.store, clock=self.clock)

    def compose(
        self, campaign: Campaign, slot: Slot | None, *, manual: bool = False
    ) -> Composed | None:
        """Make the edition of a slot; approved at once where the campaign needs no approval.

        Without a slot one is made of this moment, if new posts call for it.

        The channels are checked first, so that wrong options stop it before anything is kept:
        raises BadInput.
        """
        problems = check_channels(campaign, self.workspace, secret=self.secret)
        if problems:
            raise BadInput(problems)
        return compose_edition(
            campaign,
            slot,
            store=self.store,
            materials=self.materials,
            clock=self.clock,
            ids=self.new_id,
            try_out=self.trials.proof,
            manual=manual,
        )

    def show(self, campaign: Campaign, edition_id: str | None = None) -> EditionContent:
        """What an edition says, or the campaign would say now, for somebody to look at."""
        with self.store.read() as tx:
            if edition_id is not None:
                edition = tx.editions.get(edition_id)
                if edition.campaign != campaign.name:
                    raise NotFound(
                        f"edition {edition_id}: is of campaign {edition.campaign}, "
                        f"not {campaign.name} - name that one"
                    )
                return edition.content
            content = show_edition(
                campaign,
                slot_at(self.clock(), self.workspace.publisher.timezone),
                tx=tx,
                materials=self.materials,
                now=self.clock(),
            )
        self.trials.proof(content)
        return content

    def test(self, campaign: Campaign, content: EditionContent, address: str) -> Outcome:
        """Send a digest to one address, outside of any edition. Raises a ProviderError."""
        if campaign.email is None:
            raise NotFound(f"campaign {campaign.name}: has no email - nothing to test")
        self.check_database()
        return send_test(
            content,
            address,
            channel=self.channel(campaign.email.via),
            links=self.links,
            message_id=self.new_id(),
            store=self.store,
            clock=self.clock,
        )

    @contextmanager
    def rehearsal(self) -> Iterator["App"]:
        """The same workspace on a copy of its database: nothing done with it is kept."""
        store = self.store.rehearsal()
        try:
            yield replace(self, store=store, _channels={})
        finally:
            store.close()

    def unfinished(self, campaign: str | None = None) -> list[Edition]:
        """The editions that are approved but have not served everybody, oldest first."""
        with self.store.read() as tx:
            return tx.editions.in_state(campaign, UNFINISHED)

    def waiting(self, campaign: str) -> list[Edition]:
        """The editions that somebody has to approve or reject, oldest first."""
        with self.store.read() as tx:
            return tx.editions.in_state(campaign, UNDECIDED)

    def paused(self, campaign: str) -> list[Edition]:
        """The editions that wait for somebody to go on with them or cancel them, oldest first."""
        with self.store.read() as tx:
            return tx.editions.in_state(campaign, {EditionState.PAUSED})

    def resume_channels(self, campaign: Campaign) -> None:
        """Let the campaign's stopped channels be tried again: a person asks for it."""
        for name in campaign.all_channels:
            resume_channel(name, store=self.store, clock=self.clock)

    def address(self, edition_id: str) -> int | None:
        """Address an approved edition whose time has come, if that has not happened.

        How many of its deliveries are open; None where it is to go out later.
        """
        edition = self._address(edition_id)
        if edition.state is EditionState.APPROVED:
            return None
        with self.store.read() as tx:
            return count_open(tx.deliveries.counts(edition))

    def send(self, edition_id: str, progress: Progress = lambda _: None) -> DeliveryReport:
        """Hand over what is due of an approved edition, addressing it first where needed."""
        self.check_database()
        return deliver_edition(
            self._address(edition_id),
            store=self.store,
            guard=self.guard,
            open_channel=self.open_channel,
            links=self.links,
            clock=self.engine_clock(),
            lease=self.lease,
            progress=progress,
            keep_going=lambda: not self.stopping.is_set(),
            wait=self.stopping.wait,
        )

    def tell_reviewers(self, campaign: str | None = None) -> Iterator[NoticeReport]:
        """Tell reviewers what is due; of one campaign also what was put off: a person asks."""
        return tell_reviewers(
            store=self.store,
            open_channel=self.open_channel,
            links=self.links,
            clock=self.engine_clock(),
            keep_going=lambda: not self.stopping.is_set(),
            campaign=campaign,
            anew=campaign is not None,
        )

    def handlers(self) -> Mapping[str, Handler]:
        """What workers do when they hear a ring, by the job's name."""
        return {DELIVER: self._deliver}

    def sweep(self) -> None:
        """Ring for what is ready, and settle what workers that died have left."""
        sweep(
            store=self.store,
            clock=self.engine_clock(),
            lease=self.lease,
            window_of=self.window_of,
            lanes_of=self.lanes_of,
        )

    def settle_what_was_left(self) -> None:
        """Settle what workers that died have left in editions that are paused or cancelled."""
        settle_what_was_left(
            store=self.store,
            clock=self.engine_clock(),
            lease=self.lease,
            window_of=self.window_of,
        )

    def window_of(self, channel: str) -> timedelta:
        """How long a channel's provider drops repeats; zero for one that is not there any more."""
        return find_window(channel, open_channel=self.open_channel)

    def lanes_of(self, channel: str) -> int:
        """How many workers a channel has use for at once; none if it cannot be opened."""
        try:
            return count_lanes(channel, store=self.store, open_channel=self.open_channel)
        except DispatchError as error:
            log.warning("channel not opened", sentence=str(error))
            return 0

    def _address(self, edition_id: str) -> Edition:
        return address_edition(
            edition_id, store=self.store, clock=self.clock, lanes_of=self.lanes_of
        )

    def _deliver(self, payload: Payload) -> None:
        with self.store.read() as tx:
            edition = tx.editions.get(str(payload["edition"]))
        if edition.state is not EditionState.SENDING:
            return
        check_approved(edition)
        channel = str(payload["channel"])
        ended = work_lane(
            edition,
            channel,
            store=self.store,
            guard=self.guard,
            open_channel=self.open_channel,
            links=self.links,
            clock=self.engine_clock(),
            lease=self.lease,
            keep_going=lambda: not self.stopping.is_set(),
            wait=self.stopping.wait,
        )
        if ended:
            words = {"campaign": edition.campaign, "edition": edition.id, "channel": channel}
            log.info("delivering", **words, ended=ended)

    def engine_clock(self) -> Clock:
        """The database's time, which all machines share: leases and pace are reckoned by it.

        It is read once and then carried on by a timer that no correction of a clock disturbs.
        """
        if self.clock is not system_clock:
            return self.clock
        return carried_on(self.store.time() or self.clock(), timer=system_timer)

    def outboxes(self, campaign: Campaign) -> list[str]:
        """Where to look for what went nowhere but into files."""
        found = []
        for name in campaign.all_channels:
            if self.workspace.channels[name].provider == DEFAULT_CHANNEL:
                with suppress(ProviderError):  # its deliveries say so already
                    where = self.channel(name).provider.check()
                    found.append(f"channel {name} writes to {where}")
        return found

    def stop(self) -> None:
        """Have what is under way end soon: deliveries between two, and a trial at once."""
        self.stopping.set()
        self.trials.cut_off()

    def close(self) -> None:
        """Let go of channels, connections and the database."""
        self._close_channels()
        self.parse.close()
        self.read_page.close()
        self.trials.close()
        self.feed_http.close()
        self.http.close()
        self.store.close()

    def _close_channels(self) -> None:
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()


def _feed_client(settings: Settings, *, contact: str) -> httpx.Client:
    proxy = settings.feed_proxy.get_secret_value() if settings.feed_proxy else ""
    network = FeedNetwork(allowed=settings.private_networks, proxy=proxy)
    return new_client(transport=network, contact=contact)


@contextmanager
def open_app(
    folder: Path, *, environ: Mapping[str, str] | None = None, clock: Clock = system_clock
) -> Iterator[App]:
    """Open a workspace; raises BadInput or StoreUnavailable, and closes all of it at the end."""
    environ = os.environ if environ is None else environ
    read_at = modified(folder)
    workspace = load_workspace(folder)
    settings = load_settings(folder, environ)
    app = App(
        workspace,
        settings,
        Store(settings.database_url),
        new_client(),
        _feed_client(settings, contact=workspace.publisher.public_url),
        clock=clock,
        environ=environ,
        _read_at=read_at,
    )
    try:
        app.open_database()
        app.follow()
        yield app
    finally:
        app.close()
