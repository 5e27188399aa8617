"""A Bluesky server that answers as it is told, and keeps the records that it is given."""

import base64
import json
from dataclasses import dataclass, field

import httpx
from pydantic import SecretStr

from dispatch.http import new_client
from dispatch.model.delivery.message import SocialPicture
from dispatch.providers.bluesky import Bluesky, BlueskyOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_png

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
HOME = "https://shiitake.host.example"
PICTURE = SocialPicture(a_png(8), "image/png", 8, 6, "Une aquarelle")
BLOB = {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/png", "size": 73}


def token(scope):
    said = base64.urlsafe_b64encode(json.dumps({"scope": scope}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{said}.{'s' * 400}"


SESSION = {
    "did": DID,
    "handle": "letter.example",
    "accessJwt": token("com.atproto.appPass"),
    "refreshJwt": "refresh-4711",
    "active": True,
    "didDoc": {
        "service": [
            {"id": "#labeler", "serviceEndpoint": "https://labels.example"},
            {"id": "#atproto_pds", "serviceEndpoint": HOME},
        ]
    },
}


def no(error, status=400):
    return httpx.Response(status, json={"error": error, "message": f"so it says: {error}"})


@dataclass
class Server:
    """Answers by what `says` has for a call, and keeps records under their keys."""

    says: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    records: dict = field(default_factory=dict)

    def __call__(self, request):
        self.calls.append(request)
        method = request.url.path.removeprefix("/xrpc/")
        answer = self.says.get(method)
        answer = answer.pop(0) if isinstance(answer, list) and answer else answer
        if not answer:
            answer = getattr(self, method.rpartition(".")[2])(request)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def createSession(self, _):  # noqa: N802 - as the network calls it
        return SESSION

    refreshSession = createSession  # noqa: N815

    def getSession(self, _):  # noqa: N802
        return {"did": DID, "handle": "letter.example", "active": True}

    def uploadBlob(self, _):  # noqa: N802
        return {"blob": BLOB}

    def resolveHandle(self, request):  # noqa: N802
        handle = request.url.params["handle"]
        return {"did": "did:web:ada"} if handle == "ada.example" else no("HandleNotFound")

    def putRecord(self, request):  # noqa: N802
        said = json.loads(request.content)
        assert said["swapRecord"] is None
        if said["rkey"] in self.records:
            return no("InvalidSwap")
        self.records[said["rkey"]] = said["record"]
        return self._place(said["rkey"])

    def getRecord(self, request):  # noqa: N802
        key = request.url.params["rkey"]
        return self._place(key) if key in self.records else no("RecordNotFound")

    def deleteRecord(self, request):  # noqa: N802
        self.records.pop(json.loads(request.content)["rkey"], None)
        return {}

    def _place(self, key):
        return {"uri": f"at://{DID}/app.bsky.feed.post/{key}", "cid": f"cid-{key}"}

    @property
    def account(self):
        options = BlueskyOptions(handle="@Letter.example", password=SecretStr("app-pass-word"))
        return Bluesky(options, new_client(transport=httpx.MockTransport(self)), FakeClock())

    @property
    def asked(self):
        return [one.url.path.rpartition(".")[2] for one in self.calls]

    @property
    def record(self):
        [record] = self.records.values()
        return record
