"""Is every file of a workspace in order? All problems at once, before anything runs."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.channels.find import find_provider
from dispatch.channels.open import SecretOf, check_options
from dispatch.channels.provider import Carries
from dispatch.config.files.line_numbers import Path as Keys
from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, Severity, did_you_mean
from dispatch.config.people.gathering import Nobody
from dispatch.config.people.subscribers import SubscriberFile, read_audience_files, read_people
from dispatch.config.schedules.load import FILE
from dispatch.config.values.timezones import easily_mistaken
from dispatch.config.workspace import Workspace
from dispatch.errors import NotFound, Problem, TemplateFailed
from dispatch.feeds.pages import main_text as fulltext
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.people.reader_mail import TEMPLATE
from dispatch.pipeline.workspace.check_brand import check_brand, pictures_of
from dispatch.render.templates.files import load_template
from dispatch.render.templates.mail_template import has_mail_template
from dispatch.render.trials.remark import Remark

if TYPE_CHECKING:
    from dispatch.render.trials.check import CheckTemplate
    from dispatch.render.trials.check_mail import CheckMailTemplate

CheckSegment = Callable[[str], object]
"""Raises TemplateFailed where a segment cannot be read."""


def check_workspace(
    workspace: Workspace,
    *,
    secret: SecretOf,
    audiences: Collection[str],
    check_template: "CheckTemplate",
    check_mail_template: "CheckMailTemplate",
    check_segment: CheckSegment,
    look_at: Callable[[SubscriberFile], object] = lambda _: None,
) -> list[Problem]:
    """Every problem in feeds, channels, audiences, segments, templates and subscriber files.

    `schedules.yaml` itself was checked when the workspace was read. `audiences` are those that
    the database has people in. `look_at` is given each file of people as it was read.
    """
    files = [path.stem for path in read_audience_files(workspace.folder)]
    problems = [
        *check_brand(workspace),
        *_fulltext(workspace),
        *_zones(workspace),
        *_options(workspace, secret),
        *_signatures(workspace),
        *_audiences(workspace, {*audiences, *files}),
        *_all_uses(workspace, check_segment),
        *_forms(workspace),
        *_saved_segments(workspace, check_segment),
        *_templates(workspace, check_template),
        *_mail_templates(workspace, check_mail_template),
        *_people(workspace, look_at),
    ]
    return list(dict.fromkeys(problems))  # the campaigns of a family share most of what they say


def check_plan(
    workspace: Workspace, *, secret: SecretOf, check_segment: CheckSegment
) -> list[Problem]:
    """What keeps a changed `schedules.yaml` from being used; a moment's work.

    That an audience has nobody yet is left out, and so is what stands inside of templates.
    """
    problems = [
        *check_brand(workspace),
        *_fulltext(workspace),
        *_options(workspace, secret),
        *_all_uses(workspace, check_segment),
        *_forms(workspace),
        *_saved_segments(workspace, check_segment),
    ]
    return [
        one
        for one in dict.fromkeys(problems)
        if not isinstance(one, FileProblem) or one.severity is Severity.ERROR
    ]


@dataclass(frozen=True, slots=True)
class ChannelProblems:
    """What is wrong with the channels of a campaign.

    `serious` keep it from running. With `borne` it runs: another channel of `via:` steps in.
    """

    serious: tuple[Problem, ...] = ()
    borne: tuple[Problem, ...] = ()


def check_channels(
    campaign: Campaign,
    workspace: Workspace,
    *,
    secret: SecretOf,
    check_segment: CheckSegment,
) -> ChannelProblems:
    """What is wrong with the channels of one campaign, as this machine's secrets are."""
    found = {name: list(_options(workspace, secret, only={name})) for name in campaign.all_channels}
    chain = (campaign.email.via, *campaign.email.failover) if campaign.email else ()
    others = {plan.via for plan in campaign.social}
    left = any(not found[name] for name in chain)
    bearable = {name for name in chain if left and name not in others}
    uses = _uses(campaign, workspace, check_segment)
    return ChannelProblems(
        (*(one for name in found if name not in bearable for one in found[name]), *uses),
        tuple(one for name in found if name in bearable for one in found[name]),
    )


def _fulltext(workspace: Workspace) -> Iterator[Problem]:
    """Feeds that ask for what is not installed."""
    for name, feed in workspace.feeds.items():
        if feed.fulltext and not fulltext.is_available():
            path = ("feeds", name, "fulltext")
            problem = "needs trafilatura, which is not installed"
            advice = "install dispatch with its extra 'fulltext', or remove the line"
            yield FileProblem(FILE, workspace.lines.of(*path), ".".join(path), problem, advice)


