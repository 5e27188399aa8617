"""Mailgun, as https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages tells."""

import json
import re
from email import message_from_bytes, message_from_string, policy
from email.utils import parseaddr

import httpx

from dispatch.providers.mailgun import Mailgun, MailgunOptions
from dispatch.testing.clock import FakeClock
from vendors.vendor import Received

OWN = {
    "recipient", "recipient_email", "recipient_name", "recipient_fname", "recipient_lname",
    "unsubscribe_url", "unsubscribe_email", "tag_unsubscribe_url", "tag_unsubscribe_email",
    "mailing_list_unsubscribe_url", "list_name", "list_address",
}  # fmt: skip
"""Variables that it fills in by itself, in messages to lists and to people."""

VARIABLE = re.compile(r"%([^%\s]+)%")
"""Whatever stands between two percent signs: its pages do not say how it finds variables."""

PASSES = 3
"""So often it fills in: its pages do not say that it does so once."""


class MailgunService:
    """Fills in variables in every part of a message; leaves those that it does not know."""

    name = "mailgun"

    def provider(self, http, secret, **options):
        given = {"domain": "mg.example.org", "api_key": secret, **options}
        return Mailgun(MailgunOptions(**given), http, FakeClock())

    def answer(self, request):
        path = request.url.path
        if path.endswith("/messages"):
            said = {"id": "<20261129.1@mg.example.org>", "message": "Queued. Thank you."}
        elif path.endswith("/tracking"):
            said = {"tracking": {"unsubscribe": {"active": False}}}
        else:
            said = {"domain": {"name": "mg.example.org", "state": "active", "type": "custom"}}
        return httpx.Response(200, json=said)

    def mails(self, request):
        if not request.url.path.endswith("/messages"):
            return []
        fields, files = read_form(request)
        variables = json.loads(fields["recipient-variables"][0])
        return [
            self._mail(fields, tuple(files), to, variables[parseaddr(to)[1]]) for to in fields["to"]
        ]

    def _mail(self, fields, pictures, to, own):
        def fill(text):
            for _ in range(PASSES):
                text = VARIABLE.sub(value, text)
            return text

        def value(found):
            if found[1].lower() in OWN:
                return "MAILGUN"
            kind, _, key = found[1].partition(".")
            return own.get(key, found[0]) if kind.lower() == "recipient" else found[0]

        headers = {
            name[2:].lower(): fill(values[0])
            for name, values in fields.items()
            if name.startswith("h:")
        }
        name, email = parse_mailbox(fill(to))
        return Received(
            to=email,
            name=name,
            sender=parse_mailbox(fill(fields["from"][0]))[1],
            subject=fill(fields["subject"][0]),
            text=fill(fields["text"][0]) if "text" in fields else "",
            html=fill(fields["html"][0]) if "html" in fields else "",
            headers=headers,
            pictures=pictures,
            id=fill(fields["v:delivery"][0]),
        )


def read_form(request):
    """The fields of a multipart form, and its files by their names."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    fields, files = {}, {}
    for part in message_from_bytes(head + request.content, policy=policy.HTTP).iter_parts():
        name = part.get_param("name", header="content-disposition")
        file_name = part.get_filename()
        data = part.get_payload(decode=True)
        if file_name is None:
            fields.setdefault(name, []).append(data.decode())
        else:
            files[file_name] = data
    return fields, files


def parse_mailbox(text):
    head = message_from_string(f"To: {text}\r\n\r\n", policy=policy.default)
    [address] = head["to"].addresses
    return address.display_name, address.addr_spec


VENDOR = MailgunService()
