"""Every operation of the API: each noun has its own, in a file of its name."""

from dispatch.web.api import audit, me, people, runs, tokens
from dispatch.web.api.editions import decisions, deliveries, edits, listed, previews, sending
from dispatch.web.api.operation import Operation
from dispatch.web.api.readers import operations as readers

OPERATIONS: tuple[Operation, ...] = (
    *me.OPERATIONS,
    *tokens.OPERATIONS,
    *listed.OPERATIONS,
    *previews.OPERATIONS,
    *edits.OPERATIONS,
    *decisions.OPERATIONS,
    *sending.OPERATIONS,
    *deliveries.OPERATIONS,
    *runs.OPERATIONS,
    *people.OPERATIONS,
    *audit.OPERATIONS,
    *readers.OPERATIONS,
)
