"""Campaigns with `cadences:`: what does not go together, and the campaigns that they become."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dispatch.config.files.line_numbers import Path
from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.config.keys.references import DEFAULT_CHANNEL
from dispatch.config.values import as_written as written
from dispatch.config.values import simple as words
from dispatch.config.values.as_written import Finding, group_at, list_at
from dispatch.model.campaigns.cadence import Cadence, CadenceOffer, Family, campaign_name
from dispatch.model.campaigns.campaign import Campaign

if TYPE_CHECKING:
    from dispatch.config.keys.file import CadenceKeys, CadencesKeys, CampaignKeys
    from dispatch.config.keys.parts import PostsKeys

_WORDS = {cadence.value: cadence for cadence in Cadence}


def broken_families(tree: Any) -> Iterator[Finding]:
    """Everything in families that does not go together."""
    for path, campaign in written.campaigns(tree):
        if isinstance(campaign.get("cadences"), dict):
            cadences, at = campaign["cadences"], (*path, "cadences")
            offered = {word: keys for word, keys in cadences.items() if word in _WORDS}
            yield from _around(campaign, path, offered)
            yield from _offers(cadences, at, offered)
            yield from _names(path[1], at, offered, tree["campaigns"])
            yield from _accounts(at, offered)


def _around(campaign: dict[str, Any], path: Path, offered: dict[str, Any]) -> Iterator[Finding]:
    example = next(iter(offered), "weekly")
    if "email" not in campaign:
        yield path, "has cadences but no email", "add it: cadences are what readers of mail choose"
    if "schedule" in campaign:
        problem = "does not go with cadences, each of which has its own"
        yield (*path, "schedule"), problem, f"move it to cadences.{example}.schedule"
    if "social" in campaign:
        problem = "would tell each post with every cadence"
        yield (*path, "social"), problem, f"move it to one of them: cadences.{example}.social"


def _offers(cadences: dict[str, Any], path: Path, offered: dict[str, Any]) -> Iterator[Finding]:
    if not offered:
        advice = 'add one of them, such as weekly: {schedule: {every: tuesday, at: "09:00"}}'
        yield path, "offers no cadence", advice
        return
    default = cadences.get("default")
    if isinstance(default, str) and default in _WORDS and default not in offered:
        advice = f"name one of these: {', '.join(offered)}"
        yield (*path, "default"), f"{quoted(default)} is not offered here", advice
    for word, keys in offered.items():
        if "topics" in group_at(keys, "posts"):
            problem = "must be the same for all cadences, or who changes would miss posts"
            place = (*path, word, "posts", "topics")
            yield place, problem, "write it in the campaign's own posts"


def _names(
    name: Any, path: Path, offered: dict[str, Any], campaigns: dict[Any, Any]
) -> Iterator[Finding]:
    for word in offered:
        made = campaign_name(str(name), _WORDS[word])
        if made in campaigns:
            problem = f"makes a campaign {quoted(made)}, and there is one of that name"
            yield (*path, word), problem, "rename one of the two"
        elif words.NAME.fullmatch(str(name)):
            try:
                words.name(made)
            except InvalidValueError:
                problem = f"makes a campaign {quoted(made)}, which is too long"
                yield (*path, word), problem, "shorten the campaign's name"


def _accounts(path: Path, offered: dict[str, Any]) -> Iterator[Finding]:
    """Accounts that would get a post with more than one cadence."""
    used: dict[str, str] = {}
    for word, keys in offered.items():
        for index, plan in enumerate(list_at(keys, "social") if isinstance(keys, dict) else ()):
            via = plan.get("via", DEFAULT_CHANNEL) if isinstance(plan, dict) else None
            if isinstance(via, str) and used.setdefault(via, word) != word:
                problem = f"channel {quoted(via)} belongs to cadence '{used[via]}' already"
                yield (*path, word, "social", index), problem, "remove one of the two"


def to_family(name: str, title: str, keys: "CampaignKeys", cadences: "CadencesKeys") -> Family:
    """The family that a campaign with cadences is."""
    return Family(
        name,
        title,
        keys.email.audience if keys.email else "",
        cadences.default,
        {cadence: campaign_name(name, cadence) for cadence in cadences.offered},
    )


def keys_of_cadence(keys: "CampaignKeys", own: "CadenceKeys", title: str) -> "CampaignKeys":
    """The keys of one campaign of a family, as if they had been written for it alone."""
    email = keys.email
    if email and own.template:
        email = email.model_copy(update={"template": own.template})
    return keys.model_copy(
        update={
            "cadences": None,
            "title": own.title or title,
            "schedule": own.schedule,
            "posts": _merged(keys.posts, own.posts),
            "social": own.social,
            "email": email,
        }
    )


def with_offer(campaign: Campaign, family: Family, cadence: Cadence) -> Campaign:
    """The campaign as the one that has this cadence in its family."""
    if campaign.email is None:
        return campaign
    offer = CadenceOffer(family.name, cadence, family.default, family.offered)
    return replace(campaign, email=replace(campaign.email, offer=offer))


def _merged(family: "PostsKeys", own: "PostsKeys | None") -> "PostsKeys":
    if own is None:
        return family
    return family.model_copy(update={key: getattr(own, key) for key in own.model_fields_set})
