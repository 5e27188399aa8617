"""Every operation of the API: each noun has its own, in a file of its name."""

from dispatch.web.api import me, tokens
from dispatch.web.api.editions import decisions
from dispatch.web.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *me.OPERATIONS,
    *tokens.OPERATIONS,
    *decisions.OPERATIONS,
)
