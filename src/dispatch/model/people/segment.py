"""Segments as messages show them; what they say is known in `render/templates/segment.py`."""

from dispatch.model.text.plain_text import quoted

MOST_SHOWN = 200


def shown_segment(expression: str) -> str:
    """A segment as messages show it."""
    return f"segment {quoted(expression, most=MOST_SHOWN)}"
