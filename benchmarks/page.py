"""docs/performance.md: the block of it that a measurement writes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import from_json, table

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN = "<!-- figures: written by `python -m benchmarks --page`, do not edit -->\n"
END = "<!-- end of figures -->\n"


def with_figures(text: str, report: Mapping[str, Any]) -> str:
    """The page with the figures of a report between its marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("performance.md: the marks around the figures are gone - restore them")
    return f"{before}{BEGIN}\n{_block(report)}\n{END}{after}"


def _block(report: Mapping[str, Any]) -> str:
    on, options = report["machine"], report["options"]
    where = (
        f"Taken on {report['date'][:10]}: {on['cores']} cores ({on['processor']}), "
        f"{on['kernel']}, Python {on['python']}, SQLite {on['sqlite']}; {on['network']}; "
        f"{options['mails']:,} mails, {options['rounds']} rounds; fast sink: {options['sink']}."
    )
    return f"{where}\n\n{table(from_json(report))}\n{_details(report)}"


def _details(report: Mapping[str, Any]) -> str:
    lines = [
        f"- {row['title']}: " + ", ".join(map(_detail, row["details"].items()))
        for row in report["figures"]
        if row["details"]
    ]
    return "What they were made of, medians:\n\n" + "\n".join(lines) + "\n" if lines else ""


def _detail(detail: tuple[str, Any]) -> str:
    name, value = detail
    shown = f"{value:,}" if isinstance(value, int | float) else str(value)
    return f"{name.replace('_us', ' µs').replace('_mb', ' MB').replace('_', ' ')} {shown}"