def _zones(workspace: Workspace) -> Iterator[Problem]:
    """Time zones that say what they say, and are often written by those who mean another."""
    places: dict[Keys, str] = {("timezone",): workspace.publisher.timezone}
    for campaign in workspace.campaigns.values():
        if when := campaign.schedule or campaign.new_posts:
            path = workspace.place_of(campaign, "schedule", "timezone")
            places[path] = when.timezone
    for path, zone in places.items():
        written = workspace.lines.known.get(path)  # else it is the file's, or nobody's
        if written and (found := easily_mistaken(zone)):
            yield FileProblem(FILE, written, dotted(path), *found, Severity.NOTICE)


def _options(
    workspace: Workspace, secret: SecretOf, only: set[str] | None = None
) -> Iterator[Problem]:
    for name, plan in workspace.channels.items():
        if only is not None and name not in only:
            continue
        for found in check_options(plan, secret):
            path = ("channels", name, *found.key.split("."))
            line = workspace.lines.of(*path)
            yield FileProblem(FILE, line, ".".join(path), found.problem, found.advice)


def _signatures(workspace: Workspace) -> Iterator[Problem]:
    """Signatures that say nothing about the sender; a mail may have another one that does."""
    email = workspace.publisher.sender.email
    for name, plan in workspace.channels.items():
        if email and plan.dkim and not plan.dkim.is_aligned_with(email):
            path = ("channels", name, "dkim", "domain")
            domain = email.rpartition("@")[2]
            problem = f"the sender is at {domain}, so the signature does not count with DMARC"
            line, advice = workspace.lines.of(*path), f"sign for {domain} or a domain above it"
            yield FileProblem(FILE, line, ".".join(path), problem, advice, Severity.NOTICE)


def _audiences(workspace: Workspace, known: Collection[str]) -> Iterator[Problem]:
    """Campaigns that write to nobody, most often by a slip of the pen."""
    for campaign in workspace.campaigns.values():
        if campaign.email is not None and campaign.email.audience not in known:
            audience = campaign.email.audience
            path = workspace.place_of(campaign, "email", "audience")
            problem = f"there is nobody in audience '{audience}'"
            advice = f"bring people in with subscribers/{audience}.csv"
            if known:
                file = f"subscribers/{audience}.csv"
                advice = f"{did_you_mean(audience, known)} ({file} would bring people in)"
            line = workspace.lines.of(*path)
            yield FileProblem(FILE, line, dotted(path), problem, advice)


def _all_uses(workspace: Workspace, check_segment: CheckSegment) -> Iterator[Problem]:
    for campaign in workspace.campaigns.values():
        yield from _uses(campaign, workspace, check_segment)
    yield from _letters(workspace)


def _letters(workspace: Workspace) -> Iterator[Problem]:
    """Letters, or those who are told of them, over a channel that carries no email."""
    rule = workspace.letters
    places: dict[Keys, str] = {("letters", "approval", "tell_via"): rule.approval.tell_via}
    one = len(rule.via) == 1
    places |= {("letters", "via", *(() if one else (at,))): v for at, v in enumerate(rule.via)}
    for path, channel in places.items():
        line = workspace.lines.known.get(path)  # else it is told at another place
        if line and not _carries(Carries.EMAIL, channel, workspace):
            problem = f"channel '{channel}' carries no email"
            yield FileProblem(FILE, line, dotted(path), problem, "name another channel")


def _uses(
    campaign: Campaign, workspace: Workspace, check_segment: CheckSegment
) -> Iterator[Problem]:
    """A digest over a channel that carries no email, a snippet over one that carries no text."""
    if campaign.email is not None:
        channels = (campaign.email.via, *campaign.email.failover)
        for number, channel in enumerate(channels):
            if not _carries(Carries.EMAIL, channel, workspace):
                path = workspace.place_of(campaign, "email", "via")
                line = workspace.lines.of(*path, number)
                key = dotted(path) + (f"[{number}]" if channels[1:] else "")
                problem = f"channel '{channel}' carries no email"
                yield FileProblem(FILE, line, key, problem, "name another channel")
        path = workspace.place_of_segment(campaign)
        yield from _segment(campaign.email.segment, path, workspace, check_segment)
    yield from _told_by(campaign, workspace)
    for number, plan in enumerate(campaign.social):
        if not _carries(Carries.SOCIAL, plan.via, workspace):
            path = workspace.place_of(campaign, "social", number, "via")
            problem = f"channel '{plan.via}' carries no snippets"
            line = workspace.lines.of(*path)
            yield FileProblem(FILE, line, dotted(path), problem, "name another channel")


