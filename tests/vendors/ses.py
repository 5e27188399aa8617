"""Amazon SES as its API reference describes it: it sends the mail of a call as it is.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import base64
import json

import httpx

from dispatch.providers.ses import Ses, SesOptions
from dispatch.testing.clock import FakeClock
from vendors._mime import received

ACCOUNT = {
    "DedicatedIpAutoWarmupEnabled": False,
    "EnforcementStatus": "HEALTHY",
    "ProductionAccessEnabled": True,
    "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 1234.0},
    "SendingEnabled": True,
}
IDENTITY = {
    "IdentityType": "DOMAIN",
    "VerifiedForSendingStatus": True,
    "VerificationStatus": "SUCCESS",
}


class SesVendor:
    name = "ses"

    def provider(self, http, secret, **options):
        keys = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": secret}
        given = {"region": "eu-west-1", "identity": "example.org", **keys, **options}
        return Ses(SesOptions(**given), http, FakeClock())

    def answer(self, request):
        if request.url.path == "/v2/email/account":
            return httpx.Response(200, json=ACCOUNT)
        if request.url.path.startswith("/v2/email/identities/"):
            return httpx.Response(200, json=IDENTITY)
        return httpx.Response(200, json={"MessageId": "0102018-af5c-000000"})

    def mails(self, request):
        if request.method != "POST":
            return []
        call = json.loads(request.content)
        [to] = call["Destination"]["ToAddresses"]
        tags = {one["Name"]: one["Value"] for one in call["EmailTags"]}
        return [
            received(
                base64.b64decode(call["Content"]["Raw"]["Data"]), to=to, delivery=tags["delivery"]
            )
        ]


VENDOR = SesVendor()
