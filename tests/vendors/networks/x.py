"""X as its documentation has it."""

import httpx

from dispatch.providers.x import X, XOptions
from dispatch.testing.clock import FakeClock

POST = "1445880548472328192"


class XNetwork:
    """https://docs.x.com/x-api/."""

    name = "x"

    def provider(self, http, secret, **options):
        return X(XOptions(**{"token": secret, **options}), http, FakeClock())

    def answer(self, request):
        path = request.url.path
        if path == "/2/users/me":
            user = {"id": "2244994945", "name": "Acme", "username": "acme"}
            return httpx.Response(200, json={"data": user})
        if path == "/2/media/upload":
            media = {"id": "1146654567674912769", "media_key": "3_1146654567674912769"}
            return httpx.Response(200, json={"data": media})
        if path == "/2/media/metadata":
            return httpx.Response(200, json={"data": {"id": "1146654567674912769"}})
        if request.method == "DELETE":
            return httpx.Response(200, json={"data": {"deleted": True}})
        if request.method == "GET":
            return httpx.Response(200, json={"meta": {"result_count": 0}})
        return httpx.Response(201, json={"data": {"id": POST, "text": "as it was"}})

    def prepares(self, request):
        return request.method == "GET" or request.url.path.startswith("/2/media/")


NETWORK = XNetwork()
