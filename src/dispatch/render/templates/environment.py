"""The sandbox that templates run in, and their failures told with file and line.

Blocks take their line with them (`trim_blocks`, `lstrip_blocks`), `.mjml` files escape what they
print, an unknown name is an error, and nothing is read from disk.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import wraps
from types import TracebackType
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateError, nodes
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError
from jinja2.runtime import Context, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dispatch.errors import DispatchError, TemplateFailed
from dispatch.model.text.suggestions import did_you_mean
from dispatch.render.templates.bounded_code import (
    BoundedCode,
    bound,
    sets_in_branches,
    undeclared_names,
)
from dispatch.render.templates.bounds import (
    OPERATORS,
    Budget,
    bounded_concat,
    bounded_filters,
    bounded_range,
    check_format,
    check_method,
    check_operation,
    check_text,
    weigh,
)
from dispatch.render.templates.code_memory import CodeMemory
from dispatch.render.templates.context import VIEWS
from dispatch.render.templates.files import place
from dispatch.render.templates.filters import FILTERS
from dispatch.render.templates.keep_placeholders import BoundedTemplate, keep_placeholders
from dispatch.render.templates.symbolic_values import NeedsValue, SymbolicText, SymbolicValues
from dispatch.render.templates.words import NamedTexts

KEPT = 64
"""Files of templates whose names, and whose code, are remembered."""

# The code of both kinds differs: one of them keeps placeholders.
_PLAIN, _SYMBOLIC = CodeMemory(KEPT), CodeMemory(KEPT)

_LEFT_OPEN = re.compile(r"[Uu]nexpected end of template.*needs to be closed is '(\w+)'", re.DOTALL)
_NO_FILTER = re.compile(r"No (filter|test) named '(\w+)'")


class Unknown(StrictUndefined):
    """A name that is not there: using it fails, and says what is there."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name, holder = self._undefined_name, self._undefined_obj
        if isinstance(holder, tuple | list) or "was empty" in (self._undefined_hint or ""):
            what = "the first" if self._undefined_hint else f"[{name}]"
            return f"{what} of nothing, or of too few - ask first, with 'if edition.posts'"
        if self._undefined_hint:
            return self._undefined_hint
        if holder is None:
            return f"'{name}' of nothing - ask first whether it is there, with 'if'"
        known = _names_of(holder)
        if known:
            return f"unknown name '{name}' - {did_you_mean(str(name), known)}"
        return f"unknown name '{name}' - a file that is imported sees it only 'with context'"


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, with bounds to what a template may ask of the machine.

    Whether our own views are safe is asked once instead of at each use. `budget` is that of the
    rendering under way. `uses` are the names that the file `asked` about takes from outside, once
    its code is made.
    """

    symbolic_values: SymbolicValues | None = None
    intercepted_binops = OPERATORS
    concat = staticmethod(bounded_concat)
    code_generator_class = BoundedCode

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.budget = Budget()
        self.turn, self.weighed = self.budget.turn, self.budget.weighed
        self.globals["range"] = bounded_range
        self.filters = bounded_filters(self.filters)
        self.taken: set[str] = set()
        self.asked: str | None = None
        self.uses: Uses | None = None
        self.finalize = self.weighed
        self.template_class = BoundedTemplate
        self.helpers: dict[str, Callable[..., Any]] = {
            "str_join": lambda values: str_join(_weighed_parts(values)),
            "markup_join": lambda values: markup_join(_weighed_parts(values)),
        }

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        if name is None or name != self.asked:
            return super()._generate(bound(source, self), name, filename, defer_init)
        found = list(source.find_all((nodes.Name, nodes.If)))
        lines = _lines_of(found)
        names: set[str] | None = None
        if sets_in_branches(one for one in found if isinstance(one, nodes.If)):
            names = undeclared_names(source, self)
        code = super()._generate(bound(source, self), name, filename, defer_init)
        self.uses = _uses((self.taken if names is None else names) - set(self.globals), lines)
        return code

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """What two values give, if that is not too large."""
        check_operation(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """`format` of a text, with bounds to how wide it writes."""
        found = super().wrap_str_format(value)
        if found is None:
            return None
        pattern = str(value.__self__)

        @wraps(found)
        def checked(*args: Any, **kwargs: Any) -> str:
            check_format(pattern, args, kwargs)
            return found(*args, **kwargs)

        return checked

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The attribute, or an Unknown."""
        if attribute in VIEWS.get(type(obj), ()):
            return getattr(obj, attribute)
        if isinstance(obj, SymbolicText):
            obj.need()
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The item or attribute, or an Unknown."""
        if isinstance(obj, SymbolicText):
            obj.need()
        return super().getitem(obj, argument)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What a macro, method or function gives; a text keeps the slots that were printed."""
        check_method(obj, args, kwargs)
        for value in args:
            self.budget.weighed(value)
        found = super().call(context, obj, *args, **kwargs)
        if self.symbolic_values is not None and isinstance(found, str):
            return self.symbolic_values.captured(found)
        return found


