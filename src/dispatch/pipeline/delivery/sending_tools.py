"""What every worker works with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from dispatch.clock import Clock
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.state import Settlement
from dispatch.pipeline.delivery.settle import WindowOf
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.workspace.guard import Guard
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Store


@dataclass(frozen=True, slots=True)
class SendingTools:
    """The tools of a worker, handed in by whoever starts it.

    `keep_going` is asked between chunks. `wait` pauses for some seconds, or less when it is time to
    stop. `progress` is called with the number of deliveries that have just ended, and `refused`
    with those that were refused, once that is written down. `took` hears of each batch that is
    in our hands from then on.
    """

    store: Store
    guard: Guard
    links: SignedLinks
    renderer: Renderer
    clock: Clock
    lease: timedelta
    window_of: WindowOf
    keep_going: Callable[[], bool]
    wait: Callable[[float], object]
    progress: Callable[[int], None]
    refused: Callable[[Sequence[Settlement]], object] = lambda _: None
    took: Callable[[Batch], object] = lambda _: None
