"""An opened workspace, with the use cases in it by their subjects."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dispatch.app.tools import Tools
from dispatch.clock import Clock
from dispatch.config.process.settings import Settings
from dispatch.config.workspace import Workspace
from dispatch.errors import BadInput, Problem
from dispatch.pipeline.editions.follow import follow
from dispatch.pipeline.notify.follow import follow_receivers
from dispatch.pipeline.people.take_in_endings import take_in_endings
from dispatch.pulse import Pulse
from dispatch.store.transactions import Store

if TYPE_CHECKING:
    from dispatch.app.bounces import Bounces
    from dispatch.app.calendar import Calendar
    from dispatch.app.campaigns import Campaigns
    from dispatch.app.cards import Cards
    from dispatch.app.channels import Channels
    from dispatch.app.delivery import Delivery
    from dispatch.app.editions import Editions
    from dispatch.app.hooks import Hooks
    from dispatch.app.intake import Intake
    from dispatch.app.letters import Letters
    from dispatch.app.notify import Notify
    from dispatch.app.people import People
    from dispatch.app.pictures import Pictures
    from dispatch.app.reader_mails import ReaderMails
    from dispatch.app.signing_in import SigningIn
    from dispatch.app.team import Team
    from dispatch.app.texts import Texts
    from dispatch.app.uploads import Uploads
    from dispatch.config.files.problems import FileProblem
    from dispatch.config.people.subscribers import SubscriberFile
    from dispatch.model.campaigns.campaign import Campaign
    from dispatch.model.people.subscriber import Subscriber
    from dispatch.pipeline.rehearse_run import Rehearsal
    from dispatch.pipeline.workspace.readiness import Readiness


class App:
    """An opened workspace. It hands its tools to the use cases and keeps nothing else.

    Each subject is put together when it is first asked for: what a command does without, it need
    not wait for.
    """

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    @cached_property
    def channels(self) -> "Channels":
        """The channels."""
        from dispatch.app.channels import Channels

        return Channels(self.tools)

    @cached_property
    def bounces(self) -> "Bounces":
        """The mailbox that gets what mail servers send back."""
        from dispatch.app.bounces import Bounces

        return Bounces(self.tools, self.channels)

    @cached_property
    def people(self) -> "People":
        """The people who are written to."""
        from dispatch.app.people import People

        return People(self.tools)

    @cached_property
    def team(self) -> "Team":
        """Who signs in to the team's pages."""
        from dispatch.app.team import Team

        return Team(self.tools)

    @cached_property
    def reader_mails(self) -> "ReaderMails":
        """What readers are written to about their own affairs."""
        from dispatch.app.reader_mails import ReaderMails

        return ReaderMails(self.tools, self.channels)

    @cached_property
    def signing_in(self) -> "SigningIn":
        """How people of the team sign in, and look after their own account."""
        from dispatch.app.signing_in import SigningIn

        return SigningIn(self.tools, self.channels)

    @cached_property
    def uploads(self) -> "Uploads":
        """Files of people that the team hands over in its pages."""
        from dispatch.app.uploads import Uploads

        return Uploads(self.tools, self.people)

    @cached_property
    def intake(self) -> "Intake":
        """The feeds, and how posts come in."""
        from dispatch.app.intake import Intake

        return Intake(self.tools)

    @cached_property
    def cards(self) -> "Cards":
        """Cards and pictures of posts."""
        from dispatch.app.cards import Cards

        return Cards(self.tools, self.channels)

    @cached_property
    def pictures(self) -> "Pictures":
        """Pictures that the team uploads for pieces."""
        from dispatch.app.pictures import Pictures

        return Pictures(self.tools)

    @cached_property
    def editions(self) -> "Editions":
        """What goes out, while it is made and looked at."""
        from dispatch.app.editions import Editions

        return Editions(self.tools, self.channels)

    @cached_property
    def delivery(self) -> "Delivery":
        """What goes out, while it does."""
        from dispatch.app.delivery import Delivery

        return Delivery(self.tools, self.channels)

    @cached_property
    def hooks(self) -> "Hooks":
        """What services call us back with."""
        from dispatch.app.hooks import Hooks

        return Hooks(self.tools, self.channels)

    @cached_property
    def notify(self) -> "Notify":
        """What programs elsewhere are told."""
        from dispatch.app.notify import Notify

        return Notify(self.tools, self.channels)

    @cached_property
    def campaigns(self) -> "Campaigns":
        """The whole job, campaign by campaign."""
        from dispatch.app.campaigns import Campaigns

        return Campaigns(
            self.tools,
            channels=self.channels,
            people=self.people,
            intake=self.intake,
            editions=self.editions,
            delivery=self.delivery,
            reader_mails=self.reader_mails,
        )

    @cached_property
    def letters(self) -> "Letters":
        """Editions that no schedule made."""
        from dispatch.app.letters import Letters

        return Letters(self.tools, self.channels, self.editions)

    @cached_property
    def calendar(self) -> "Calendar":
        """What is to come."""
        from dispatch.app.calendar import Calendar

        return Calendar(self.tools, self.texts)

    @cached_property
    def texts(self) -> "Texts":
        """The texts that people write, as they stand on the disk."""
        from dispatch.app.texts import Texts

        return Texts(self.tools, self.channels, follow=self.follow)

    @property
    def workspace(self) -> Workspace:
        """What the files say now."""
        return self.tools.files.workspace

    @property
    def folder(self) -> Path:
        """The folder of the workspace."""
        return self.tools.files.folder

    @property
    def settings(self) -> Settings:
        """How this machine runs dispatch."""
        return self.tools.settings

    @property
    def store(self) -> Store:
        """The database."""
        return self.tools.store

    @property
    def clock(self) -> Clock:
        """Where the time comes from."""
        return self.tools.clock

    @property
    def zone(self) -> ZoneInfo:
        """By whose clocks the team plans."""
        return ZoneInfo(self.workspace.publisher.timezone or "UTC")

    @property
    def pulse(self) -> Pulse:
        """What this process has lately done and failed at."""
        return self.tools.pulse

    @property
    def stopping(self) -> Event:
        """Set once what is under way is to end soon."""
        return self.tools.stopping

    def campaign(self, name: str) -> "Campaign":
        """A campaign by its name; raises NotFound."""
        return self.workspace.campaign(name)

    def reload_if_changed(self) -> None:
        """Take up changes of schedules.yaml; raises BadInput, once, and goes on as before."""
        try:
            if not self.tools.files.read_again():
                return
        except BadInput:
            self.pulse.failed("schedules.yaml", "cannot be used")
            raise
        self.pulse.start_over()
        self.tools.feed_http.call_ourselves(self.workspace.publisher.public_url)
        self.channels.close()
        self.follow()

    def follow(self) -> None:
        """Note since when campaigns follow what the file says now, and who is told things."""
        follow(self.workspace, store=self.store, clock=self.clock)
        follow_receivers(self.workspace, store=self.store, clock=self.clock)

    def open_database(self) -> None:
        """Take in who has left another database, and remember this one if it is the first."""
        tools = self.tools
        take_in_endings(
            tools.endings.file, store=tools.store, markers=tools.markers, clock=tools.clock
        )
        tools.guard.meet(tools.store)

    def check_database(self) -> None:
        """Raise UnknownDatabase where nothing may go out over this one, or BadInput."""
        self.tools.guard.check(self.store)

    def check_readiness(self) -> "Readiness":
        """Whether this process does its work, and the work goes on; raises nothing."""
        from dispatch.pipeline.workspace.readiness import check_readiness

        return check_readiness(
            store=self.store,
            guard=self.tools.guard,
            pulse=self.pulse,
            folders=(self.folder, self.settings.state_folder),
            endings=self.tools.endings.file,
            now=self.clock(),
        )

    def check(self) -> list[Problem]:
        """Everything that is wrong with the files of the workspace."""
        from dispatch.app.check import check_files

        return check_files(self)

    def look_at_people(
        self, campaign: "Campaign", files: "Iterable[SubscriberFile]"
    ) -> "list[FileProblem]":
        """What is odd about those whom a campaign writes to, beside the files they came by."""
        from dispatch.pipeline.workspace.check_people import PeopleCheck

        people = PeopleCheck(self.workspace, [campaign], self.store)
        for file in files:
            people.look_at(file)
        return people.problems()

    @contextmanager
    def rehearsal(self) -> Iterator["App"]:
        """The same workspace on a copy of its database: nothing done with it is kept."""
        store = self.store.rehearsal()
        try:
            yield App(replace(self.tools, store=store))
        finally:
            store.close()

    def rehearse(self, campaign: "Campaign", *, reader: str = "") -> "Rehearsal":
        """What the next run of a campaign would do and say; nothing of it is kept.

        `reader` is the address of somebody who is to be looked for among those it would write to.
        """
        from dispatch.pipeline.rehearse_run import rehearse_run

        tools = self.tools
        with self.rehearsal() as copy:
            found = rehearse_run(
                campaign,
                self.editions.this_slot(campaign),
                steps=copy.campaigns.by_person,
                store=copy.store,
                materials=tools.files.materials,
                clock=tools.clock,
                try_out=tools.trials.proof,
                renderer=tools.trials,
                reader=reader,
            )
            files = [one.file for one in found.report.imports]
            found.people = tuple(copy.look_at_people(campaign, files))
            return found

    def find_reader(self, email: str) -> "Subscriber | None":
        """Whom the database has by this address, or a file that a run would bring in."""
        with self.store.read() as tx:
            known = tx.subscribers.find(email)
        if known is not None:
            return known
        with self.rehearsal() as copy:
            list(copy.people.import_files())
            with copy.store.read() as tx:
                return tx.subscribers.find(email)

    def stop(self) -> None:
        """Have what is under way end soon: deliveries between two, and what is rendered at once."""
        self.stopping.set()
        self.tools.trials.cut_off()
        self.tools.renderer.cut_off()

    def close(self) -> None:
        """Let go of channels, processes, connections and the database."""
        if "notify" in vars(self):
            self.notify.close()
        if "hooks" in vars(self):
            self.hooks.close()
        if "channels" in vars(self):
            self.channels.close()
        self.tools.close()
