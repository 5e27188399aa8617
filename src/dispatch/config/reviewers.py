"""Who is told that an edition waits: whether that can be done, and the rule it makes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dispatch.config import words
from dispatch.config.lines import Path
from dispatch.config.problems import did_you_mean, quoted
from dispatch.config.references import DEFAULT_CHANNEL, Finding
from dispatch.model.approval import ApprovalRule

if TYPE_CHECKING:
    from dispatch.config.file_keys import CampaignKeys


def broken_reviewers(tree: Any) -> Iterator[Finding]:
    """Keys of an approval that tell nobody, or by no channel.

    Works on the values as written, so that it finds its problems in a file whose shape is wrong
    elsewhere; a value that is wrong itself is passed over here.
    """
    for name, campaign in _group(tree, "campaigns").items():
        keys = _group(campaign, "approval")
        path = ("campaigns", str(name), "approval")
        if "tell_via" in keys:
            yield from _channel(keys, path, tree)
        if "tell" in keys:
            yield from _telling(keys, campaign, path)
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
    known = {DEFAULT_CHANNEL, *_group(tree, "channels")}
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
    campaigns = _group(tree, "campaigns")
    if "sender" in tree or any("email" in one for one in campaigns.values() if _is_group(one)):
        return
    telling = [name for name, one in campaigns.items() if "tell" in _group(one, "approval")]
    if telling:
        problem = f"missing key, as campaign {quoted(telling[0])} tells reviewers by mail"
        yield ("sender",), problem, "add 'sender: {name: The Weekly, email: news@example.org}'"


def _group(tree: Any, key: str) -> dict[str, Any]:
    found = tree.get(key) if _is_group(tree) else None
    return found if isinstance(found, dict) else {}


def _is_group(value: Any) -> bool:
    return isinstance(value, dict)
