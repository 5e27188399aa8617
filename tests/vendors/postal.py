"""Postal as its source describes it: it sends the mail of a call as it is.

https://github.com/postalserver/postal/blob/main/app/controllers/legacy_api/send_controller.rb
"""

import base64
import json

import httpx

from dispatch.providers.postal import Postal, PostalOptions
from dispatch.testing.clock import FakeClock
from vendors._mime import received


def says(status, **data):
    """An answer: its status is always 200."""
    return httpx.Response(200, json={"status": status, "time": 0.02, "flags": {}, "data": data})


class PostalVendor:
    name = "postal"

    def provider(self, http, secret, **options):
        given = {"url": "https://postal.example.org/", "server_api_key": secret, **options}
        return Postal(PostalOptions(**given), http, FakeClock())

    def answer(self, request):
        if request.method == "GET":
            return says("parameter-error", message="`id` parameter is required but is missing")
        sent = {
            to: {"id": 400 + number, "token": "abcdef123"}
            for number, to in enumerate(json.loads(request.content)["rcpt_to"])
        }
        return says("success", message_id="x@rp.postal.example.org", messages=sent)

    def mails(self, request):
        if request.method != "POST":
            return []
        call = json.loads(request.content)
        data = base64.b64decode(call["data"], validate=True)
        return [received(data, to=to) for to in call["rcpt_to"]]


VENDOR = PostalVendor()
