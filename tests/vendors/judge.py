"""Whether a vendor would take a request, as its own description of its API has it."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import httpx
import pytest

from vendors.descriptions.discord import discord
from vendors.descriptions.json_schema import mailjet
from vendors.descriptions.openapi import brevo, mailgun, mastodon, resend, sendgrid
from vendors.descriptions.rules import RULES, by_rules
from vendors.descriptions.ses import ses
from vendors.descriptions.slack import slack
from vendors.descriptions.teams import TEAMS
from vendors.descriptions.telegram import telegram

Judge = Callable[[httpx.Request], list[str]]
"""What is wrong with a request, in words; nothing where it is fine."""

DESCRIBED: dict[str, Callable[[Path], Judge]] = {
    "brevo": brevo,
    "discord": discord,
    "mailgun": mailgun,
    "mailjet": mailjet,
    "mastodon": mastodon,
    "resend": resend,
    "sendgrid": sendgrid,
    "ses": ses,
    "slack": slack,
    "telegram": telegram,
}


@cache
def judge_of(name: str) -> Judge:
    """The judge of one vendor's requests; skips the test where its description is not at hand."""
    if name not in DESCRIBED:
        return by_rules({**RULES, "teams": TEAMS}[name])
    data = os.environ.get("DISPATCH_TEST_DATA")
    if not data:
        pytest.skip("DISPATCH_TEST_DATA is not set: the vendors' descriptions are not at hand")
    return DESCRIBED[name](Path(data, "vendor-specs"))
