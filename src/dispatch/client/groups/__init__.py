# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""All groups of operations."""

from dispatch.client.calls import Calls
from dispatch.client.groups.audiences import AudiencesGroup
from dispatch.client.groups.editions import EditionsGroup
from dispatch.client.groups.events import EventsGroup
from dispatch.client.groups.exports import ExportsGroup
from dispatch.client.groups.forms import FormsGroup
from dispatch.client.groups.imports import ImportsGroup
from dispatch.client.groups.me import MeGroup
from dispatch.client.groups.subscribers import SubscribersGroup
from dispatch.client.groups.suppressions import SuppressionsGroup
from dispatch.client.groups.tokens import TokensGroup


class Groups:
    """The operations of the API, by what they are about."""

    def __init__(self, calls: Calls) -> None:
        self.audiences = AudiencesGroup(calls)
        self.editions = EditionsGroup(calls)
        self.events = EventsGroup(calls)
        self.exports = ExportsGroup(calls)
        self.forms = FormsGroup(calls)
        self.imports = ImportsGroup(calls)
        self.me = MeGroup(calls)
        self.subscribers = SubscribersGroup(calls)
        self.suppressions = SuppressionsGroup(calls)
        self.tokens = TokensGroup(calls)