def _saved_segments(workspace: Workspace, check_segment: CheckSegment) -> Iterator[Problem]:
    for name, rule in workspace.segments.items():
        yield from _segment(rule, ("segments", name), workspace, check_segment)


def _segment(
    rule: str, path: Keys, workspace: Workspace, check_segment: CheckSegment
) -> Iterator[Problem]:
    try:
        if rule:
            check_segment(rule)
    except TemplateFailed as error:
        problem, _, advice = str(error).partition(" - ")
        yield FileProblem(FILE, workspace.lines.of(*path), dotted(path), problem, advice)


def _told_by(campaign: Campaign, workspace: Workspace) -> Iterator[Problem]:
    """Reviewers told over a channel that carries no email."""
    rule = campaign.approval
    by_digest = campaign.email is not None and rule.tell_via == campaign.email.via
    if rule.tell_via and not by_digest and not _carries(Carries.EMAIL, rule.tell_via, workspace):
        path = workspace.place_of(campaign, "approval", "tell_via")
        line, problem = workspace.lines.of(*path), f"channel '{rule.tell_via}' carries no email"
        yield FileProblem(FILE, line, dotted(path), problem, "name another channel")


def _forms(workspace: Workspace) -> Iterator[Problem]:
    """Forms whose mails go over a channel that carries no email."""
    for form in workspace.forms.values():
        path = ("forms", form.name, "via")
        line = workspace.lines.known.get(path)  # else it is a campaign's, and told there
        if line and not _carries(Carries.EMAIL, form.via, workspace):
            problem = f"channel '{form.via}' carries no email"
            yield FileProblem(FILE, line, dotted(path), problem, "name another channel")


def _carries(kind: Carries, channel: str, workspace: Workspace) -> bool:
    try:
        provider = find_provider(workspace.channels[channel].provider)
    except NotFound:
        return True  # told where the channel is
    return kind in provider.capabilities.carries


def _templates(workspace: Workspace, check_template: "CheckTemplate") -> Iterator[Problem]:
    campaigns = workspace.campaigns.values()
    for name in dict.fromkeys(name for one in campaigns for name in one.templates):
        try:
            sources = load_template(workspace.folder / "templates", name)
            yield from check_sources(workspace, name, sources, check_template)
        except TemplateFailed as error:
            yield str(error)


def check_sources(
    workspace: Workspace, name: str, sources: Mapping[str, str], check_template: "CheckTemplate"
) -> list[Problem]:
    """The problems of one template, as its campaigns use it. Raises TemplateFailed."""
    campaigns = [one for one in workspace.campaigns.values() if name in one.templates]
    snippets = [plan for one in campaigns for plan in one.social if plan.template == name]
    found = check_template(
        name,
        sources,
        needs_email=any(one.email and one.email.template == name for one in campaigns),
        needs_social=bool(snippets),
        each=[plan.each for plan in snippets],
        may_be_empty=any(not one.posts.at_least for one in campaigns),
        pictures=pictures_of(name, workspace),
        most_posts=max((one.posts.at_most or 0 for one in campaigns), default=0),
    )
    return [_with_severity(one) for one in found]


def _mail_templates(
    workspace: Workspace, check_mail_template: "CheckMailTemplate"
) -> Iterator[Problem]:
    """Those of readers' mails; one that comes with dispatch is in order."""
    for name in dict.fromkeys([TEMPLATE, *(one.template for one in workspace.forms.values())]):
        if not has_mail_template(workspace.folder, name):
            continue
        try:
            sources = load_template(workspace.folder / "templates", name)
            pictures = pictures_of(name, workspace)
        except TemplateFailed as error:
            yield str(error)
        else:
            yield from check_mail_template(name, sources, pictures=pictures)


def _with_severity(found: str) -> Problem:
    if not isinstance(found, Remark):
        return found
    file, _, said = found.partition(": ")
    problem, _, advice = said.partition(" - ")
    return FileProblem(file, None, "", problem, advice, Severity.NOTICE)


def _people(workspace: Workspace, look_at: Callable[[SubscriberFile], object]) -> Iterator[Problem]:
    for path in read_audience_files(workspace.folder):
        file = read_people(path, Nobody(), rules=workspace.columns)
        look_at(file)
        yield from file.problems
