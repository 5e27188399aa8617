"""LinkedIn as its documentation has it, for posts of an organization and of a member."""

import json

import httpx

from dispatch.providers.linkedin import Linkedin, LinkedinOptions
from dispatch.testing.clock import FakeClock

POST = "urn:li:share:7141138937766391808"
UPLOAD = "https://www.linkedin.com/dms-uploads/D4E10AQ/uploaded-image/0?ca=vector&sync=0&v=beta"


class LinkedinNetwork:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/."""

    name = "linkedin"

    def provider(self, http, secret, **options):
        options = {"organization": "2414183", "token": secret, **options}
        return Linkedin(LinkedinOptions(**options), http, FakeClock())

    def answer(self, request):
        if request.headers.get("x-restli-method") in {"DELETE", "PARTIAL_UPDATE"}:
            return httpx.Response(204)
        if request.method == "PUT":
            return httpx.Response(201)
        if request.url.path == "/rest/posts" and request.method == "POST":
            return httpx.Response(201, headers={"x-restli-id": POST})
        return httpx.Response(200, json=self._found(request))

    def prepares(self, request):
        return request.method in {"GET", "PUT"} or request.url.path == "/rest/images"

    def _found(self, request):
        path = request.url.path
        if path == "/v2/userinfo":
            return {"sub": "782bbtaQ", "name": "Ada Lovelace", "locale": "en-US"}
        if path.startswith("/rest/organizations/"):
            return {"id": 2414183, "localizedName": "Acme", "vanityName": "acme"}
        if path == "/rest/images":
            assert json.loads(request.content)["initializeUploadRequest"]["owner"]
            value = {"uploadUrl": UPLOAD, "image": "urn:li:image:C4E10AQFoyyAjHPMQuQ"}
            return {"value": value | {"uploadUrlExpiresAt": 1791200000000}}
        return {"paging": {"start": 0, "count": 10, "links": []}, "elements": []}


NETWORK = LinkedinNetwork()
