"""What is changed in the code: operators of Cosmic Ray, and some of our own for what it lacks.

Its operators know nothing of conditions that are written with SQLAlchemy, nor of our states.
"""

from collections.abc import Iterator

import parso
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from parso.python.tree import ExprStmt, Name, PythonNode, ReturnStmt
from parso.tree import NodeOrLeaf

_COMPARISONS = (
    *("Eq_NotEq", "Eq_LtE", "Eq_GtE", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt"),
    *("Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt", "Is_IsNot", "IsNot_Is"),
)
_ARITHMETIC = ("Add_Sub", "Sub_Add", "Div_Mul", "Mod_Mul")
_OTHERS = (
    *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr"),
    *("ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
    *("NumberReplacer", "ZeroIterationForLoop"),
    *("ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_USub_UAdd"),
)
_NEUTRAL = {"where": "sa.true()", "and_": "sa.true()", "or_": "sa.false()"}
_TURNED = {"and_": "or_", "or_": "and_"}
_STATES = {
    "DeliveryState": ("PENDING", "SENDING", "ACCEPTED", "REFUSED", "FAILED", "UNKNOWN"),
    "EditionState": ("SENDING", "PAUSED"),
    "SubscriptionState": ("ACTIVE", "ENDED"),
    "On": ("RETRY", "TAKEN", "LOST", "GAVE_UP", "TURNED_DOWN"),
}
_WITH_PARTS = frozenset({"values", "Settlement", "Stop"})
_PREPARED = "statement"  # whose `values` all have to be there

Place = tuple[tuple[int, int], tuple[int, int]]


class _Ours(Operator):
    """One change at most for a node."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Place]:
        if self.fits(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        return parso.parse(node.get_first_leaf().prefix + self.instead(node))

    def fits(self, node: NodeOrLeaf) -> bool:
        raise NotImplementedError

    def instead(self, node: NodeOrLeaf) -> str:
        raise NotImplementedError

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class Divide(get_operator("core/ReplaceBinaryOperator_Mul_Div")):
    """`a * b` is `a / b`; the star among parameters stays."""

    def mutation_positions(self, node):
        if node.parent is not None and node.parent.type == "term":
            yield from super().mutation_positions(node)


class DropCondition(_Ours):
    """A condition among others, or alone: as if it were not there."""

    def fits(self, node):
        return node.type != "operator" and _is_argument(node) and _called(node) in _NEUTRAL

    def instead(self, node):
        return _NEUTRAL[_called(node)]


class TurnConnective(_Ours):
    """`sa.and_` is `sa.or_`, and the other way round."""

    def fits(self, node):
        return isinstance(node, Name) and node.value in _TURNED

    def instead(self, node):
        return _TURNED[node.value]


class AnotherState(_Ours):
    """Another member of an enum."""

    def fits(self, node):
        return isinstance(node, Name) and _enum_of(node) in _STATES

    def instead(self, node):
        members = _STATES[_enum_of(node)]
        place = members.index(node.value) if node.value in members else -1
        return members[(place + 1) % len(members)]


class DropPart(Operator):
    """One of the named parts of an outcome, or of what an UPDATE writes, is not given."""

    def mutation_positions(self, node):
        for part in self._parts(node):
            yield part.start_pos, part.end_pos

    def mutate(self, node, index):
        place = node.children.index(self._parts(node)[index])
        del node.children[place : place + 2]  # with the comma, where one follows
        return node

    def _parts(self, node):
        if node.type != "arglist" or _name_before(node.parent) not in _WITH_PARTS:
            return []
        if node.parent.get_previous_sibling().get_previous_leaf().value == _PREPARED:
            return []
        return [one for one in node.children if one.type == "argument" and _is_named(one)]

    @classmethod
    def examples(cls):
        return ()


class DropStatement(_Ours):
    """A call for its effect, or an assignment to what outlives the function, is left out."""

    def fits(self, node):
        if node.parent is None or node.parent.type != "simple_stmt":
            return False
        if isinstance(node, ExprStmt):
            target, sign = node.children[:2]
            return target.type != "name" or getattr(sign, "value", "=") != "="
        return _is_call(node)

    def instead(self, node):
        return "pass"


class CatchNothing(_Ours):
    """What is raised there goes up."""

    def fits(self, node):
        before = node.get_previous_sibling()
        return (
            node.parent is not None and node.parent.type == "except_clause" and before == "except"
        )

    def instead(self, node):
        return "()"


class ReturnNothing(_Ours):
    """`return` with nothing."""

    def fits(self, node):
        return isinstance(node, ReturnStmt) and node.children[1].get_code().strip() != "None"

    def instead(self, node):
        return "return None"


def _is_argument(node: NodeOrLeaf) -> bool:
    parent = node.parent
    if parent is None or node.type == "argument":
        return False
    return parent.type == "arglist" or (parent.type == "trailer" and parent.children[0] == "(")


def _called(node: NodeOrLeaf) -> str:
    """The name of the function that an argument is for."""
    arguments = node.parent
    return _name_before(arguments if arguments.type == "trailer" else arguments.parent)


def _name_before(trailer: NodeOrLeaf | None) -> str:
    if trailer is None or trailer.type != "trailer" or trailer.children[0] != "(":
        return ""
    return trailer.get_previous_leaf().value


def _enum_of(node: Name) -> str:
    dot = node.get_previous_leaf()
    if dot is None or dot.value != "." or not node.value.isupper():
        return ""
    return dot.get_previous_leaf().value


def _is_named(argument: PythonNode) -> bool:
    return isinstance(argument.children[0], Name) and argument.children[1] == "="


def _is_call(node: NodeOrLeaf) -> bool:
    return node.type == "atom_expr" and node.children[-1].get_first_leaf() == "("


OPERATORS: tuple[type[Operator], ...] = (
    *(get_operator(f"core/ReplaceComparisonOperator_{name}") for name in _COMPARISONS),
    *(get_operator(f"core/ReplaceBinaryOperator_{name}") for name in _ARITHMETIC),
    *(get_operator(f"core/{name}") for name in _OTHERS),
    *(
        DropCondition,
        TurnConnective,
        AnotherState,
        DropPart,
        DropStatement,
        CatchNothing,
        ReturnNothing,
    ),
)
