"""Charts as SVG, each with a sentence for who cannot see it."""

from collections.abc import Sequence

from markupsafe import Markup

LEAST_SHARE = 0.6
"""Of a bar's hundred: what is there is to be seen."""


def stack(parts: Sequence[tuple[str, int]], label: str, cls: str = "") -> Markup:
    """A bar of shares: `parts` are moods and numbers."""
    total = sum(number for _, number in parts) or 1
    x, rects = 0.0, Markup()
    for mood, number in parts:
        width = max(100 * number / total, LEAST_SHARE) if number else 0.0
        rects += Markup('<rect class="f-{}" x="{:.2f}" width="{:.2f}" height="6"/>').format(
            mood, x, width
        )
        x += width
    return Markup(
        '<svg class="stack {}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(cls, label, rects)


def spark(values: Sequence[int], label: str, width: int = 320, height: int = 90) -> Markup:
    """A line over time, from its least to its most."""
    low, high = min(values, default=0), max(values, default=0)
    step = width / max(1, len(values) - 1)
    points = [
        (at * step, height - 4 - (value - low) / ((high - low) or 1) * (height - 12))
        for at, value in enumerate(values)
    ] or [(0.0, height - 4.0)]
    edge = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return Markup(
        '<svg class="line" viewBox="0 0 {0} {1}" preserveAspectRatio="none" role="img" '
        'aria-label="{2}"><path class="area" d="{3}L{0} {1}L0 {1}Z"/>'
        '<path class="edge" d="{3}"/></svg>'
    ).format(width, height, label, edge)


def bars(values: Sequence[int], label: str) -> Markup:
    """A bar for each of some weeks."""
    top, number = max(values, default=0) or 1, max(1, len(values))
    rects = Markup()
    for at, value in enumerate(values):
        tall = max(1.0, 20 * value / top)
        rects += Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            at * 88 / number, 20 - tall, 88 / number - 1.5, tall
        )
    return Markup(
        '<svg class="bars" viewBox="0 0 88 20" role="img" aria-label="{}">{}</svg>'
    ).format(label, rects)


def meter(used: int, most: int) -> Markup:
    """How much of a limit is used."""
    share = min(100, round(100 * used / most))
    mood = "bad" if used > most else "set"
    return Markup(
        '<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="f-rest" width="100" height="6"/>'
        '<rect data-bar class="f-{}" width="{}" height="6"/></svg>'
        "<span><span data-used>{}</span> / {}</span>"
    ).format(mood, share, used, most)
