"""schedules.yaml, read and checked: the feeds, channels and campaigns of a workspace."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from dispatch.config.files.line_numbers import Path, dotted
from dispatch.config.files.problems import FileProblem, at_most
from dispatch.config.files.yaml_file import YamlFile, parse_yaml, read_yaml
from dispatch.config.keys.archive import broken_archives
from dispatch.config.keys.bounces import to_bounce_mailbox
from dispatch.config.keys.cadences import broken_families, keys_of_cadence, to_family, with_offer
from dispatch.config.keys.joining import broken_forms, read_refused, refusals, to_forms
from dispatch.config.keys.letters import broken_letters, to_letter_rule
from dispatch.config.keys.new_posts import to_new_posts
from dispatch.config.keys.notify import to_receivers
from dispatch.config.keys.references import (
    DEFAULT_CHANNEL,
    broken_references,
    holiday_files,
)
from dispatch.config.keys.reviewers import broken_reviewers, to_approval
from dispatch.config.keys.schedule import broken_schedules, to_schedule
from dispatch.config.keys.segments import broken_segments
from dispatch.config.keys.sending import broken_local_time, closed_hours, to_sending_rule
from dispatch.config.keys.sign_in import to_sign_in_rule
from dispatch.config.values.as_written import Finding
from dispatch.config.values.brand import no_colour
from dispatch.config.values.holiday_files import read_holidays
from dispatch.config.values.schedule import NEW_POST
from dispatch.config.workspace import AudienceWords, Workspace
from dispatch.errors import BadInput
from dispatch.model.campaigns.brand import Brand
from dispatch.model.campaigns.campaign import (
    Campaign,
    ChannelPlan,
    DkimPlan,
    EmailPlan,
    Publisher,
    SocialPlan,
)
from dispatch.model.campaigns.pace import Pace, WarmUp
from dispatch.model.campaigns.sending_hours import QuietHours
from dispatch.model.delivery.message import Address
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.post import PostRule, WhenEmpty

if TYPE_CHECKING:
    from dispatch.config.keys.brand import BrandKeys
    from dispatch.config.keys.channels import ChannelKeys, PaceKeys
    from dispatch.config.keys.file import CampaignKeys, FileKeys
    from dispatch.config.keys.forms import FormKeys
    from dispatch.config.keys.parts import EmailKeys, FeedKeys, SenderKeys, SocialKeys

FILE = "schedules.yaml"


def load_workspace(folder: FilePath, text: str | None = None) -> Workspace:
    """Read `schedules.yaml` in a folder, with all that it leads to, or as if it said `text`.

    Raises BadInput with every problem there is, by line.
    """
    path = folder / FILE
    file = read_yaml(path) if text is None else parse_yaml(FILE, text.encode())
    keys, findings = _check_shape(file.tree)
    findings += _empty_values(file.tree, ())
    findings += broken_references(file.tree, folder)
    findings += broken_schedules(file.tree)
    findings += broken_local_time(file.tree)
    findings += closed_hours(file.tree)
    findings += broken_reviewers(file.tree)
    findings += broken_families(file.tree)
    findings += broken_segments(file.tree)
    findings += broken_archives(file.tree)
    findings += broken_forms(file.tree, folder)
    findings += broken_letters(file.tree, folder)
    problems = {*file.problems, *(_problem(finding, file) for finding in findings)}
    holidays = {}
    for name in holiday_files(file.tree, folder):
        holidays[name], unread = read_holidays(folder / name)
        problems.update(unread)
    refused = {}
    for name in refusals(file.tree):
        refused[name], unread = read_refused(folder, name)
        problems.update(unread)
    if keys is None or problems:
        raise BadInput(at_most(sorted(problems, key=_by_line)))
    return _workspace(folder, keys, file, holidays, refused)


def modified(folder: FilePath, others: Iterable[str] = ()) -> int:
    """A number that changes when the file, or one it reads, is written; 0 where there is none.

    In nanoseconds, added up: the newest of them would hide that an older one took a file's place.
    """
    return sum(_written(folder / name) for name in (FILE, *others))


def _written(path: FilePath) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _check_shape(tree: dict[str, Any]) -> "tuple[FileKeys | None, list[Finding]]":
    from pydantic import ValidationError  # noqa: PLC0415 - 60 ms that --help need not wait for

    from dispatch.config.files.validation_messages import in_plain_words  # noqa: PLC0415
    from dispatch.config.keys.file import FileKeys  # noqa: PLC0415
    from dispatch.config.schedules.json_schema import json_schema  # noqa: PLC0415

    try:
        return FileKeys.model_validate(tree), []
    except ValidationError as error:
        schema = json_schema()
        return None, [
            (_path(found["loc"]), *in_plain_words(found, schema))
            for found in error.errors(include_url=False)
            if found["input"] is not None  # those are found by _empty_values
        ]


def _path(loc: Path) -> Path:
    # A name that is not allowed is found at (..., name, "[key]").
    return loc[:-1] if loc[-1:] == ("[key]",) else loc


def _empty_values(value: Any, path: Path) -> Iterator[Finding]:
    """Keys with nothing behind them: always a slip, except among a provider's options."""
    if value is None and path == ("brand", "accent"):
        yield path, *no_colour()
    elif value is None:
        yield path, "has no value", "write one or remove the line"
    elif path[:1] == ("channels",) and path[2:3] == ("options",):
        return
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _empty_values(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _empty_values(inner, (*path, index))


def _problem(finding: Finding, file: YamlFile) -> FileProblem:
    path, problem, advice = finding
    return FileProblem(FILE, file.lines.of(*path), dotted(path), problem, advice)


def _by_line(problem: FileProblem) -> tuple[bool, str, int, str]:
    return problem.file != FILE, problem.file, problem.line or 0, str(problem)


def _workspace(
    folder: FilePath,
    keys: "FileKeys",
    file: YamlFile,
    holidays: Mapping[str, Collection[date]],
    refused: Mapping[str, Sequence[str]],
) -> Workspace:
    channels = {name: _channel_plan(name, channel) for name, channel in keys.channels.items()}
    channels.setdefault(DEFAULT_CHANNEL, ChannelPlan(DEFAULT_CHANNEL, DEFAULT_CHANNEL))
    sender = Address(keys.sender.email, keys.sender.name) if keys.sender else Address("")
    campaigns = [
        campaign
        for name, plan in keys.campaigns.items()
        for campaign in _campaigns(name, _with_rule(plan, keys.segments), keys, holidays)
    ]
    eager = {feed for one in campaigns if one.new_posts for feed in one.feeds}
    return Workspace(
        folder=folder,
        publisher=Publisher(
            sender, keys.public_url or "", keys.timezone, keys.locale, _brand(keys.brand)
        ),
        feeds={name: _feed(name, feed, eager=name in eager) for name, feed in keys.feeds.items()},
        channels=channels,
        campaigns={campaign.name: campaign for campaign in campaigns},
        families={
            name: to_family(name, _title(name, plan, keys.sender), plan, plan.cadences)
            for name, plan in keys.campaigns.items()
            if plan.cadences
        },
        columns={name: one.columns for name, one in keys.subscribers.items()},
        merging={name: one.merge for name, one in keys.subscribers.items()},
        segments=keys.segments,
        segment_names={one.name: name for one in campaigns if (name := _saved_for(one, keys))},
        forms=to_forms(_forms(keys), campaigns, refused),
        audiences={
            name: AudienceWords(one.title or "", one.about or "")
            for name, one in keys.audiences.items()
        },
        refusals=tuple(sorted(refused)),
        keep_networks=keys.people.keep_networks,
        erase_after=keys.people.erase_after,
        sign_in=to_sign_in_rule(keys.team.sign_in),
        bounces=to_bounce_mailbox(keys.bounces),
        letters=to_letter_rule(keys.letters, [one.email.via for one in campaigns if one.email]),
        notify=to_receivers(keys.notify),
        lines=file.lines,
        holiday_files=tuple(sorted(holidays)),
    )


def _with_rule(keys: "CampaignKeys", saved: Mapping[str, str]) -> "CampaignKeys":
    """The keys of a campaign, with the rule in place of the name that it is saved under."""
    if keys.email is None or (said := (keys.email.segment or "").strip()) not in saved:
        return keys
    email = keys.email.model_copy(update={"segment": saved[said]})
    return keys.model_copy(update={"email": email})


def _forms(keys: "FileKeys") -> "Mapping[str, FormKeys] | None":
    """The forms that the file names, which may be none; None where it does not speak of them."""
    return keys.forms if "forms" in keys.model_fields_set else None


def _saved_for(campaign: Campaign, keys: "FileKeys") -> str:
    """The name of the saved segment that a campaign writes to, or empty."""
    email = keys.campaigns[campaign.family or campaign.name].email
    said = (email.segment or "").strip() if email else ""
    return said if said in keys.segments else ""


def _brand(keys: "BrandKeys | None") -> Brand:
    if keys is None:
        return Brand()
    return Brand(
        logo=keys.logo or "",
        logo_width=keys.logo_width or 0,
        accent=keys.accent or "",
        address=keys.address or "",
        website=keys.website or "",
    )


def _feed(name: str, keys: "FeedKeys", *, eager: bool) -> Feed:
    return Feed(
        name, keys.url, keys.backfill, keys.title, keys.fulltext, keys.page_images, eager=eager
    )


def _channel_plan(name: str, keys: "ChannelKeys") -> ChannelPlan:
    dkim = keys.dkim
    return ChannelPlan(
        name,
        keys.provider,
        keys.options,
        DkimPlan(dkim.domain, dkim.selector, dkim.key) if dkim else None,
        _pace(keys.pace) if keys.pace else Pace(),
        keys.budget.posts_per_month if keys.budget else None,
    )


def _pace(keys: "PaceKeys") -> Pace:
    return Pace(
        per_second=keys.per_second,
        per_day=keys.per_day,
        per_domain=keys.per_domain,
        connections=keys.connections,
        warm_up=WarmUp(keys.warm_up.first, keys.warm_up.days) if keys.warm_up else None,
    )


def _campaigns(
    name: str, keys: "CampaignKeys", file: "FileKeys", holidays: Mapping[str, Collection[date]]
) -> Iterator[Campaign]:
    """The campaign; a family's, one after the other."""
    title, timezone = _title(name, keys, file.sender), file.timezone
    if keys.cadences is None:
        yield _campaign(name, title, keys, timezone, holidays)
        return
    family = to_family(name, title, keys, keys.cadences)
    for cadence, own in keys.cadences.offered.items():
        plan = keys_of_cadence(keys, own, family.title)
        title = plan.title or family.title
        campaign = _campaign(family.campaigns[cadence], title, plan, timezone, holidays)
        yield with_offer(campaign, family, cadence)


def _title(name: str, keys: "CampaignKeys", sender: "SenderKeys | None") -> str:
    """How readers see it: where it has no title of its own, they know who writes to them."""
    made = sender.name if sender else name.replace("-", " ").replace("_", " ").strip().capitalize()
    return keys.title or made


def _campaign(
    name: str,
    title: str,
    keys: "CampaignKeys",
    timezone: str,
    holidays: Mapping[str, Collection[date]],
) -> Campaign:
    email, when = keys.email, keys.schedule
    on_posts = when is not None and when.on == NEW_POST
    schedule = to_schedule(when, timezone, holidays) if when and not on_posts else None
    new_posts = to_new_posts(when, timezone, holidays) if when and on_posts else None
    return Campaign(
        name=name,
        feeds=tuple(keys.feeds),
        title=title,
        posts=PostRule(
            at_least=0 if keys.posts.when_empty is WhenEmpty.SEND else keys.posts.at_least,
            at_most=keys.posts.at_most,
            hold=keys.posts.hold,
            topics=frozenset(topic.casefold() for topic in keys.posts.topics),
        ),
        schedule=schedule,
        new_posts=new_posts,
        sending=to_sending_rule(keys, schedule or new_posts),
        approval_needed=keys.approval is not None and keys.approval.needed,
        approval=to_approval(keys),
        email=_email_plan(email) if email else None,
        social=tuple(
            _social_plan(plan, plan.template or (email.template if email else ""))
            for plan in keys.social
        ),
        archive=keys.archive,
    )


def _social_plan(keys: "SocialKeys", template: str) -> SocialPlan:
    return SocialPlan(
        via=keys.via,
        template=template,
        each=keys.each,
        every=keys.every,
        quiet=QuietHours(keys.hours.end, keys.hours.start) if keys.hours else None,
        shows=keys.shows,
        no_alt=keys.no_alt,
        mentions=keys.mentions,
        warning=keys.warning or "",
    )


def _email_plan(keys: "EmailKeys") -> EmailPlan:
    via, *failover = keys.via
    return EmailPlan(
        audience=keys.audience,
        template=keys.template,
        via=via,
        segment=keys.segment or "",
        failover=tuple(failover),
        pause_at=keys.pause_at,
    )
