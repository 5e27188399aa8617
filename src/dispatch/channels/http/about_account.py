"""What a refusal says of the whole account, whoever a message is for, in whatever words it is.

Codes that a service has for it are known to its adapter, which is asked first.
"""

import re
from datetime import timedelta

from dispatch.errors import CredentialsRefused, ProviderError, RateLimited

LATER = timedelta(hours=1)
"""When to ask again after a used-up limit: its end is not told."""

_ENDED = (
    r"(suspend|disabl|block|lock|terminat|deactivat|restrict|clos|under review"
    r"|(not|n't) (yet )?(been )?(activ|allow|approv|authori|permi|validat))"
)
_ACCOUNT = re.compile(
    rf"\byour (\w+ )?account\b[^.;]{{0,60}}\b{_ENDED}"
    rf"|\baccount (is|has been|was) {_ENDED}"
    r"|\bactivate your (\w+ )?account\b"
    r"|\b(user|account|key) is not (authori[sz]ed|allowed|permitted) to (send|perform)\b"
    r"|\bsending is (disabled|paused|suspended)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\bquota (is |was |has been )?(exceeded|reached|used up)\b"
    r"|\b(reached|exceeded|used up) (your|the|this) [^.;]{0,40}\b(quota|sending limit|credits)\b"
    r"|\b(hourly|daily|weekly|monthly|sending|account|plan) limit\b[^.;]{0,30}"
    r"\b(exceeded|reached|used up)\b",
    re.IGNORECASE,
)
_ANOTHERS = re.compile(r"\brecipient|\bmail ?box|(?<!your )inbox|\bstorage", re.IGNORECASE)
"""Whose account or quota it is otherwise."""


def about_account(provider: str, words: str) -> ProviderError | None:
    """The error that the words of a refusal are; None where they may be about the message."""
    if _ANOTHERS.search(words):
        return None
    if _ACCOUNT.search(words):
        return CredentialsRefused(
            f"{provider}: the account may not send ({words}) - see its state there"
        )
    if _LIMIT.search(words):
        return RateLimited(
            f"{provider}: a limit of the account is reached ({words}) - sending goes on later,"
            " or take a larger plan",
            retry_after=LATER,
        )
    return None
