"""A rule that picks some subscribers of an audience, written as an expression."""

from collections.abc import Callable, Collection
from typing import Any

from jinja2.exceptions import TemplateError
from jinja2.meta import find_undeclared_variables

from dispatch.clock import Timer, system_timer
from dispatch.errors import TemplateFailed
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.plain_text import did_you_mean, quoted
from dispatch.render.templates.bounds import TooMuch
from dispatch.render.templates.context import Fields
from dispatch.render.templates.environment import UNREADABLE, new_environment, why_unreadable

MOST_SECONDS = 5.0
EACH_SECONDS = 0.0002
"""How long the readers of an audience may take, and each of them more: an ordinary question takes a
tenth of that."""

MOST_SHOWN = 200
"""Characters of an expression that messages show."""

NAMES = frozenset({"email", "name", "locale", "timezone", "topics", "cadence", "fields"})


class _Topics(tuple[str, ...]):
    """Topics that are found in any case: `'ia' in topics`."""

    __slots__ = ()

    def __contains__(self, topic: object) -> bool:
        return isinstance(topic, str) and topic.casefold() in map(str.casefold, self)


def compile_segment(
    expression: str, *, fields: Collection[str] = ()
) -> Callable[[Subscriber], bool]:
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
        return lambda _: True
    environment = new_environment()
    known = NAMES.union(fields)
    where = f"segment {quoted(expression, most=MOST_SHOWN)}"
    try:
        answer = environment.compile_expression(expression, undefined_to_none=False)
        tree = environment.parse("{{ (" + expression + ") }}")
        names = find_undeclared_variables(tree)
    except TemplateError as error:
        raise TemplateFailed(f"{where}: {_reason(error)}") from error
    except UNREADABLE as error:
        raise TemplateFailed(f"{where}: {why_unreadable(error)}") from error
    unknown = sorted(names - known - set(environment.globals))
    if unknown:
        advice = f"{did_you_mean(unknown[0], known)} (a column of yours is fields.{unknown[0]})"
        raise TemplateFailed(f"{where}: unknown name '{unknown[0]}' - {advice}")

    def matches(subscriber: Subscriber) -> bool:
        environment.budget.begin()
        try:
            return bool(answer(**_values(subscriber, fields)))
        except Exception as error:
            raise TemplateFailed(f"{where}: {_reason(error)}") from error

    return matches


def timed_segment(expression: str, *, timer: Timer = system_timer) -> Callable[[Subscriber], bool]:
    """The same, for a whole audience: TemplateFailed where answering takes far too long in all.

    It is asked in the middle of a transaction, which others wait for.
    """
    belongs = compile_segment(expression)
    if not expression.strip():
        return belongs
    spent = 0.0
    asked = 0

    def matches(subscriber: Subscriber) -> bool:
        nonlocal spent, asked
        begin = timer()
        found = belongs(subscriber)
        spent += timer() - begin
        asked += 1
        if spent > MOST_SECONDS + asked * EACH_SECONDS:
            shown = quoted(expression, most=MOST_SHOWN)
            raise TemplateFailed(
                f"segment {shown}: takes {spent:.0f} seconds for {asked} readers - ask for less"
            )
        return found

    return matches


def _values(subscriber: Subscriber, fields: Collection[str]) -> dict[str, Any]:
    own = {name: subscriber.fields.get(name, "") for name in fields}
    return own | {
        "email": subscriber.email,
        "name": subscriber.name,
        "locale": subscriber.locale,
        "timezone": subscriber.timezone,
        "topics": _Topics(subscriber.topics),
        "cadence": subscriber.cadence,
        "fields": Fields(subscriber.fields),
    }


def _reason(error: Exception) -> str:
    if isinstance(error, TooMuch):
        return str(error)
    if isinstance(error, TemplateError):
        return f"{(error.message or 'cannot be read').rstrip('.')} - write it like locale == 'fr'"
    return f"cannot be answered ({error})"
