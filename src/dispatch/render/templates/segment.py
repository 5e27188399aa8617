"""A rule that picks some subscribers of an audience, written as an expression."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from jinja2 import nodes
from jinja2.exceptions import TemplateError

from dispatch.errors import TemplateFailed
from dispatch.model.people.segment import NAMES, shown_segment
from dispatch.model.people.subscriber import Consent, Subscriber
from dispatch.model.people.topics import topics_of
from dispatch.model.text.suggestions import did_you_mean
from dispatch.render.templates.bounded_code import undeclared_names
from dispatch.render.templates.bounds import TooMuch
from dispatch.render.templates.context import Fields
from dispatch.render.templates.environment import UNREADABLE, new_environment, why_unreadable
from dispatch.render.templates.segment_mistakes import mistake_in
from dispatch.render.templates.segment_slips import slip_in, what_it_stands_for
from dispatch.render.templates.segment_values import Domain, Joined, NotADayError, has_of


class Picks(Protocol):
    """A question about one subscriber, and the consent by which they are a reader."""

    def __call__(self, subscriber: Subscriber, consent: Consent | None = None) -> bool:
        """Whether the segment is true of them."""


def compile_segment(expression: str, *, fields: Collection[str] = ()) -> Picks:
    """The expression as a question about one subscriber; an empty one is true for everybody.

    It sees the subscriber's own columns as `fields.city`, and by their bare names those listed in
    `fields`; a column that a person does not have is empty.

    >>> compile_segment("locale == 'fr' and 'ia' in topics")(
    ...     Subscriber(1, "ada@example.org", locale="fr", topics=("IA",))
    ... )
    True

    Raises TemplateFailed if it cannot be read or names something unknown, and the question itself
    if it cannot be answered for a person.
    """
    if not expression.strip():
        return lambda subscriber, consent=None: True  # noqa: ARG005
    environment = new_environment()
    known = NAMES.union(fields)
    where = shown_segment(expression)
    try:
        answer = environment.compile_expression(expression, undefined_to_none=False)
        tree = environment.parse("{{ (" + expression + ") }}")
        mistake = mistake_in(tree)
        names = undeclared_names(tree, environment)
    except TemplateError as error:
        raise TemplateFailed(f"{where}: {_why_not_read(expression, error)}") from error
    except UNREADABLE as error:
        raise TemplateFailed(f"{where}: {why_unreadable(error)}") from error
    if mistake:
        raise TemplateFailed(f"{where}: {mistake}")
    unknown = sorted(names - known - set(environment.globals))
    if unknown:
        raise TemplateFailed(f"{where}: unknown name {_unknown(unknown[0], tree, known)}")
    values = {name: _VALUES.get(name) or _own(name) for name in names & known}

    def matches(subscriber: Subscriber, consent: Consent | None = None) -> bool:
        environment.budget.begin()
        try:
            said = {name: value(subscriber, consent) for name, value in values.items()}
            return bool(answer(**said))
        except Exception as error:
            raise TemplateFailed(f"{where}: {_reason(error)}") from error

    return matches


def _unknown(name: str, tree: nodes.Template, known: Collection[str]) -> str:
    if advice := what_it_stands_for(name, tree):
        return f"'{name}' - {advice}"
    return f"'{name}' - {did_you_mean(name, known)} (a column of yours is fields.{name})"


_Value = Callable[[Subscriber, Consent | None], Any]

_VALUES: Mapping[str, _Value] = {
    "email": lambda subscriber, _: subscriber.email,
    "name": lambda subscriber, _: subscriber.name,
    "locale": lambda subscriber, _: subscriber.locale,
    "timezone": lambda subscriber, _: subscriber.timezone,
    "topics": lambda subscriber, _: topics_of(subscriber.topics),
    "cadence": lambda subscriber, _: subscriber.cadence,
    "domain": lambda subscriber, _: Domain.of(subscriber.email),
    "fields": lambda subscriber, _: Fields(subscriber.fields),
    "has": lambda subscriber, _: has_of(subscriber),
    "joined": lambda _, consent: Joined(consent.at if consent else None),
    "source": lambda _, consent: consent.source if consent else "",
}
"""What each name is of one person; only those that a segment names are made."""


def _own(name: str) -> _Value:
    return lambda subscriber, _: subscriber.fields.get(name, "")


def _why_not_read(expression: str, error: TemplateError) -> str:
    if found := slip_in(expression):
        return found
    if error.message == "chunk after expression":
        return "goes on after its end - join two rules with and, or"
    return _reason(error)


def _reason(error: Exception) -> str:
    if isinstance(error, TooMuch | NotADayError):
        return str(error)
    if isinstance(error, TemplateError):
        return f"{(error.message or 'cannot be read').rstrip('.')} - write it like locale == 'fr'"
    if isinstance(error, MemoryError):
        return "takes too much memory - ask for less"
    return f"cannot be answered ({error}) - write it like locale == 'fr'"
