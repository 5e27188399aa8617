"""Who is told that an edition waits: whether that can be done, and the rule it makes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dispatch.config.files.line_numbers import Path
from dispatch.config.files.problems import did_you_mean, quoted
from dispatch.config.keys.references import DEFAULT_CHANNEL
from dispatch.config.values import as_written as written
from dispatch.config.values import simple as words
from dispatch.config.values.as_written import Finding, group_at
from dispatch.model.campaigns.approval import ApprovalRule

if TYPE_CHECKING:
    from dispatch.config.keys.file import CampaignKeys


def broken_reviewers(tree: Any) -> Iterator[Finding]:
    """Keys of an approval that tell nobody, or by no channel."""
    for path, campaign in written.campaigns(tree):
        keys, at = group_at(campaign, "approval"), (*path, "approval")
        if "tell_via" in keys:
            yield from _channel(keys, at, tree)
        if "tell" in keys:
            yield from _telling(keys, campaign, at)
    yield from _sender(tree)


def to_approval(keys: "CampaignKeys") -> ApprovalRule:
    """The rule that keys without problems make."""
    approval = keys.approval
    if approval is None:
        return ApprovalRule()
    via = approval.tell_via or (keys.email.via[0] if keys.email else "")
    return ApprovalRule(
        approval.by,
        approval.other_than_author,
        approval.deadline,
        approval.otherwise,
        tell=approval.tell,
        tell_via=via if approval.tell else "",
    )


def _channel(keys: dict[str, Any], path: Path, tree: Any) -> Iterator[Finding]:
    via = keys["tell_via"]
    known = {DEFAULT_CHANNEL, *group_at(tree, "channels")}
    if isinstance(via, str) and words.NAME.fullmatch(via) and via not in known:
        yield (*path, "tell_via"), f"unknown channel {quoted(via)}", did_you_mean(via, known)
    elif "tell" not in keys:
        problem, advice = "is of no use without tell", "name who is told, or remove it"
        yield (*path, "tell_via"), problem, advice


def _telling(keys: dict[str, Any], campaign: dict[str, Any], path: Path) -> Iterator[Finding]:
    if keys.get("needed") is False:
        problem = "tells nobody, as no edition waits for approval"
        yield (*path, "tell"), problem, "write needed: true, or remove it"
    if "tell_via" not in keys and "email" not in campaign:
        problem = "missing key, as the campaign has no email whose channel could be used"
        yield (*path, "tell_via"), problem, "name a channel that takes mail, such as tell_via: mail"


def _sender(tree: Any) -> Iterator[Finding]:
    """A mail needs a sender; where a campaign has a digest, that is told already."""
    campaigns = list(written.campaigns(tree))
    if "sender" in tree or any("email" in campaign for _, campaign in campaigns):
        return
    telling = [path[1] for path, one in campaigns if "tell" in group_at(one, "approval")]
    if telling:
        problem = f"missing key, as campaign {quoted(telling[0])} tells reviewers by mail"
        yield ("sender",), problem, "add 'sender: {name: The Weekly, email: news@example.org}'"
