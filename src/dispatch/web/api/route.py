"""Where an operation is answered: by its gate, and not by FastAPI's own reading."""

from starlette.routing import Match, Route
from starlette.types import Scope

from dispatch.web.api.gate import guarded
from dispatch.web.api.operation import Operation


class OperationRoute(Route):
    """The address of an operation."""

    def __init__(self, operation: Operation) -> None:
        self._begins = operation.path.partition("{")[0]
        methods, name = [operation.method], operation.name
        super().__init__(operation.path, guarded(operation), methods=methods, name=name)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether it is asked for; most are told apart by how their address begins."""
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        if not path.startswith(self._begins):
            return Match.NONE, {}
        return super().matches(scope)
