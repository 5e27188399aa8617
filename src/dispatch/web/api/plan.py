"""How operations change schedules.yaml: as the pages do, and one way for all of them."""

from collections.abc import Callable, Sequence
from typing import Any

from dispatch.config.files.problems import FileProblem
from dispatch.config.files.text_file import TextFile
from dispatch.config.splice.change import Change
from dispatch.errors import BadInput, NotFound, Problem
from dispatch.web.api.answers import Answer, changed_tags
from dispatch.web.api.call import Call
from dispatch.web.api.shapes.plan import ChangeQuery, Keys, PlanChanged


def plan_of(call: Call) -> TextFile:
    """schedules.yaml as it is, read once for a call; raises BadInput."""
    return call.once("plan", lambda: call.app.texts.plan)


def plan_tag(call: Call) -> str:
    """The ETag of all that schedules.yaml says: its fingerprint, as forms of the pages have it."""
    return plan_of(call).fingerprint


def seen_plan(call: Call) -> dict[str, str]:
    """The header by which a resource of the file says from which text of the file it is.

    What changes one is written only where the file still is so. It is no tag of the whole answer,
    part of which is from the database: nobody is told "not modified" by it.
    """
    return {"ETag": f'"{plan_tag(call)}"'}


def entry_of(call: Call, kind: str, name: str) -> Keys:
    """What the file says of a feed, a channel and so on, as it is written; raises NotFound."""
    found = call.app.texts.written(plan_of(call), kind, name)
    if not isinstance(found, dict):
        raise NotFound(f"{kind.removesuffix('s')} {name}: not in schedules.yaml - see the list")
    return found


def merged(before: Any, patch: Keys) -> Keys:
    """What keys say after a merge patch (RFC 7396): null takes a key out.

    >>> merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": None}, "d": 4})
    {'a': {'c': 2}, 'd': 4}
    """
    found = dict(before) if isinstance(before, dict) else {}
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, dict):
            found[key] = merged(found.get(key), value)
        else:
            found[key] = value
    return found


def change_plan(
    call: Call,
    changes: Sequence[Change],
    *,
    name: str,
    act: str,
    kind: str,
    place: str = "",
    is_new: bool = False,
    after: Callable[[], None] | None = None,
    **detail: Any,
) -> Answer:
    """Write changes, or only look at them where the call says so.

    Problems of keys below `place`, such as `feeds.blog`, are told by the rest of the key: that is
    the field of the body. The file must be as the call has read it. What `is_new` is told with
    where to find it; `after` is done once it is written.
    """
    texts, seen = call.app.texts, plan_tag(call)
    try:
        draft = texts.look(changes, seen=seen)
        only = isinstance(call.asked, ChangeQuery) and call.asked.try_only
        written, changed = False, {}
        if not only and draft.changed:
            done = texts.change_plan(
                changes, by=call.by, seen=seen, act=act, kind=kind, subject=name, **detail
            )
            written = True
            call.again("plan", done.after)
            changed = changed_tags((seen, plan_tag(call)))
            if after:
                after()
    except BadInput as error:
        raise at_fields(error, place) from error
    headers = seen_plan(call) | changed
    if is_new and written:
        headers |= call.found_at(f"{kind}s", name)
    model = PlanChanged(
        name=name,
        changed=draft.changed,
        written=written,
        fingerprint=plan_tag(call),
        diff=draft.diff(),
    )
    return Answer(model, headers=headers)


def at_fields(error: BadInput, place: str) -> BadInput:
    """The same problems, each by the field of the body that it is about."""
    return BadInput([_at_field(one, place) for one in error.problems])


def _at_field(problem: Problem, place: str) -> Problem:
    if not isinstance(problem, FileProblem) or not problem.key:
        return problem
    key = problem.key.removeprefix(f"{place}.") if place else problem.key
    if key == place:
        key = place.rpartition(".")[2]
    said = f"{problem.problem} - {problem.advice}" if problem.advice else problem.problem
    return f"{key}: {said}"
