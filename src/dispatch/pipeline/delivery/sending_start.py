"""Starts `sending_child.py` without what nobody needs there."""

import gc
import sys

# structlog loads it for its colours, wherever it is installed: 6 MB of a process that has no log.
sys.modules["rich"] = None  # type: ignore[assignment]

gc.disable()  # what is imported is never garbage, and looking for some takes a tenth of the start

if __name__ == "__main__":
    from dispatch.pipeline.delivery.sending_child import main

    main()
