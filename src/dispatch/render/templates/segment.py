"""A rule that picks some subscribers of an audience, written as an expression."""

import re
from collections.abc import Callable, Collection
from typing import Any

from jinja2.exceptions import TemplateError

from dispatch.errors import TemplateFailed
from dispatch.model.people.segment import shown_segment
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.people.topics import topics_of
from dispatch.model.text.suggestions import did_you_mean
from dispatch.render.templates.bounded_code import undeclared_names
from dispatch.render.templates.bounds import TooMuch
from dispatch.render.templates.context import Fields
from dispatch.render.templates.environment import UNREADABLE, new_environment, why_unreadable

"""Characters of an expression that messages show."""

_TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")
_ONE_EQUALS_SIGN = re.compile(r"(?<![=!<>])=(?!=)")

NAMES = frozenset({"email", "name", "locale", "timezone", "topics", "cadence", "fields"})


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
    where = shown_segment(expression)
    try:
        answer = environment.compile_expression(expression, undefined_to_none=False)
        tree = environment.parse("{{ (" + expression + ") }}")
        names = undeclared_names(tree, environment)
    except TemplateError as error:
        raise TemplateFailed(f"{where}: {_why_not_read(expression, error)}") from error
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


def _values(subscriber: Subscriber, fields: Collection[str]) -> dict[str, Any]:
    own = {name: subscriber.fields.get(name, "") for name in fields}
    return own | {
        "email": subscriber.email,
        "name": subscriber.name,
        "locale": subscriber.locale,
        "timezone": subscriber.timezone,
        "topics": topics_of(subscriber.topics),
        "cadence": subscriber.cadence,
        "fields": Fields(subscriber.fields),
    }


def _why_not_read(expression: str, error: TemplateError) -> str:
    if _ONE_EQUALS_SIGN.search(_TEXTS.sub("''", expression)):
        return "a single = compares nothing - write == instead, as in locale == 'fr'"
    if error.message == "chunk after expression":
        return "goes on after its end - join two rules with and, or"
    return _reason(error)


def _reason(error: Exception) -> str:
    if isinstance(error, TooMuch):
        return str(error)
    if isinstance(error, TemplateError):
        return f"{(error.message or 'cannot be read').rstrip('.')} - write it like locale == 'fr'"
    if isinstance(error, MemoryError):
        return "takes too much memory - ask for less"
    return f"cannot be answered ({error})"
