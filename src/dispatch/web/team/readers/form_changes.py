"""What the page of a public form says, as changes of schedules.yaml; the file's own way is kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dispatch.config.splice.change import Change, Put
from dispatch.config.workspace import Workspace
from dispatch.model.people.form import KNOWN_FIELDS, Confirm
from dispatch.pipeline.workspace.plan_forms import standing_ones

TEXTS = ("title", "about", "consent", "privacy", "remind")
SHOWN = (*TEXTS, "audiences", "fields", "confirm", "welcome", "return")
"""Keys that the page has a field for; the others stay as they are."""


def changes_of(
    name: str, posted: "Posted", forms: Mapping[str, Any] | None, workspace: Workspace
) -> list[Change]:
    """The form as it was filled in.

    Where the file says nothing of forms, each audience has one. They are written, too: what stands
    in the file is all there is.
    """
    others = [] if forms is not None else standing_ones(workspace, without=name)
    before = (forms or {}).get(name)
    return [
        *others,
        Put(("forms", name), _keys(posted, before if isinstance(before, dict) else {})),
    ]


class Posted:
    """The fields of the page: `one` gives a text, `many` all texts of one name or None."""

    def __init__(
        self,
        one: Callable[[str], str],
        many: Callable[[str], Iterable[str] | None],
        *,
        welcome: bool,
    ) -> None:
        self.one = one
        self._many = many
        self.welcome = welcome

    def many(self, name: str) -> list[str]:
        """All texts of one name, each once."""
        return list(dict.fromkeys(self._many(name) or ()))


def _keys(posted: Posted, before: Mapping[str, Any]) -> dict[str, Any]:
    keys = {name: value for name, value in before.items() if name not in SHOWN}
    said: dict[str, Any] = {name: posted.one(name) for name in TEXTS}
    said["audiences"] = posted.many("audiences")
    said["fields"] = _fields(posted, _as_list(before.get("fields")))
    said["return"] = posted.one("return").split()
    said["welcome"] = (before.get("welcome") or "yes") if posted.welcome else ""
    confirm = posted.one("confirm")
    said["confirm"] = confirm if confirm != Confirm.DOUBLE or "confirm" in before else ""
    order = [*before, *(name for name in said if name not in before)]
    return {name: value for name in order if (value := said[name] if name in said else keys[name])}


def _fields(posted: Posted, before: Sequence[Any]) -> list[Any]:
    """Those that are ticked, as the file has them, then what is new."""
    ticked = posted.many("fields")
    written = {field_name(one): one for one in before}
    ordered = [
        *(one for one in written if one in ticked),
        *(one for one in ticked if one not in written),
    ]
    found = [_with_choices(one, written.get(one, one), posted) for one in ordered]
    if own := posted.one("own_name"):
        label = posted.one("own_label")
        found.append({own: {"label": label}} if label else own)
    return found


def _with_choices(name: str, written: Any, posted: Posted) -> Any:
    if name != "topics":
        return written
    choices = [one.strip() for one in posted.one("topics").split("|") if one.strip()]
    about = dict(written[name]) if isinstance(written, dict) else {}
    about.pop("choices", None)
    if choices:
        about["choices"] = choices
    return {name: about} if about else name


def field_name(written: Any) -> str:
    """The name of a field, however the file writes it."""
    if isinstance(written, dict) and len(written) == 1:
        return str(next(iter(written)))
    return str(written)


def known_names(names: Iterable[str]) -> list[str]:
    """The names of fields to choose from: ours, then those of the team that there are."""
    return [*KNOWN_FIELDS, *(one for one in names if one not in KNOWN_FIELDS)]


def _as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
