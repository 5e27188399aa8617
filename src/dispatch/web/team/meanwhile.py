"""What people are shown of schedules.yaml where it changed after a form was made from it."""

from dispatch.pipeline.workspace.write_plan import diff
from dispatch.web.team.visit import Visit


def lines_since(visit: Visit, fingerprint: str) -> list[str]:
    """How the file differs from what it said then; empty where nobody knows that any more."""
    texts = visit.app.texts
    before = texts.known(fingerprint)
    return diff(before, texts.plan.text, 1) if before is not None else []
