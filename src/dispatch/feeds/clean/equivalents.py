"""What no mail program shows -> text that says the same: formulas, readings above a word, drawings.

Works on HTML that nh3 has put in order once with `TAGS` and `ATTRIBUTES`, and whatever it writes is
cleaned again, so a mistake here costs words and not safety.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import pairwise

from dispatch.feeds.clean.formulas import plain_tex, text_of_formula
from dispatch.feeds.clean.nodes import Node, attributes_of, end_of_element, tree
from dispatch.model.text.plain_text import one_line, shorten

TAGS = frozenset(
    {
        *("annotation", "maction", "math", "menclose", "merror", "mfenced", "mfrac", "mi"),
        *("mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts", "mroot"),
        *("mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd"),
        *("mtext", "mtr", "mlabeledtr", "munder", "munderover", "none", "semantics"),
        *("rb", "rp", "rt", "rtc", "ruby", "desc", "mjx-container", "svg", "title"),
    }
)
"""What has to be seen for it, beside what a mail may hold."""

ATTRIBUTES = frozenset(
    {
        *("alttext", "aria-hidden", "aria-label", "class", "close", "display", "encoding"),
        *("linethickness", "mode", "notation", "open", "role", "separators"),
    }
)

LONGEST_LABEL = 1_000  # of a drawing

_SIGNS = ("math", "<ruby", "<svg", "katex")
_FORMULA = re.compile(r"[<:]math|mathjax|math/(?:tex|asciimath)", re.IGNORECASE)
_PREFIX = re.compile(r"(</?)(?:m|mml|mathml):(?=[a-z])", re.IGNORECASE)
_PROGRAM = re.compile(
    r"<script\s[^<>]{0,200}?type\s*=\s*[\"']?math/(tex|asciimath)([^<>\"']{0,40})[^<>]{0,200}>"
    r"((?:[^<]|<(?!/?script))*)</script\s*>",
    re.IGNORECASE,
)
_NOTE = re.compile(  # the same formula in another language, or a whole page
    r"<annotation-xml\b(?:[^<]|<(?!/?annotation-xml))*</annotation-xml\s*>", re.IGNORECASE
)
_CDATA = re.compile(r"%?\s*<!\[CDATA\[|%?\s*\]\]>")
_PART = re.compile(
    r"<()(math|ruby|svg)(?=[ >])([^<>]*)>"
    r"|<()(?:span|div|mjx-container)(?= )[^<>]* class=\"(?:[^\"]* )?"
    r"(?:katex|katex-display|MathJax\w*|mwe-math-element|mjx-container)[ \"][^<>]*>"
)
_NAME = re.compile(r"<()([a-z][a-z-]*)")

_OF_A_PROGRAM = "math/tex"  # the class of a formula that stood in a <script>
_SET = "set"  # what a program made of a formula, with words for machines in it
_LOOKS = "looks"  # the same without them
_NO_FORMULA = ""
_REPEATS = frozenset(
    {(_LOOKS, _LOOKS), (_LOOKS, _SET), (_LOOKS, _OF_A_PROGRAM), (_SET, _OF_A_PROGRAM)}
)
"""Which of two neighbours are one formula: the second takes the place of the first."""

_READING = re.compile(r"(?:<rt(?=[ >])[^<>]*>((?:[^<]|<(?!/?rt[ >]))*)</rt>\s*)+")
_ONE_READING = re.compile(r"<rt(?=[ >])[^<>]*>((?:[^<]|<(?!/?rt[ >]))*)</rt>")
_BRACKET = re.compile(r"<rp(?=[ >])[^<>]*>((?:[^<]|<(?!/rp>))*)</rp>\s*")
_SECOND_READING = re.compile(r"<rtc(?=[ >])[^<>]*>((?:[^<]|<(?!/?rt))*)</rtc>")
_RUBY_TAG = re.compile(r"</?(?:ruby|rb|rtc)(?=[ >])[^<>]*>")
_LETTERS = re.compile(r"[^\W\d_]")
_GOES_ON = re.compile(r"\s|[.,;:!?)\]…]")


def may_need_words(html: str) -> bool:
    """Whether foreign HTML holds anything of the kind; most posts do not."""
    low = html.lower()
    found = [sign for sign in _SIGNS if sign in low]  # far quicker than one pattern
    return bool(found) and (found != ["math"] or _FORMULA.search(html) is not None)


def with_formulas_of_programs(html: str) -> str:
    """Foreign HTML with `<math>` where a `<script>` holds a formula for MathJax to set."""
    return _NOTE.sub("", _PREFIX.sub(r"\1", _PROGRAM.sub(_formula_of_program, html)))


def with_words(html: str) -> str:
    """The HTML that nh3 wrote with text in place of formulas, ruby and drawings.

    A formula that a page has twice, once for eyes and once for machines, is told once. Readings
    stand in brackets, in those that their author gave where there are any.
    """
    out: list[str] = []
    end = 0
    before = _NO_FORMULA
    for part in _PART.finditer(html):
        if part.start() < end:
            continue
        between = html[end : part.start()]
        name = part[2] or ""
        start = _NAME.match(html, part.start())
        end = end_of_element(html, start) if start else part.end()
        words, kind = _words_for(name, html[part.start() : end], html[end : end + 200])
        if _is_of_program(part[3]):
            kind = _OF_A_PROGRAM
        if not between.strip() and (before, kind) in _REPEATS:
            out.pop()
        else:
            out.append(between)
        out.append(words)
        before = kind
    return "".join([*out, html[end:]])


def _words_for(name: str, html: str, after: str) -> tuple[str, str]:
    if name == "ruby":
        return _ruby(html), _NO_FORMULA
    if name == "svg":
        return _drawing(tree(html), after), _NO_FORMULA
    found = tree(html)
    formula = found if name else next(found.within("math"), None)
    if formula is None:
        return html, _LOOKS
    text = escape(text_of_formula(formula), quote=False)
    is_block = formula.attributes.get("display") == "block" or "katex-display" in html[:100]
    return f"<div>{text}</div>" if is_block and text else text, _NO_FORMULA if name else _SET


def _is_of_program(tag: str | None) -> bool:
    return attributes_of(tag or "").get("class") == _OF_A_PROGRAM


def _formula_of_program(script: re.Match[str]) -> str:
    text = plain_tex(_CDATA.sub("", script[3]))
    mode = ' display="block"' if "display" in script[2].lower() else ""
    return f'<math class="{_OF_A_PROGRAM}" alttext="{escape(text)}"{mode}></math>'


def _ruby(html: str) -> str:
    brackets = [text.strip() for text in _BRACKET.findall(html)]
    opening = next(filter(None, brackets[:1]), "(")
    closing = next(filter(None, brackets[1:2]), ")")
    html = _SECOND_READING.sub(r"<rt>\1</rt>", _BRACKET.sub("", html))
    html = _RUBY_TAG.sub("", html)
    return _READING.sub(lambda run: _in_brackets(run[0], opening, closing), html)


def _in_brackets(run: str, opening: str, closing: str) -> str:
    readings = [text.strip() for text in _ONE_READING.findall(run) if text.strip()]
    if not readings:
        return ""
    said = readings[0]
    for before, reading in pairwise(readings):
        # Latin syllables are words with spaces, kana are not.
        said += (" " if min(before[-1], reading[0]) < "\u2e80" else "") + reading
    return f"{opening}{said}{closing}"


def _drawing(svg: Node, after: str) -> str:
    if svg.attributes.get("aria-hidden") == "true":
        return ""
    label = one_line(svg.attributes.get("aria-label", "")) or next(_told(svg, "title"), "")
    more = next(_told(svg, "desc"), "")
    said = ". ".join(dict.fromkeys(filter(None, (label.rstrip("."), more))))
    text = escape(shorten(said, LONGEST_LABEL), quote=False)
    told_beside = re.sub(r"<[^<>]*>", "", after).lstrip().startswith(text)  # as beside an icon
    if told_beside or not _LETTERS.search(text):
        return ""
    return f"<span>{text}</span>" + ("" if _GOES_ON.match(after) else " ")


def _told(svg: Node, name: str) -> Iterator[str]:
    return filter(None, (one_line(node.text()) for node in svg.within(name)))
