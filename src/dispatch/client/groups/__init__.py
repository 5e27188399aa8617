# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""All groups of operations."""

from dispatch.client.calls import Calls
from dispatch.client.groups.audiences import AudiencesGroup
from dispatch.client.groups.audit import AuditGroup
from dispatch.client.groups.calendar import CalendarGroup
from dispatch.client.groups.campaigns import CampaignsGroup
from dispatch.client.groups.channels import ChannelsGroup
from dispatch.client.groups.editions import EditionsGroup
from dispatch.client.groups.events import EventsGroup
from dispatch.client.groups.exports import ExportsGroup
from dispatch.client.groups.feeds import FeedsGroup
from dispatch.client.groups.forms import FormsGroup
from dispatch.client.groups.imports import ImportsGroup
from dispatch.client.groups.invitations import InvitationsGroup
from dispatch.client.groups.letters import LettersGroup
from dispatch.client.groups.me import MeGroup
from dispatch.client.groups.notifications import NotificationsGroup
from dispatch.client.groups.people import PeopleGroup
from dispatch.client.groups.pictures import PicturesGroup
from dispatch.client.groups.posts import PostsGroup
from dispatch.client.groups.receivers import ReceiversGroup
from dispatch.client.groups.runs import RunsGroup
from dispatch.client.groups.schedules import SchedulesGroup
from dispatch.client.groups.settings import SettingsGroup
from dispatch.client.groups.standing import StandingGroup
from dispatch.client.groups.status import StatusGroup
from dispatch.client.groups.subscribers import SubscribersGroup
from dispatch.client.groups.suppressions import SuppressionsGroup
from dispatch.client.groups.templates import TemplatesGroup
from dispatch.client.groups.texts import TextsGroup
from dispatch.client.groups.tokens import TokensGroup


class Groups:
    """The operations of the API, by what they are about."""

    def __init__(self, calls: Calls) -> None:
        self.audiences = AudiencesGroup(calls)
        self.audit = AuditGroup(calls)
        self.calendar = CalendarGroup(calls)
        self.campaigns = CampaignsGroup(calls)
        self.channels = ChannelsGroup(calls)
        self.editions = EditionsGroup(calls)
        self.events = EventsGroup(calls)
        self.exports = ExportsGroup(calls)
        self.feeds = FeedsGroup(calls)
        self.forms = FormsGroup(calls)
        self.imports = ImportsGroup(calls)
        self.invitations = InvitationsGroup(calls)
        self.letters = LettersGroup(calls)
        self.me = MeGroup(calls)
        self.notifications = NotificationsGroup(calls)
        self.people = PeopleGroup(calls)
        self.pictures = PicturesGroup(calls)
        self.posts = PostsGroup(calls)
        self.receivers = ReceiversGroup(calls)
        self.runs = RunsGroup(calls)
        self.schedules = SchedulesGroup(calls)
        self.settings = SettingsGroup(calls)
        self.standing = StandingGroup(calls)
        self.status = StatusGroup(calls)
        self.subscribers = SubscribersGroup(calls)
        self.suppressions = SuppressionsGroup(calls)
        self.templates = TemplatesGroup(calls)
        self.texts = TextsGroup(calls)
        self.tokens = TokensGroup(calls)
