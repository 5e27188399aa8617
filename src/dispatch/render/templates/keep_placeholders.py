"""Jinja2 made to keep placeholders: what a template prints, joins, captures and filters.

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

from dispatch.render.templates.symbolic_values import SymbolicText, SymbolicValues

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


def keep_placeholders(environment: Any, symbolic_values: SymbolicValues) -> None:
    """Prepare an environment, before its first template, to render with these symbolic values."""

    @pass_eval_context
    def printed(context: EvalContext, value: object) -> object:
        if not isinstance(value, SymbolicText):
            return environment.weighed(value)
        return Markup(symbolic_values.printed(value, html=bool(context.autoescape)))  # noqa: S704

    bounded = environment.helpers
    environment.finalize = printed
    environment.helpers = {
        "Markup": lambda text="": symbolic_values.captured(Markup(text)),  # noqa: S704
        "identity": symbolic_values.captured,
        "str_join": lambda values: _joined(
            symbolic_values, values, bounded["str_join"], html=False
        ),
        "markup_join": lambda values: _joined(
            symbolic_values, values, bounded["markup_join"], html=True
        ),
    }
    known: tuple[dict[str, Any], ...] = (environment.filters, environment.tests)
    for functions in known:
        for name, function in functions.items():
            if name not in LEAVES_ALONE:
                functions[name] = _checked(function, symbolic_values)


def _joined(
    symbolic_values: SymbolicValues,
    values: Iterable[object],
    join: Callable[[Iterable[object]], str],
    *,
    html: bool,
) -> str | SymbolicText:
    values = list(values)
    found = [value for value in values if isinstance(value, SymbolicText)]
    if not found:
        return join(values)
    if not html:  # where nothing is escaped, what is HTML loses that when it is joined
        for value in found:
            if value.html:
                value.need()
        return symbolic_values.join(
            value if isinstance(value, SymbolicText) else str(value) for value in values
        )
    return symbolic_values.join(values)


def _checked(function: Callable[..., Any], symbolic_values: SymbolicValues) -> Callable[..., Any]:
    """The filter or test, for values that are known; `wraps` keeps Jinja2's marks on it."""

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        for value in args:
            symbolic_values.check(value)
        for value in kwargs.values():
            symbolic_values.check(value)
        return function(*args, **kwargs)

    return checked
