"""Every operation of the API: each noun has its own, in a file of its name."""

from dispatch.web.api import me, tokens
from dispatch.web.api.editions import decisions
from dispatch.web.api.operation import Operation
from dispatch.web.api.readers import (
    audiences,
    changes,
    events,
    exports,
    imports,
    subscribers,
    suppressions,
)

OPERATIONS: tuple[Operation, ...] = (
    *me.OPERATIONS,
    *tokens.OPERATIONS,
    *decisions.OPERATIONS,
    *subscribers.OPERATIONS,
    *changes.OPERATIONS,
    *imports.OPERATIONS,
    *suppressions.OPERATIONS,
    *exports.OPERATIONS,
    *events.OPERATIONS,
    *audiences.OPERATIONS,
)
