"""A formula in MathML -> the text that says the same: `e^(kt)`, `(a+b)/c`, `sqrt(x)`."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from html import unescape

from dispatch.feeds.clean.nodes import Node
from dispatch.model.text.plain_text import one_line

LONGEST = 2_000  # characters of one formula; a textbook's longest have a few hundred

_INVISIBLE = re.compile("[\u2061-\u2064\u200b]")  # "applied to", "times", as MathML writes them
# Spaced on both sides, as printers do; a sign before a number is not.
_SPACED = frozenset("=≠≈≡≅∼<>≤≥≪≫∈∉⊂⊃⊆⊇→←↔⇒⇐⇔↦∝∣+−-±∓·×÷∧∨∪∩:∶")
_RELATIONS = frozenset("=≠≈≡≅∼<>≤≥≪≫∈→⇒⇔")
_OPENERS = frozenset("([{⟨⌊⌈|‖∑∏∫√")
_ACCENTS = {
    "¯": "\u0304",
    "‾": "\u0304",
    "_": "\u0304",
    "\u0304": "\u0304",
    "\u0305": "\u0304",
    "^": "\u0302",
    "ˆ": "\u0302",
    "\u0302": "\u0302",
    "~": "\u0303",
    "˜": "\u0303",
    "→": "\u20d7",
    "⃗": "\u20d7",
    "˙": "\u0307",
    ".": "\u0307",
    "¨": "\u0308",
}
_TEX = re.compile(r"(?:application/x-|text/x-)?(?:la)?tex", re.IGNORECASE)
_STYLE = re.compile(r"\{\\(?:display|text)style\s*(.*)\}", re.DOTALL)
_SCRIPTED = frozenset({"mfrac", "msub", "msubsup", "msup", "munder", "munderover", "mroot"})
_NOTHING = frozenset({"annotation", "annotation-xml", "mphantom", "none", "mprescripts"})


def text_of_formula(math: Node) -> str:
    r"""What `<math>` says, on one line: its author's own text, its TeX, else its symbols in a row.

    >>> from dispatch.feeds.clean.nodes import tree
    >>> text_of_formula(tree("<math><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math>"))
    'sqrt(x + 1)'
    >>> text_of_formula(tree('<math alttext="{\\displaystyle a^{2}}"><mi>a</mi></math>'))
    'a^{2}'
    """
    said = one_line(math.attributes.get("alttext", ""))
    if not said:
        said = next(
            (one_line(note.text()) for note in math.within("annotation") if _is_tex(note)), ""
        )
    return (_plain_tex(said) or one_line(_row(math)))[:LONGEST]


def plain_tex(tex: str) -> str:
    r"""TeX without what only says how large it is set.

    >>> plain_tex(r"{\displaystyle E=mc^{2}}")
    'E=mc^{2}'
    """
    return _plain_tex(one_line(unescape(tex)))[:LONGEST]


def _plain_tex(said: str) -> str:
    styled = _STYLE.fullmatch(said)
    return styled[1].strip() if styled else said


def _is_tex(note: Node) -> bool:
    kind = note.attributes.get("encoding", "")
    return _TEX.fullmatch(kind) is not None or kind.lower() in {"text/plain", ""}


def _row(node: Node) -> str:
    """Its children one after the other, operators with spaces where they stand between two."""
    out: list[str] = []
    node_before, is_product = "", False
    for child in node.nodes():
        text = _said(child)
        if not text:
            # Of what is not seen "times" matters between two numbers.
            is_product |= child.name == "mo" and "\u2062" in child.text()
            continue
        before = out[-1].rstrip() if out else ""
        if child.name == "mo" and text in _SPACED and before and before[-1] not in _OPENERS:
            text = f" {text} " if before[-1] not in _SPACED else text
        elif child.name == "mtext":
            text = f" {text} "
        elif is_product and before[-1:].isdecimal() and text[0].isdecimal():
            text = f" × {text}"
        elif _would_join(before, text, child.name, after=node_before):
            text = f" {text}"
        out.append(text)
        is_product = False
        node_before = child.name
    return re.sub(r" {2,}", " ", "".join(out)) if out else _symbol(node)


def _would_join(before: str, text: str, name: str, *, after: str) -> bool:
    """Whether two things would become another one if they stood side by side, as in `sin x`."""
    if not (before and text):
        return False
    if name == "mfrac" and (before[-1].isalnum() or before[-1] == ")"):
        return True  # 3 1/2
    if not text[0].isalnum():
        return False
    if after in _SCRIPTED:
        return True  # x^n y
    if not before[-1].isalnum():
        return False
    last = re.split(r"[\W\d_]+", before)[-1]
    first = re.split(r"[\W\d_]+", text)[0]
    return len(last) > 1 or len(first) > 1


def _said(node: Node) -> str:
    rule = _RULES.get(node.name)
    if rule is not None:
        return rule(node)
    if node.name in _NOTHING:
        return ""
    return _row(node).strip() if node.nodes() else _symbol(node)


def _symbol(node: Node) -> str:
    return one_line(_INVISIBLE.sub("", node.text()))


def _atom(text: str) -> str:
    """The text as one thing: in brackets unless it is a word, a number or in brackets already."""
    text = text.strip()
    bare = text.removeprefix("-").removeprefix("−")
    letters = sum(not unicodedata.combining(char) for char in bare)
    is_one = letters <= 1 or bare.replace(".", "").isdecimal() or _in_brackets(text)
    return text if is_one else f"({text})"


def _in_brackets(text: str) -> bool:
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if not depth:
            return place == len(text) - 1
    return False


def _parts(node: Node, count: int) -> list[str]:
    parts = [_said(child).strip() for child in node.nodes()]
    return (parts + [""] * count)[:count]


def _base(node: Node, text: str) -> str:
    """The text of the first child as what something is written above or below of."""
    base = next(iter(node.nodes()), None)
    # A name such as "sin" or "lim" is one thing.
    return text if base is None or base.name in ("mi", "mo", "mn", "mtext") else _atom(text)


def _scripts(base: str, below: str, above: str) -> str:
    return base + (f"_{_atom(below)}" if below else "") + (f"^{_atom(above)}" if above else "")


def _sup(node: Node) -> str:
    text, above = _parts(node, 2)
    base = _base(node, text)
    # A prime is written beside its letter already.
    return base + above if above and not above.strip("′″‴'") else _scripts(base, "", above)


def _sub(node: Node) -> str:
    text, below = _parts(node, 2)
    return _scripts(_base(node, text), below, "")


def _both(node: Node) -> str:
    text, below, above = _parts(node, 3)
    return _scripts(_base(node, text), below, above)


def _over(node: Node) -> str:
    text, above = _parts(node, 2)
    accent = _ACCENTS.get(above)
    return text + accent if accent and len(text) == 1 else _scripts(_base(node, text), "", above)


def _fraction(node: Node) -> str:
    above, below = _parts(node, 2)
    if node.attributes.get("linethickness", "").strip() in {"0", "0px", "0pt"}:
        return f"{above} over {below}"  # a binomial; the brackets around it are its author's
    return f"{_atom(above)}/{_atom(below)}"


def _root(node: Node) -> str:
    base, degree = _parts(node, 2)
    return f"{_atom(base)}^(1/{_atom(degree)})" if degree else f"sqrt({base})"


def _square_root(node: Node) -> str:
    return f"sqrt({_row(node).strip()})"


def _enclosed(node: Node) -> str:
    return _square_root(node) if "radical" in node.attributes.get("notation", "") else _row(node)


def _fenced(node: Node) -> str:
    marks = [mark for mark in node.attributes.get("separators", ",") if not mark.isspace()]
    text = ""
    for place, part in enumerate(_said(child).strip() for child in node.nodes()):
        mark = marks[min(place, len(marks)) - 1] if marks and place else ""
        text += (f"{mark} " if mark else "") + part
    opening, closing = node.attributes.get("open", "("), node.attributes.get("close", ")")
    return f"{opening}{text}{closing}"


def _table(node: Node) -> str:
    return "; ".join(_cells(row) for row in node.nodes())


def _cells(row: Node) -> str:
    cells = [_row(cell).strip() for cell in row.nodes() if cell.name == "mtd"]
    if any(cell[:1] in _RELATIONS for cell in cells if cell):
        return " ".join(filter(None, cells))  # an equation, cut to stand below another one
    return ", ".join(cells)


def _first(node: Node) -> str:
    # Of several ways to say it the first is the one that is shown.
    return next((_said(child) for child in node.nodes()), "")


def _multiscripts(node: Node) -> str:
    names = [child.name for child in node.nodes()]
    turn = names.index("mprescripts") if "mprescripts" in names else len(names)
    parts = [_said(child).strip() for child in node.nodes()]
    base = _base(node, parts[0]) if parts else ""
    return _pairs(parts[turn + 1 :]) + base + _pairs(parts[1:turn])


def _pairs(parts: list[str]) -> str:
    return "".join(
        (f"_{_atom(part)}" if place % 2 == 0 else f"^{_atom(part)}")
        for place, part in enumerate(parts)
        if part
    )


_RULES: Mapping[str, Callable[[Node], str]] = {
    "maction": _first,
    "menclose": _enclosed,
    "mfenced": _fenced,
    "mfrac": _fraction,
    "mmultiscripts": _multiscripts,
    "mover": _over,
    "mroot": _root,
    "ms": lambda node: f'"{_symbol(node)}"',
    "mspace": lambda _: " ",
    "msqrt": _square_root,
    "msub": _sub,
    "msubsup": _both,
    "msup": _sup,
    "mtable": _table,
    "munder": _sub,
    "munderover": _both,
    "semantics": _first,
}
