"""Gmail's and Yahoo's rules for bulk senders, each with what was found about it.

Gmail: https://support.google.com/mail/answer/81126. Yahoo:
https://senders.yahooinc.com/best-practices/. Both looked at on 2026-11-30.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.model.editions.finding import Finding, Kind

RULES = {
    "rule_spf": ("spf_",),
    "rule_dkim": ("dkim_",),
    "rule_dmarc": ("dmarc_",),
    "rule_aligned": ("aligned",),
    "rule_one_click": ("one_click", "address_"),
    "rule_complaints": ("complaints",),
    "rule_reverse": ("reverse", "clear"),
    "rule_sender": ("sender_", "domain_", "mail_"),
}
"""Each rule, and how the names of the findings about it begin."""

ALLOWED = frozenset({"dmarc_open", "dkim_weak", "dkim_test", "spf_open", "spf_anybody"})
"""What should be better, and is no breach of a rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: kept, broken, or to be looked at; `known` is whether anything was found about it."""

    name: str
    kind: Kind
    known: bool = True


def check_rules(findings: Iterable[Finding]) -> list[Rule]:
    """Each rule with the worst that was found about it; without any it is to be looked at.

    None of them where nothing was found about any: such a channel sends no mail.
    """
    found = list(findings)
    order = list(Kind)
    rules = []
    for name, beginnings in RULES.items():
        kinds = [_weight(one) for one in found if one.name.startswith(beginnings)]
        worst = min(kinds, key=order.index, default=None)
        rules.append(Rule(name, worst or Kind.LOOK, worst is not None))
    return rules if any(one.known for one in rules) else []


def _weight(finding: Finding) -> Kind:
    return Kind.FINE if finding.name in ALLOWED else finding.kind
