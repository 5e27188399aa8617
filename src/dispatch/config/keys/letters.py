"""What schedules.yaml says of letters: its keys, what leads nowhere, and the rule they make."""

from collections.abc import Iterator, Sequence
from pathlib import Path as FilePath
from typing import Any

from pydantic import Field

from dispatch.config.files.problems import did_you_mean, quoted
from dispatch.config.keys.approval import EXAMPLES_OF_TELL, MayApprove, NotItsAuthor
from dispatch.config.keys.group import Keys
from dispatch.config.keys.references import DEFAULT_CHANNEL, broken_template
from dispatch.config.keys.types import Addresses, ChannelNames, Name
from dispatch.config.values import simple as words
from dispatch.config.values.as_written import Finding, group_at, list_at
from dispatch.model.campaigns.approval import ApprovalRule
from dispatch.model.campaigns.letter_rule import LetterRule


class LetterApprovalKeys(Keys):
    """Who lets a letter go out: somebody always does, on its page."""

    by: MayApprove = ()
    other_than_author: NotItsAuthor = False
    tell: Addresses = Field(
        default=(),
        description="Who is told by mail, with the preview inside, that a letter waits and that"
        " changes were requested: an address or several. Nobody by default.",
        examples=EXAMPLES_OF_TELL,
    )
    tell_via: Name | None = Field(
        default=None,
        description="The channel these mails go out by; by default the letters', the first one.",
        examples=["mail"],
    )


class LettersKeys(Keys):
    """Letters: editions that no schedule made, which the team writes."""

    template: Name | None = Field(
        default=None,
        description="What a new letter is made with, a folder in templates/; by default `letter`"
        " where there is one, else that of the first campaign with email.",
        examples=["letter"],
    )
    via: ChannelNames | None = Field(
        default=None,
        description="The channel of a letter, or several: each steps in while those before it are"
        " down. By default that of the campaign that writes to the same audience.",
        examples=["mail", ["mail", "spare"]],
    )
    approval: LetterApprovalKeys | None = Field(
        default=None,
        description="Who may approve one. Without it: somebody else than who edited it last, where"
        " two people of the team may approve; else anybody who may.",
    )


def to_letter_rule(keys: LettersKeys, usual_via: Sequence[str]) -> LetterRule:
    """The rule that keys without problems make; `usual_via` is what campaigns write by."""
    approval = keys.approval
    via = tuple(keys.via or ())
    if approval is None:
        return LetterRule(keys.template or "", via)
    told_by = approval.tell_via or next(iter((*via, *usual_via)), "")
    rule = ApprovalRule(
        approval.by,
        approval.other_than_author,
        tell=approval.tell,
        tell_via=told_by if approval.tell else "",
    )
    return LetterRule(keys.template or "", via, rule, by_the_team=False)


def broken_letters(tree: Any, folder: FilePath) -> Iterator[Finding]:
    """What leads nowhere: channels, a template; and who is told by no channel."""
    letters = group_at(tree, "letters")
    known = {DEFAULT_CHANNEL, *group_at(tree, "channels")}
    named = letters.get("via")
    if isinstance(named, str):
        yield from _channel(("letters", "via"), named, known)
    names = list_at(letters, "via")
    for index, name in enumerate(names):
        yield from _channel(("letters", "via", index), name, known)
        if isinstance(name, str) and name in names[:index]:
            problem = f"channel {quoted(name)} is named twice"
            yield ("letters", "via", index), problem, "name it once"
    template = letters.get("template")
    if isinstance(template, str) and words.NAME.fullmatch(template):
        yield from broken_template(("letters", "template"), template, None, folder / "templates")
    approval, at = group_at(letters, "approval"), ("letters", "approval")
    if "tell_via" in approval:
        yield from _channel((*at, "tell_via"), approval["tell_via"], known)
        if "tell" not in approval:
            problem, advice = "is of no use without tell", "name who is told, or remove it"
            yield (*at, "tell_via"), problem, advice


def _channel(path: tuple[str | int, ...], name: Any, known: set[str]) -> Iterator[Finding]:
    if isinstance(name, str) and words.NAME.fullmatch(name) and name not in known:
        yield path, f"unknown channel {quoted(name)}", did_you_mean(name, known)
