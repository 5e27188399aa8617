"""Compiled templates that count: each turn of a loop, each macro and file, and what is kept."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Environment
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.meta import TrackingCodeGenerator

if TYPE_CHECKING:
    from jinja2.optimizer import Optimizer

TURN, WEIGHED = "turn", "weighed"
"""The environment's methods that the code calls."""

_BOUNDED = (nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block, nodes.Assign, nodes.With)


class _NothingReckonedOut:
    """Code for which nothing is reckoned out while it is made, where our bounds do not hold yet."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.optimizer: Optimizer | None = None

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        made = super()._output_child_to_const(node, frame, finalize)  # type: ignore[misc]
        return cast("str", made)


class BoundedCode(_NothingReckonedOut, CodeGenerator):
    """Makes the code of templates, and leaves in `environment.taken` the names it looks up."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._taken: set[str] = set()
        self.environment.taken = self._taken  # type: ignore[attr-defined]

    def enter_frame(self, frame: Frame) -> None:
        """Note what the frame looks up outside, as Jinja2's own `TrackingCodeGenerator` does."""
        super().enter_frame(frame)
        self._taken |= {
            name
            for action, name in frame.symbols.loads.values()
            if action == VAR_LOAD_RESOLVE and name is not None
        }


class _Names(_NothingReckonedOut, TrackingCodeGenerator):
    """Makes none, and notes the names."""


def undeclared_names(tree: nodes.Template, environment: Environment) -> set[str]:
    """The names that a template looks up and does not set itself, not even in one branch.

    The tree is as it was afterwards.
    """
    without: list[tuple[nodes.Node, str, list[nodes.Node]]] = []
    _set_before_branches(tree, without)
    names = _Names(environment)
    names.visit(tree)
    for node, key, value in without:
        setattr(node, key, value)
    return names.undeclared_identifiers


def sets_in_branches(branches: Iterable[nodes.If]) -> bool:
    """Whether names are set in some branches only, which Jinja2 takes for names from outside."""
    return any(map(_set_in, branches))


def _set_before_branches(
    node: nodes.Node, without: list[tuple[nodes.Node, str, list[nodes.Node]]]
) -> None:
    """Have each name that only some branches of an `if` set be set before it.

    Jinja takes such a name for one that is looked up outside, also where the same branch uses it.
    """
    for key, value in node.iter_fields():
        if isinstance(value, list) and key != "elif_":
            parts: list[nodes.Node] = []
            for one in value:
                if isinstance(one, nodes.If):
                    parts += [_unset(name, one.lineno) for name in sorted(_set_in(one))]
                parts.append(one)
            if len(parts) > len(value):
                without.append((node, key, value))
                setattr(node, key, parts)
    for child in node.iter_child_nodes():
        _set_before_branches(child, without)


def _set_in(branches: nodes.If) -> set[str]:
    found: set[str] = set()
    for one in (*branches.body, *branches.elif_, *branches.else_):
        if isinstance(one, nodes.If):
            found |= _set_in(one)
        elif isinstance(one, nodes.Assign | nodes.AssignBlock):
            targets = [one.target, *one.target.find_all(nodes.Name)]
            found |= {name.name for name in targets if isinstance(name, nodes.Name)}
        elif isinstance(one, nodes.Macro):
            found.add(one.name)
        elif isinstance(one, nodes.Import):
            found.add(one.target)
        elif isinstance(one, nodes.FromImport):
            found |= {name if isinstance(name, str) else name[1] for name in one.names}
    return found


def _unset(name: str, line: int) -> nodes.Assign:
    return nodes.Assign(nodes.Name(name, "store"), nodes.Const(None), lineno=line)


def bound(tree: nodes.Template, environment: Environment) -> nodes.Template:
    """Have the code that is made of a template ask, wherever it could go on and on."""
    for node in list(tree.find_all(_BOUNDED)):
        _bound_one(node)
    if not any(isinstance(one, nodes.Extends) for one in tree.body):
        tree.body.insert(0, nodes.ExprStmt(_ask(TURN, tree), lineno=1))
    tree.set_environment(environment)
    return tree


def _bound_one(node: nodes.Node) -> None:
    if isinstance(node, nodes.Assign):
        node.node = _ask(WEIGHED, node, node.node)
    elif isinstance(node, nodes.With):
        node.values = [_ask(WEIGHED, node, value) for value in node.values]
    elif isinstance(node, nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block):
        if isinstance(node, nodes.For) and node.test is not None:  # for what the loop passes over
            node.test = nodes.And(_ask(TURN, node), node.test, lineno=node.lineno)
        node.body.insert(0, nodes.ExprStmt(_ask(TURN, node), lineno=node.lineno))


def _ask(method: str, near: nodes.Node, *args: nodes.Node) -> nodes.Call:
    asked = nodes.EnvironmentAttribute(method, lineno=near.lineno)
    return nodes.Call(asked, list(args), [], None, None, lineno=near.lineno)
