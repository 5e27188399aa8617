"""Our adapters of the vendors that sign their calls, with keys of the tests."""

from datetime import UTC, datetime

from dispatch.providers.mailgun import Mailgun, MailgunOptions
from dispatch.providers.resend import Resend, ResendOptions
from dispatch.providers.scaleway import SNS, Scaleway, ScalewayOptions
from dispatch.providers.sendgrid import Sendgrid, SendgridOptions
from dispatch.providers.ses import Ses, SesOptions
from dispatch.testing.clock import FakeClock
from vendors.hooks.signing import (
    CERTIFICATE,
    SECRET,
    SVIX_SECRET,
    TOPIC,
    Served,
    certificate,
    ec_key,
    notification,
    public,
)

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)

SCALEWAY_TOPIC = "arn:scw:sns:fr-par:project-8d51:mails"
SCALEWAY_CERTIFICATE = "https://messaging.s3.fr-par.scw.cloud/fr-par/sns/sns_certificate_7.crt"


def certificates() -> dict[str, bytes]:
    """What stands where both services have their certificates."""
    return {
        CERTIFICATE: certificate(),
        SCALEWAY_CERTIFICATE: certificate("scaleway", "its CA"),
        SNS.issuer: certificate("its CA", "its CA"),
    }


def ses(served: Served | None = None, *, now: datetime = NOW, topic: str = TOPIC) -> Ses:
    http = (served or Served(certificates())).client()
    options = SesOptions(
        region="eu-west-1", access_key_id="AKIA", secret_access_key=SECRET, webhook_topic=topic
    )
    return Ses(options, http, FakeClock(now))


def scaleway(
    served: Served | None = None, *, now: datetime = NOW, topic: str = SCALEWAY_TOPIC
) -> Scaleway:
    http = (served or Served(certificates())).client()
    options = ScalewayOptions(secret_key=SECRET, project_id="8d51", webhook_topic=topic)
    return Scaleway(options, http, FakeClock(now))


def sendgrid(*, now: datetime = NOW, key: str | None = None) -> Sendgrid:
    key = public(ec_key("signer")) if key is None else key
    options = SendgridOptions(api_key=SECRET, webhook_public_key=key)
    return Sendgrid(options, Served({}).client(), FakeClock(now))


def mailgun(*, now: datetime = NOW, key: str = SECRET) -> Mailgun:
    options = MailgunOptions(domain="mg.example.org", api_key="another", webhook_secret=key)
    return Mailgun(options, Served({}).client(), FakeClock(now))


def resend(*, now: datetime = NOW, key: str = SVIX_SECRET) -> Resend:
    options = ResendOptions(api_key=SECRET, webhook_secret=key)
    return Resend(options, Served({}).client(), FakeClock(now))


DELIVERY = {"eventType": "Delivery", "mail": {"destination": ["ada@example.org"]}}


def by_ses(at=NOW, content=DELIVERY, **values):
    """What SES tells by the topic of these options, signed."""
    moment = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return notification(content, Timestamp=moment, **values)


def by_scaleway(at=NOW, content=None, **values):
    """What Scaleway tells by the topic of these options, signed."""
    content = content or {"type": "email_delivered", "email_to": "ada@example.org"}
    named = {"TopicArn": SCALEWAY_TOPIC, "SigningCertURL": SCALEWAY_CERTIFICATE}
    return by_ses(at, content, **{**named, "key": "scaleway", **values})
