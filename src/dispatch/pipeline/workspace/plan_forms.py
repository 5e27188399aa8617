"""Forms as schedules.yaml writes them: where it says nothing of any, each audience has one."""

from collections.abc import Mapping
from typing import Any

from dispatch.config.splice.change import Change, Put, Remove
from dispatch.config.workspace import Workspace
from dispatch.yaml_text import YamlUnreadable, read_once


def written_forms(text: str) -> dict[str, Any] | None:
    """What the file says of forms, as it is written; None where it says nothing of any."""
    try:
        tree = read_once(text).tree
    except YamlUnreadable:
        return None
    forms = tree.get("forms") if isinstance(tree, dict) else None
    return forms if isinstance(forms, dict) else None


def removal_of(name: str, forms: Mapping[str, Any] | None, workspace: Workspace) -> list[Change]:
    """The form goes. The last one leaves a file that says that there are none."""
    left = [one for one in workspace.forms if one != name]
    if not left:
        return [Put(("forms",), {})]
    if forms is None:
        return standing_ones(workspace, without=name)
    return [Remove(("forms", name))]


def standing_ones(workspace: Workspace, *, without: str) -> list[Change]:
    """What writes down the forms that audiences have without being written."""
    return [
        Put(("forms", form.name), {"audiences": list(form.audiences)})
        for form in workspace.forms.values()
        if form.name != without
    ]
