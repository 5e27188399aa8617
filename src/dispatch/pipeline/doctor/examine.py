"""The check-up of a channel: all that would go wrong with its mails, before any is sent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.channels.dns.lookups import Lookups, NotBelieved, knows_internet
from dispatch.channels.feedback import hook_of
from dispatch.channels.find import find_provider
from dispatch.channels.opened import Channel
from dispatch.channels.provider import Carries
from dispatch.clock import Clock
from dispatch.config.workspace import Workspace
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.delivery.check_channel import Tried, keep_tried, open_and_try
from dispatch.pipeline.delivery.publishing import month_of
from dispatch.pipeline.doctor.case import Case
from dispatch.pipeline.doctor.look_at_account import look_at_account
from dispatch.pipeline.doctor.look_at_dkim import look_at_dkim
from dispatch.pipeline.doctor.look_at_dmarc import look_at_dmarc
from dispatch.pipeline.doctor.look_at_links import look_at_links
from dispatch.pipeline.doctor.look_at_returns import look_at_returns
from dispatch.pipeline.doctor.look_at_sender import exists, look_at_sender
from dispatch.pipeline.doctor.look_at_server import look_at_server
from dispatch.pipeline.doctor.look_at_spf import look_at_spf
from dispatch.store.events.examinations import Examination
from dispatch.store.events.hooks import HookCounts
from dispatch.store.transactions import Store

SENDER = "{sender}"
"""Where mails come back to the address in From: we talk to a mail server, and to no service."""

MONTH = timedelta(days=30)
"""For so long what came back is counted."""


def examine_channel(
    plan: ChannelPlan,
    *,
    by: str,
    workspace: Workspace,
    open_channel: Callable[[str], Channel],
    lookups: Lookups,
    store: Store,
    clock: Clock,
) -> Examination:
    """Look at everything, and keep what is found, the worst first.

    It signs in at the service and asks the DNS; nothing is sent, and no transaction is open
    meanwhile. What does not answer is a finding.
    """
    channel, tried = open_and_try(plan.name, open_channel=open_channel)
    try:
        case = _case(
            plan, channel, tried, workspace=workspace, lookups=lookups, store=store, now=clock()
        )
        findings = [Finding(Kind.STOP, "account", {"problem": tried.problem})]
        if case is not None:
            findings = sorted(_once(examine(case)), key=lambda one: list(Kind).index(one.kind))
    finally:
        if channel is not None:
            channel.close()
    keep_tried(plan.name, tried, by=by, store=store, clock=clock)
    examination = Examination(plan.name, clock(), by, tuple(findings))
    with store.begin() as tx:
        tx.examinations.keep(examination)
        tx.audit.add(
            "channel.examine",
            by=by,
            now=examination.at,
            kind="channel",
            subject=plan.name,
            fine=not examination.stops,
        )
    return examination


def examine(case: Case) -> Iterator[Finding]:
    """All that is found, in the order of looking."""
    yield from look_at_account(case)
    if case.capabilities.stays_here:
        yield Finding(Kind.FINE, "stays_here")
        return
    if Carries.EMAIL not in case.capabilities.carries:
        return
    if not knows_internet(case.lookups):
        case = replace(case, lookups=NotBelieved())
    yield from look_at_sender(case)
    if exists(case):
        yield from look_at_spf(case)
        yield from look_at_dkim(case)
        yield from look_at_dmarc(case)
        yield from look_at_server(case)
    yield from look_at_links(case)
    yield from look_at_returns(case)


def _once(findings: Iterator[Finding]) -> list[Finding]:
    """Each of them once: of three names the same may be said, such as that there is no internet."""
    kept: list[Finding] = []
    for one in findings:
        if one not in kept:
            kept.append(one)
    return kept


def _case(
    plan: ChannelPlan,
    channel: Channel | None,
    tried: Tried,
    *,
    workspace: Workspace,
    lookups: Lookups,
    store: Store,
    now: datetime,
) -> Case | None:
    try:
        capabilities = find_provider(plan.provider).capabilities
    except NotFound:
        return None
    written_to = {
        (one.email.audience, one.email.offer)
        for one in workspace.campaigns.values()
        if one.email and plan.name in (one.email.via, *one.email.failover)
    }
    with store.read() as tx:
        stop = tx.channels.stop(plan.name)
        counted = [tx.subscribers.count_active(*one) for one in written_to]
        heard = tx.hooks.all().get(plan.name, HookCounts(plan.name))
        zone = ZoneInfo(workspace.publisher.timezone)
        posts = tx.budgets.all_used(month_of(now, zone)).get(plan.name, 0)
        reputation = tx.later.reputation(plan.name, since=now - MONTH)
        bounces = workspace.bounces if capabilities.keeps_envelope else None
        read = tx.mailboxes.get(bounces.place) if bounces else None
    return Case(
        plan=plan,
        capabilities=capabilities,
        channel=channel,
        tried=tried,
        stop=stop if stop and stop.is_in_force(now) else None,
        sender=workspace.publisher.sender.email,
        public_url=workspace.publisher.public_url,
        readers=max(counted, default=0),
        hook=hook_of(plan),
        heard=heard,
        reputation=reputation,
        lookups=lookups,
        now=now,
        posts=posts,
        is_ours=capabilities.returns_to == SENDER,
        mailbox=bounces.address if bounces else "",
        mailbox_read=read.at if read else None,
        mailbox_problem=read.problem if read else "",
    )