class TemplateFiles:
    """One template's files, compiled when first used. For one thread at a time while compiling.

    With `stand_ins`, what is rendered keeps slots for their values.
    """

    def __init__(
        self, name: str, sources: Mapping[str, str], symbolic_values: SymbolicValues | None = None
    ) -> None:
        self.name = name
        self.sources = sources
        self._environment = new_environment(symbolic_values)
        self._environment.loader = FunctionLoader(self._load)

    def compile(self, file: str, known: Collection[str]) -> Template:
        """The file, ready to be rendered with values for the `known` names.

        Raises TemplateFailed if it is missing, misspelt, or prints a name that is not known.
        """
        problems = self.problems(file, known)
        if problems:
            raise TemplateFailed(problems[0])
        return self._environment.get_template(file)

    def problems(self, file: str, known: Collection[str]) -> list[str]:
        """What can be said against a file without rendering it, in the order of its lines."""
        if file not in self.sources:
            advice = did_you_mean(file, self.sources)
            return [f"{place(self.name, file)}: missing - {advice}"]
        try:
            used = self._names_used(file)
        except TemplateSyntaxError as error:
            return [self._syntax(error)]
        except UNREADABLE as error:
            return [f"{place(self.name, file)}: {why_unreadable(error)}"]
        return [
            f"{place(self.name, file, line)}: unknown name '{name}' - {did_you_mean(name, known)}"
            for name, line in used
            if name not in known
        ]

    def render(self, template: Template, context: Mapping[str, Any]) -> str:
        """Fill in a compiled file. Raises TemplateFailed with file and line, and NeedsValue."""
        self._environment.budget.begin()
        try:
            return template.render(context)
        except (DispatchError, NeedsValue):
            raise
        except TemplateSyntaxError as error:  # in a file that is included
            raise TemplateFailed(self._syntax(error)) from error
        except Exception as error:
            where = self._where(error.__traceback__) or place(self.name, str(template.name))
            raise TemplateFailed(f"{where}: {self._reason(error)}") from error

    def _names_used(self, file: str) -> "Uses":
        """Compile a file; the names that it takes from outside, in the order of lines."""
        environment, source = self._environment, self.sources[file]
        environment.asked, environment.uses = file, None
        environment.get_template(file)
        used = _USES.get((file, source)) if environment.uses is None else environment.uses
        if used is None:  # its code was remembered
            used = _names_used(source, file, place(self.name, file))
        _USES[file, source] = used
        while len(_USES) > KEPT:
            with suppress(KeyError, RuntimeError):  # another thread was there first
                del _USES[next(iter(_USES))]
        return used

    def _load(self, file: str) -> tuple[str, str, None] | None:
        source = self.sources.get(file)
        return None if source is None else (source, place(self.name, file), None)

    def _where(self, trace: TracebackType | None) -> str:
        # Jinja2 has put the template's own names and lines into the traceback.
        found = ""
        prefix = place(self.name, "x")[:-1]
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if file.startswith(prefix):
                found = f"{file}:{trace.tb_lineno}"
            trace = trace.tb_next
        return found

    def _reason(self, error: Exception) -> str:
        if isinstance(error, TemplateNotFound):
            return f"includes '{error.name}' - {did_you_mean(str(error.name), self.sources)}"
        if isinstance(error, TemplateError):
            return error.message or "cannot be rendered"
        if isinstance(error, RecursionError):
            return "includes or calls itself without end"
        if isinstance(error, UNREADABLE):  # of a file that is included
            return why_unreadable(error)
        return f"cannot be rendered ({type(error).__name__}: {error})"

    def _syntax(self, error: TemplateSyntaxError) -> str:
        where = place(self.name, error.name or "", error.lineno)
        message = error.message or "cannot be read"
        if missing := _NO_FILTER.match(message):
            kind, name = missing.groups()
            known = self._environment.filters if kind == "filter" else self._environment.tests
            return f"{where}: unknown {kind} '{name}' - {did_you_mean(name, known)}"
        if left_open := _LEFT_OPEN.search(message):
            name = left_open[1]
            return f"{where}: '{name}' is never closed - add {{% end{name} %}}"
        return f"{where}: {message.rstrip('.')} - check the braces and tags near it"


