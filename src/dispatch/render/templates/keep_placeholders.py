"""Jinja2 made to keep slots: what a template prints, joins, captures and filters.

Only printing and joining keep a value that is not known yet; filters, tests and functions that
read it need it.
"""

from collections.abc import Callable, Iterable, MutableMapping
from functools import wraps
from types import CodeType
from typing import Any

from jinja2 import Environment, Template
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup

from dispatch.render.templates.symbolic_values import Slotted, StandIns

LEAVES_ALONE = frozenset({"d", "default", "fallback", "defined", "undefined", "none"})
"""The filters and tests that ask no more of a value than whether there is one."""


class BoundedTemplate(Template):
    """A template whose compiled code uses helpers of ours in the place of some of Jinja2's."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - Jinja2's name
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """The template, with the environment's helpers."""
        template = super().from_code(environment, code, globals, uptodate)
        # The compiled code looks its helpers up in the module it was made as.
        template.root_render_func.__globals__.update(environment.helpers)  # type: ignore[attr-defined]
        return template


def keep_slots(environment: Any, stand_ins: StandIns) -> None:
    """Prepare an environment, before its first template, to render with these stand-ins."""

    @pass_eval_context
    def printed(context: EvalContext, value: object) -> object:
        if not isinstance(value, Slotted):
            return environment.weighed(value)
        return Markup(stand_ins.printed(value, html=bool(context.autoescape)))  # noqa: S704

    bounded = environment.helpers
    environment.finalize = printed
    environment.helpers = {
        "Markup": lambda text="": stand_ins.captured(Markup(text)),  # noqa: S704
        "identity": stand_ins.captured,
        "str_join": lambda values: _joined(stand_ins, values, bounded["str_join"], html=False),
        "markup_join": lambda values: _joined(stand_ins, values, bounded["markup_join"], html=True),
    }
    known: tuple[dict[str, Any], ...] = (environment.filters, environment.tests)
    for functions in known:
        for name, function in functions.items():
            if name not in LEAVES_ALONE:
                functions[name] = _checked(function, stand_ins)


def _joined(
    stand_ins: StandIns,
    values: Iterable[object],
    join: Callable[[Iterable[object]], str],
    *,
    html: bool,
) -> str | Slotted:
    values = list(values)
    found = [value for value in values if isinstance(value, Slotted)]
    if not found:
        return join(values)
    if not html:  # where nothing is escaped, what is HTML loses that when it is joined
        for value in found:
            if value.html:
                value.need()
        return stand_ins.join(
            value if isinstance(value, Slotted) else str(value) for value in values
        )
    return stand_ins.join(values)


def _checked(function: Callable[..., Any], stand_ins: StandIns) -> Callable[..., Any]:
    """The filter or test, for values that are known; `wraps` keeps Jinja2's marks on it."""

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        for value in args:
            stand_ins.check(value)
        for value in kwargs.values():
            stand_ins.check(value)
        return function(*args, **kwargs)

    return checked
