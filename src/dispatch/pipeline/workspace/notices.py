"""What is worth a look in the files of a workspace, though nothing is wrong with it."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from dispatch.config.files.problems import FileProblem, Severity, quoted
from dispatch.config.people.subscribers import FOLDER
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.store.transactions import Transaction

OTHER_TABLES = frozenset({".xlsx", ".xls", ".ods", ".numbers", ".tsv", ".txt", ".json", ".vcf"})
"""How files end in which people also have addresses."""


def worth_a_look(workspace: Workspace) -> Iterator[FileProblem]:
    """Notices; `check_workspace` has what is wrong."""
    yield from _public_url(workspace)
    yield from _unused_channels(workspace)
    yield from _unused_segments(workspace)
    yield from _other_files_of_people(workspace)


def _public_url(workspace: Workspace) -> Iterator[FileProblem]:
    """An address at which only this machine, or this network, finds the readers' pages."""
    address = workspace.publisher.public_url
    if address and is_private_host(urlsplit(address).hostname or ""):
        problem = f"{quoted(address)} leads nowhere from a reader's machine"
        advice = "write the address of the readers' pages on the web, before mail goes out"
        line = workspace.lines.of("public_url")
        yield FileProblem(FILE, line, "public_url", problem, advice, Severity.NOTICE)


def is_private_host(host: str) -> bool:
    """Whether a host is found from this machine, or its network, only.

    >>> [is_private_host(one) for one in ("localhost", "192.168.0.3", "nas", "a.example.org")]
    [True, True, True, False]
    """
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))


def _unused_channels(workspace: Workspace) -> Iterator[FileProblem]:
    """Channels over which nothing goes out, most often as a `via:` was forgotten."""
    campaigns = workspace.campaigns.values()
    used = {name for one in campaigns for name in one.all_channels}
    used |= {form.via for form in workspace.forms.values()}
    for name in workspace.channels:
        line = workspace.lines.known.get(("channels", name))
        if line and name not in used:
            advice = f"name it with 'via: {name}', or remove it"
            problem = "no campaign uses this channel"
            yield FileProblem(FILE, line, f"channels.{name}", problem, advice, Severity.NOTICE)


def _unused_segments(workspace: Workspace) -> Iterator[FileProblem]:
    """Saved rules that no campaign names."""
    for name in workspace.segments.keys() - set(workspace.segment_names.values()):
        line, key = workspace.lines.of("segments", name), f"segments.{name}"
        problem, advice = "no campaign writes to this segment", f"name it with 'segment: {name}'"
        yield FileProblem(FILE, line, key, problem, advice, Severity.NOTICE)


def who_asks(tx: Transaction) -> Iterator[FileProblem]:
    """That suppressed readers ask the team to be mailed again."""
    if number := len(tx.suppressions.asked()):
        problem = f"{number} asked to be mailed again"
        advice = "see 'dispatch suppressions list --asked', and lift it or leave it"
        yield FileProblem("suppressions", None, "", problem, advice, Severity.NOTICE)


def _other_files_of_people(workspace: Workspace) -> Iterator[FileProblem]:
    """Tables that are no CSV: whoever puts them there thinks that they are read."""
    for path in sorted((workspace.folder / FOLDER).glob("*")):
        if path.suffix.lower() in OTHER_TABLES and path.name[0] not in ".~":
            file, problem = f"{FOLDER}/{path.name}", "is not read, as it is no CSV file"
            advice = "save the table as CSV (UTF-8)"
            yield FileProblem(file, None, "", problem, advice, Severity.NOTICE)
