"""What keeps the team from signing in as schedules.yaml says."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec

from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, InvalidValueError
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace

EXTRAS = {"factor": ("pyotp", "segno"), "oidc": ("authlib",)}
"""What each of them brings."""


def check_sign_in(
    workspace: Workspace,
    *,
    secret: Callable[[str], object],
    is_installed: Callable[[str], bool] = lambda name: find_spec(name) is not None,
) -> Iterator[FileProblem]:
    """A secret that cannot be had, an extra that is missing, a way back that leads nowhere.

    `secret` gives what a reference names, or raises InvalidValueError.
    """
    rule, at = workspace.sign_in, ("team", "sign_in")
    if rule.second_factor:
        yield from _extra("factor", (*at, "second_factor"), workspace, is_installed)
    if rule.service is None:
        return
    place = (*at, "service")
    yield from _extra("oidc", place, workspace, is_installed)
    if not workspace.publisher.public_url:
        advice = "write the address at which dispatch is found"
        yield _problem(workspace, place, "needs public_url: the way back leads there", advice)
    if rule.service.client_secret:
        try:
            secret(rule.service.client_secret)
        except InvalidValueError as error:
            yield _problem(workspace, (*place, "client_secret"), error.problem, error.advice)


def _extra(
    name: str, at: tuple[str, ...], workspace: Workspace, is_installed: Callable[[str], bool]
) -> Iterator[FileProblem]:
    if not all(map(is_installed, EXTRAS[name])):
        advice = f"install it: pip install 'dispatch-digest[{name}]'"
        yield _problem(workspace, at, f"needs the extra {name}", advice)


def _problem(workspace: Workspace, at: tuple[str, ...], problem: str, advice: str) -> FileProblem:
    return FileProblem(FILE, workspace.lines.of(*at), dotted(at), problem, advice)
