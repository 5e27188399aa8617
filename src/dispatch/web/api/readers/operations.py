"""All operations about those who are written to."""

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
    *subscribers.OPERATIONS,
    *changes.OPERATIONS,
    *imports.OPERATIONS,
    *suppressions.OPERATIONS,
    *exports.OPERATIONS,
    *events.OPERATIONS,
    *audiences.OPERATIONS,
)
