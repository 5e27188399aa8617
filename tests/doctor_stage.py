"""A channel that is well, its domain, and what may be wrong with either."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dispatch.channels.dns.lookups import Lookups
from dispatch.channels.find import find_provider
from dispatch.channels.mail.dkim import Record, SigningKey
from dispatch.channels.provider import Account, Hook
from dispatch.model.campaigns.campaign import ChannelPlan, DkimPlan
from dispatch.pipeline.delivery.check_channel import Tried
from dispatch.pipeline.doctor.case import Case
from dispatch.store.events.hooks import HookCounts
from dispatch.store.events.later import Reputation

NOW = datetime(2026, 11, 30, 7, tzinfo=UTC)
DOMAIN, SERVER, ADDRESS = "atelier.fr", "mail.atelier.fr", "93.184.216.34"


def public_key(bits: int) -> str:
    """An RSA key as the DNS gives it."""
    key = generate_private_key(65537, bits).public_key()
    data = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(data).decode()


KEY, WEAK, OTHER = public_key(2048), public_key(1024), public_key(2048)
SELECTOR = f"news._domainkey.{DOMAIN}"
SPF, DMARC, DKIM = f"v=spf1 ip4:{ADDRESS} ~all", "v=DMARC1; p=reject", f"v=DKIM1; k=rsa; p={KEY}"

WELL: Mapping[str, Any] = {
    ".": {"NS": ["a.root-servers.net."]},
    DOMAIN: {"TXT": [SPF], "MX": [f"10 {SERVER}."], "A": [ADDRESS]},
    SERVER: {"A": [ADDRESS]},
    f"letter.{DOMAIN}": {"A": [ADDRESS]},
    f"_dmarc.{DOMAIN}": {"TXT": [DMARC]},
    SELECTOR: {"TXT": [DKIM]},
    "34.216.184.93.in-addr.arpa": {"PTR": [f"{SERVER}."]},
}
"""All as it should be, for a mail server of one's own."""


def case(lookups: Lookups, *, provider: str = "smtp", **others: Any) -> Case:
    """A channel that is well; with what is otherwise, `signed` for another domain or none."""
    options = others.pop("options", {"host": SERVER} if provider == "smtp" else {})
    signed = others.pop("signed", DOMAIN if provider == "smtp" else "")
    dkim = DkimPlan(signed, "news", "file:dkim.pem") if signed else None
    kind = find_provider(provider)
    public = others.pop("public", KEY)
    key = SigningKey("rsa" if len(public) > 100 else "ed25519", public, lambda data: data)
    record = Record(f"news._domainkey.{signed}", f"v=DKIM1; k=rsa; p={KEY}")
    signer = SimpleNamespace(key=key, record=record) if signed else None
    found: dict[str, Any] = {
        "plan": ChannelPlan(
            "mail",
            provider,
            options,
            dkim,
            others.pop("pace", ChannelPlan("", "").pace),
            others.pop("budget", None),
        ),
        "capabilities": replace(kind.capabilities, **others.pop("facts", {})),
        "channel": SimpleNamespace(signer=signer),
        "tried": Tried(Account("news@mail.atelier.fr")),
        "stop": None,
        "sender": f"letter@{DOMAIN}",
        "public_url": f"https://letter.{DOMAIN}",
        "readers": 12_000,
        "hook": None if provider == "smtp" else Hook(option="webhook_secret", source="https://x"),
        "heard": HookCounts("mail"),
        "reputation": Reputation(),
        "lookups": lookups,
        "now": NOW,
        "is_ours": provider == "smtp",
    }
    return Case(**found | others)
