"""Buttons that move a part, take it out or put it in: what each asks for, and where one is then."""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.pipeline.editions.edit import Changes
from dispatch.web.team.form import Form
from dispatch.web.team.numbers import number_in

MOVES, OUTS = ("up", "down", "pin"), ("drop", "remove")
INS = ("add", "put_back")
BUTTONS = (*MOVES, *OUTS, *INS)


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the page is looked at next: the id of what has the focus then, and what is said."""

    at: str = "posts"
    said: str = ""
    number: int | None = None


def asked_of(form: Form, was: Sequence[str]) -> Changes | None:
    """What the form asks for; None for what no page of ours asks."""
    button = _button(form)
    key = form(button)
    if not button:
        order = form.all("order")
        return Changes(parts=tuple(order)) if sorted(order) == sorted(was) else None
    if button == "add":
        number = number_in(key)
        return None if number is None else Changes(add=(number,), parts=_with(was, key, form))
    if button == "put_back":
        return Changes(put_back=(key,))
    return _move_of(button, key, list(was)) if key in was else None


def landing(form: Form, was: Sequence[str], now: Sequence[str], *, picking: bool) -> Landing:
    """Whoever moves a part can go on with it, and is never sent back to where the page begins.

    A part that is taken out leaves them at the one in its place. Who is `picking` stays there.
    """
    button = _button(form)
    key = form(button)
    if button in MOVES and key in now:
        number = now.index(key) + 1
        ends = {"up": number == 1, "down": number == len(now)}
        other = {"up": "down", "down": "up"}
        at = other[button] if ends.get(button) else button
        return Landing(f"{at}-{key}", "part_moved", number)
    if button in OUTS and key in was:
        next_one = now[min(was.index(key), len(now) - 1)] if now else ""
        return Landing(f"row-{next_one}" if next_one else "posts", "part_taken_out")
    if button in INS and key in now:
        at = "picking" if picking and button == "add" else f"row-{key}"
        return Landing(at, "part_added", now.index(key) + 1)
    return Landing()


def _button(form: Form) -> str:
    return next((name for name in BUTTONS if form.has(name)), "")


def _with(was: Sequence[str], key: str, form: Form) -> tuple[str, ...]:
    """The order with one more, below the part that was open; none where that stands nowhere."""
    below = form("below")
    if below not in was:
        return ()
    at = was.index(below) + 1
    return (*was[:at], key, *was[at:])


def _move_of(button: str, key: str, was: list[str]) -> Changes | None:
    number = number_in(key)
    if button in ("up", "down"):
        at = was.index(key)
        to = max(0, min(len(was) - 1, at + (1 if button == "down" else -1)))
        was.insert(to, was.pop(at))
        return Changes(parts=tuple(was))
    if button == "remove":
        return Changes(take_out=(key,)) if number is None else None
    if number is None:
        return None
    return Changes(drop=(number,)) if button == "drop" else Changes(pin=number)
