"""Finished mails as their readers get them: for vendors that are handed MIME."""

import email
import email.policy
from email.utils import getaddresses

from vendors.vendor import Received

OF_THE_FORM = {"from", "to", "subject", "date", "message-id", "mime-version", "dkim-signature"}


def received(data, *, to, delivery=""):
    """The mail in these bytes, for the recipient of its envelope."""
    mail = email.message_from_bytes(data, policy=email.policy.default)
    [(_, sender)] = getaddresses([str(mail["From"])])
    [(name, shown)] = getaddresses([str(mail["To"])])
    assert shown == to
    parts = [one for one in mail.walk() if not one.is_multipart()]
    text = {one.get_content_type(): one.get_content() for one in parts if is_text(one)}
    return Received(
        to=to,
        name=name,
        sender=sender,
        subject=str(mail["Subject"]),
        text=text["text/plain"].replace("\r\n", "\n"),
        html=text["text/html"].replace("\r\n", "\n"),
        headers={
            name.lower(): str(value)
            for name, value in mail.items()
            if name.lower() not in OF_THE_FORM and not name.lower().startswith("content-")
        },
        pictures=tuple(
            one["Content-ID"].strip("<>") for one in parts if one.get_content_maintype() == "image"
        ),
        id=delivery or str(mail["Message-ID"]).strip("<>").rpartition("@")[0],
    )


def is_text(part):
    return part.get_content_maintype() == "text" and not part.is_attachment()
