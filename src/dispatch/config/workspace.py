"""A workspace: the folder that people edit, as checked values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dispatch.config.files.line_numbers import LineNumbers
from dispatch.config.files.line_numbers import Path as Keys
from dispatch.config.values.columns import Rules
from dispatch.errors import NotFound
from dispatch.model.campaigns.cadence import Family, chosen_cadence
from dispatch.model.campaigns.campaign import Campaign, ChannelPlan, Publisher
from dispatch.model.campaigns.letter_rule import LetterRule
from dispatch.model.delivery.bounce_mailbox import BounceMailbox
from dispatch.model.intake.feed import Feed
from dispatch.model.notify.receiver import ReceiverPlan
from dispatch.model.people.form import Form
from dispatch.model.people.reader_mail import ReaderMail
from dispatch.model.people.refusal import Merge
from dispatch.model.team.sign_in_rule import SignInRule
from dispatch.model.text.suggestions import closest, did_you_mean


@dataclass(frozen=True, slots=True)
class AudienceWords:
    """How readers see an audience; empty where nobody has said it."""

    title: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """What `schedules.yaml` says, checked, and the folder it is in.

    `lines` is for problems that are found later, such as a provider's options.
    `holiday_files` are paths in the folder that campaigns read days from.
    Where no campaign has email, the publisher's sender and public_url may be empty.
    The campaigns of `families` are among the campaigns, each under its own name. `columns` is what
    it says of columns of subscriber files, by audience, and `merging` what a file does to what is
    known. `refusals` are the files of what forms
    refuse. `segments` are the saved ones, and `segment_names` the name of each campaign's, where
    it writes to a saved one. People all of whose subscriptions have ended are kept for
    `erase_after`, or without end. `bounces` is the mailbox that gets what comes back, if there is
    one. `notify` are the programs elsewhere that are told what happens.
    """

    folder: Path
    publisher: Publisher
    feeds: Mapping[str, Feed]
    channels: Mapping[str, ChannelPlan]
    campaigns: Mapping[str, Campaign]
    holiday_files: tuple[str, ...] = ()
    families: Mapping[str, Family] = field(default_factory=dict)
    columns: Mapping[str, Rules] = field(default_factory=dict)
    merging: Mapping[str, Merge] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    segment_names: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    audiences: Mapping[str, AudienceWords] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    keep_networks: bool = False
    erase_after: timedelta | None = None
    sign_in: SignInRule = field(default_factory=SignInRule)
    bounces: BounceMailbox | None = None
    letters: LetterRule = field(default_factory=LetterRule)
    notify: Mapping[str, ReceiverPlan] = field(default_factory=dict)
    lines: LineNumbers = field(default_factory=LineNumbers, repr=False, compare=False)

    def campaign(self, name: str) -> Campaign:
        """A campaign by its name; raises NotFound, also for a family, which is several."""
        if name in self.campaigns:
            return self.campaigns[name]
        if name in self.families:
            ours = ", ".join(self.families[name].campaigns.values())
            raise NotFound(f"campaign {name}: has several cadences - name one of these: {ours}")
        advice = did_you_mean(name, self.campaigns)
        raise NotFound(f"campaign {name}: not in schedules.yaml - {advice}")

    def campaign_or_default(self, name: str) -> Campaign:
        """The same; of a family, the campaign of its default cadence."""
        family = self.families.get(name)
        return self.campaign(family.campaigns[family.default] if family else name)

    def check_feeds(self, names: Iterable[str]) -> None:
        """Raise NotFound for a feed that is not in the file."""
        for name in names:
            if name not in self.feeds:
                advice = did_you_mean(name, self.feeds)
                raise NotFound(f"feed {name}: not in schedules.yaml - {advice}")

    def unread_audience(self, audience: str) -> list[str]:
        """A hint if no campaign writes to an audience, and one writes to almost the same."""
        written_to = {one.email.audience for one in self.campaigns.values() if one.email}
        if audience in written_to or not closest(audience, written_to):
            return []
        advice = did_you_mean(audience, written_to)
        return [f"audience {audience}: no campaign writes to it - {advice}"]

    def families_for(self, audience: str) -> list[Family]:
        """The families that write to an audience, and have something to choose."""
        return [
            family
            for family in self.families.values()
            if family.audience == audience and len(family.offered) > 1
        ]

    def place_of(self, campaign: Campaign, *key: str | int) -> Keys:
        """Where in the file a key of a campaign is written."""
        if campaign.cadence is None:
            return ("campaigns", campaign.name, *key)
        if key[:1] in {("social",), ("schedule",)}:
            return ("campaigns", campaign.family, "cadences", campaign.cadence.value, *key)
        return ("campaigns", campaign.family, *key)

    def place_of_segment(self, campaign: Campaign) -> Keys:
        """Where in the file a campaign's segment is written."""
        if campaign.name in self.segment_names:
            return ("segments", self.segment_names[campaign.name])
        return self.place_of(campaign, "email", "segment")

    def mail_channel(self, audience: str = "") -> str:
        """By which channel readers of an audience are written to; empty where nobody is."""
        plans = [one.email for one in self.campaigns.values() if one.email]
        ours = [plan for plan in plans if plan.audience == audience]
        return next((plan.via for plan in (*ours, *plans)), "")

    def letter_via(self, audience: str) -> tuple[str, ...]:
        """Over which channels a letter goes: its own, else those of who writes to its readers."""
        plans = [one.email for one in self.campaigns.values() if one.email]
        ours = [plan for plan in plans if plan.audience == audience]
        found = [(plan.via, *plan.failover) for plan in (*ours, *plans)]
        return self.letters.via or next(iter(found), (next(iter(self.channels)),))

    def channel_of(self, mail: ReaderMail) -> str:
        """By which channel a mail to a reader goes: its own, or what its form names by now."""
        form = self.forms.get(mail.form)
        known = (mail.via, form.via if form else "", self.mail_channel(mail.audience))
        return next((via for via in known if via in self.channels), mail.via)

    def written_to(self) -> list[str]:
        """The audiences that campaigns write to, in the order of the file."""
        plans = (one.email for one in self.campaigns.values())
        return list(dict.fromkeys(plan.audience for plan in plans if plan))

    def form(self, name: str) -> Form:
        """A form by its name; raises NotFound."""
        if name not in self.forms:
            advice = did_you_mean(name, self.forms)
            raise NotFound(f"form {name}: not in schedules.yaml - {advice}")
        return self.forms[name]

    def form_for(self, audience: str) -> Form | None:
        """The form by which people join an audience: of several the first that is for it alone."""
        found = [one for one in self.forms.values() if audience in one.audiences]
        return min(found, key=lambda one: len(one.audiences), default=None)

    def welcome_of(self, form: Form, cadence: str) -> str:
        """The campaign whose latest edition greets who joined by a form; empty: none does.

        Of a family, that of the cadence which they have chosen.
        """
        family = self.families.get(form.welcome)
        if family is None:
            return form.welcome if form.welcome in self.campaigns else ""
        return family.campaigns[chosen_cadence(cadence, family.default, family.offered)]

    def audience_title(self, audience: str) -> str:
        """What readers call what they get: by default the titles of the campaigns behind it."""
        if audience in self.audiences and self.audiences[audience].title:
            return self.audiences[audience].title
        titles = dict.fromkeys(
            self.families[campaign.family].title if campaign.family else campaign.title
            for campaign in self.campaigns.values()
            if campaign.email and campaign.email.audience == audience
        )
        return ", ".join(titles) or audience
