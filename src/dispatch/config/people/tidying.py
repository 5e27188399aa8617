"""A cell as it is meant, without what files have around it."""

from dispatch.config.csv.formulas import unguarded


def tidy(written: str) -> str:
    """A cell without the spaces around it, and without our guard against formulas."""
    cell = written.strip()
    return unguarded(cell) if "'" in cell else cell
