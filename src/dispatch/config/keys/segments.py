"""Saved segments: rules under a name, and campaigns that name one."""

from collections.abc import Iterator
from typing import Any

from dispatch.config.files.problems import quoted
from dispatch.config.values import as_written as written
from dispatch.config.values.as_written import Finding, group_at
from dispatch.model.people.segment import NOT_SAVED, may_be_saved, what_was_meant


def broken_segments(tree: Any) -> Iterator[Finding]:
    """Names that would be taken for a rule, and names that nothing is saved under."""
    saved = group_at(tree, "segments")
    for name, rule in saved.items():
        place = ("segments", name)
        if isinstance(name, str) and not may_be_saved(name):
            problem = f"{quoted(name)} is a rule by itself"
            yield place, problem, "give it another name, such as french-teachers"
        elif isinstance(rule, str) and may_be_saved(rule):
            yield place, f"{quoted(rule)} is no rule", what_was_meant(rule.strip(), ())
    for path, campaign in written.campaigns(tree):
        rule = group_at(campaign, "email").get("segment")
        if isinstance(rule, str) and may_be_saved(rule) and rule.strip() not in saved:
            advice = what_was_meant(rule.strip(), saved)
            yield (*path, "email", "segment"), f"{quoted(rule)} {NOT_SAVED}", advice
