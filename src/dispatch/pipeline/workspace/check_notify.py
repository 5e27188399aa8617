"""What keeps programs elsewhere from being told what `notify:` says."""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from pydantic import SecretStr

from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, InvalidValueError
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.feeds.web.public import Network, may_connect, meant
from dispatch.model.notify.receiver import ReceiverPlan
from dispatch.pipeline.notify.sign import key_of


def check_notify(
    workspace: Workspace,
    *,
    secret: Callable[[str], SecretStr],
    allowed: Collection[Network],
) -> Iterator[FileProblem]:
    """A secret that cannot be had or is none, an address that may not be called.

    `secret` gives what a reference names, or raises InvalidValueError. `allowed` are the networks
    of this machine's setting. No name is looked up: that is done for each call.
    """
    for name, plan in workspace.notify.items():
        for reference in plan.secrets:
            try:
                key_of(secret(reference).get_secret_value())
            except InvalidValueError as error:
                at = ("notify", name, "secret")
                yield _problem(workspace, at, error.problem, error.advice)
        if plan.is_private and not allowed:
            yield _problem(
                workspace,
                ("notify", name, "private"),
                "is true, and no network is allowed to this machine",
                "name the receiver's in DISPATCH_PRIVATE_NETWORKS, such as 10.1.0.0/16",
            )
        elif problem := _out_of_bounds(plan, allowed):
            yield _problem(workspace, ("notify", name, "url"), *problem)


def _out_of_bounds(plan: ReceiverPlan, allowed: Collection[Network]) -> tuple[str, str] | None:
    with suppress(ValueError):
        address = meant(urlsplit(plan.url).hostname or "")
        if plan.is_private and not any(address in network for network in allowed):
            problem = f"leads to {address}, which no network of DISPATCH_PRIVATE_NETWORKS has"
            return problem, "name its network there: who is private is called nowhere else"
        if not may_connect(address, allowed if plan.is_private else ()):
            problem = f"leads to {address}, which is not on the public Internet"
            return (
                problem,
                "write private: true beside it, and name it in DISPATCH_PRIVATE_NETWORKS",
            )
    return None


def _problem(workspace: Workspace, at: tuple[str, ...], problem: str, advice: str) -> FileProblem:
    return FileProblem(FILE, workspace.lines.of(*at), dotted(at), problem, advice)