Uses = tuple[tuple[str, int], ...]
"""Names that a file takes from outside, each with its first line, in the order of lines."""

_USES: dict[tuple[str, str], Uses] = {}  # by a file's name and text


def _names_used(source: str, file: str, where: str) -> Uses:
    environment = new_environment()
    tree = environment.parse(source, file, where)
    lines = _lines_of(tree.find_all(nodes.Name))
    return _uses(undeclared_names(tree, environment) - set(environment.globals), lines)


def _lines_of(found: Iterable[nodes.Node]) -> dict[str, int]:
    """The first line in which each name is read."""
    names = [one for one in found if isinstance(one, nodes.Name) and one.ctx == "load"]
    return {name.name: name.lineno for name in reversed(names)}


def _uses(taken: Collection[str], lines: Mapping[str, int]) -> Uses:
    uses = [(name, line) for name, line in lines.items() if name in taken]
    return tuple(sorted(uses, key=lambda use: use[1]))


UNREADABLE = (RecursionError, MemoryError, SyntaxError, OverflowError, ValueError)
"""What Jinja2 and Python raise over what they cannot compile, besides what they say is wrong."""


def why_unreadable(error: BaseException) -> str:
    """What a person is told about one of those."""
    if isinstance(error, ValueError | OverflowError):
        return f"cannot be read ({error}) - correct it"
    if isinstance(error, MemoryError):
        return "takes too much memory, or is nested too deeply - split it into parts"
    return "is nested too deeply - split it into parts"


def _weighed_parts(values: Iterable[Any]) -> list[Any]:
    values = list(values)
    check_text(sum(len(one) if isinstance(one, str) else weigh(one) for one in values))
    return values


def new_environment(symbolic_values: SymbolicValues | None = None) -> Sandbox:
    """A sandbox without chance: what was approved is rendered the same every time."""
    environment = Sandbox(
        autoescape=lambda file: file is not None and file.endswith(".mjml"),
        undefined=Unknown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_PLAIN if symbolic_values is None else _SYMBOLIC,
    )
    del environment.globals["lipsum"]
    del environment.filters["random"]
    environment.filters.update(bounded_filters(FILTERS))
    if symbolic_values is not None:
        environment.symbolic_values = symbolic_values
        keep_placeholders(environment, symbolic_values)
    return environment


def _names_of(holder: object) -> list[str]:
    if is_dataclass(holder):
        return [field.name for field in fields(holder)]
    return list(holder) if isinstance(holder, NamedTexts) else []
