"""What services tell finds the delivery that it is of, and a dead address is mailed no more."""

import json

from delivery_stage import DeliveryStage
from dispatch.model.delivery.event import Later
from dispatch.pipeline.events.record import Recorded, record_events
from pipeline_samples import ENDINGS
from vendors.hooks import own, signing
from vendors.hooks.own import by_scaleway, by_ses
from vendors.hooks.signing import HookCall

GONE = "550 5.1.1 no such user"


def bounced(name, delivery, tag):
    """The call by which a service tells that a mail came to nobody."""
    match name:
        case "ses":
            people = [{"emailAddress": "ada@example.org", "diagnosticCode": GONE}]
            bounce = {"bounceType": "Permanent", "bouncedRecipients": people}
            content = {
                "eventType": "Bounce",
                "bounce": bounce,
                "mail": {"tags": {"delivery": [tag]}},
            }
            return own.ses(), by_ses(content=content)
        case "sendgrid":
            one = {"event": "bounce", "email": "ada@example.org", "reason": GONE}
            return own.sendgrid(), signing.sendgrid(
                as_json([{**one, "delivery": delivery}]), own.NOW
            )
        case "mailgun":
            status = {"code": 550, "message": GONE}
            event = {"event": "failed", "severity": "permanent", "delivery-status": status}
            return own.mailgun(), signing.mailgun(
                {**event, "user-variables": {"delivery": delivery}}, own.NOW
            )
        case "resend":
            data = {"bounce": {"type": "Permanent", "message": GONE}, "tags": {"delivery": tag}}
            call = HookCall(as_json({"type": "email.bounced", "data": data}))
            return own.resend(), signing.svix(call, own.NOW)
        case _:
            header = {"key": "X-Dispatch-Delivery", "value": delivery}
            content = {"type": "email_mailbox_not_found", "email_headers": [header]}
            return own.scaleway(), by_scaleway(content={**content, "email_response_message": GONE})


def as_json(value):
    return json.dumps(value).encode()


def test_a_bounce_is_kept_beside_its_delivery(store, clock):
    stage = DeliveryStage(store, clock)
    stage.address()
    stage.deliver_until_the_end()
    with store.read() as tx:
        deliveries = list(tx.deliveries.latest())
    names = ["ses", "sendgrid", "mailgun", "resend", "scaleway"]

    for name, of in zip(names, [*deliveries, deliveries[0]], strict=False):
        provider, call = bounced(name, f"{of.edition_id}.{of.id}", f"{of.edition_id}_{of.id}")
        provider.verify(call)
        done = record_events(
            provider.parse_events(call), channel=name, store=store, clock=clock, endings=ENDINGS
        )
        assert done == Recorded(1), name

    with store.read() as tx:
        later = tx.later.of([one.id for one in deliveries])
        assert {one.state for one in later.values()} == {Later.BOUNCED}
        assert len(later) == len(deliveries)
