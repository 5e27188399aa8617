"""Threads as its documentation has it."""

import httpx

from dispatch.providers.threads import Threads, ThreadsOptions
from dispatch.testing.clock import FakeClock

POST = "18027947643429398"
CONTAINER = "17889615691921648"
ADDRESS = "https://www.threads.com/@acme/post/DAbCdEfGhIj"


class ThreadsNetwork:
    """https://developers.facebook.com/documentation/threads/."""

    name = "threads"

    def provider(self, http, secret, **options):
        return Threads(ThreadsOptions(**{"token": secret, **options}), http, FakeClock())

    def answer(self, request):
        path = request.url.path
        if request.method == "POST":
            name = CONTAINER if path.endswith("/threads") else POST
            return httpx.Response(200, json={"id": name})
        if request.method == "DELETE":
            return httpx.Response(200, json={"success": True, "deleted_id": POST})
        return httpx.Response(200, json=self._found(path))

    def prepares(self, request):
        return not request.url.path.endswith("/threads_publish")

    def _found(self, path):
        match path.removeprefix("/v1.0/"):
            case "me":
                return {"id": "9876543210", "username": "acme"}
            case "me/threads_publishing_limit":
                config = {"quota_total": 250, "quota_duration": 86400}
                return {"data": [{"quota_usage": 4, "config": config}]}
            case "me/threads" | "me/replies":
                return {"data": []}
            case name if name == POST:
                return {"id": POST, "permalink": ADDRESS}
        return {"status": "FINISHED", "id": CONTAINER}


NETWORK = ThreadsNetwork()
