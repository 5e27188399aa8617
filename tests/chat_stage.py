"""A provider of a chat whose service answers as a test says, and what it was asked."""

import json

import httpx
from pydantic import SecretStr

from dispatch.http import new_client
from dispatch.testing.contract import SECRET
from vendors.descriptions.forms import read_form


class Chat:
    """Builds a provider by `build(http, secret)`; `answer` may be changed while it lasts."""

    def __init__(self, build, answer):
        self.answer = answer
        self.requests = []
        self.provider = build(new_client(transport=httpx.MockTransport(self._serve)), SECRET_STR)

    def _serve(self, request):
        self.requests.append(request)
        return self.answer(request)

    @property
    def posted(self):
        """What was said in the calls that change something, as JSON."""
        return [said_in(one) for one in self.requests if one.method not in {"GET", "HEAD"}]

    @property
    def asked(self):
        """Method and path of each call, without what stands before them."""
        return [f"{one.method} {one.url.path.rpartition('/')[2]}" for one in self.requests]


SECRET_STR = SecretStr(SECRET)


def said_in(request):
    """The JSON of a call, the fields of a form, or nothing."""
    if "multipart" in request.headers.get("content-type", ""):
        return read_form(request)[0]
    return json.loads(request.content) if request.content else None


def answers(*said):
    """One answer after another; the last stays."""
    left = list(said)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]
