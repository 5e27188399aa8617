"""A formula is told by its symbols, so that it says the same on one line."""

import pytest

from dispatch.feeds.clean.formulas import LONGEST, plain_tex, text_of_formula
from dispatch.feeds.clean.nodes import tree

A, B, C, N = "<mi>a</mi>", "<mi>b</mi>", "<mi>c</mi>", "<mn>12</mn>"
AB = f"<mrow>{A}{B}</mrow>"
SIN = "<mi>sin</mi>"
SPACE = "<mo>\u2061</mo>"


def told(inner, attributes=""):
    return text_of_formula(tree(f"<math{attributes}>{inner}</math>"))


def op(sign):
    return f"<mo>{sign}</mo>"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("", ""),
        (A, "a"),
        ("x", "x"),
        (A + B, "ab"),
        (A + op("+") + B, "a + b"),
        (A + op("&lt;") + B, "a < b"),
        (A + op("!"), "a!"),
        (op("-") + A, "-a"),
        (A + op("=") + op("-") + B, "a = -b"),
        (op("(") + op("-") + A + op(")"), "(-a)"),
        (A + "<mi>+</mi>" + B, "a+b"),
        (op("√") + op("-") + A, "√-a"),
        (A + "<mtext>if</mtext>" + B, "a if b"),
        (A + "<mtext> if </mtext>" + B, "a if b"),
        ("<mn>2</mn>" + A, "2a"),
        ("<mn>2</mn>" + op("\u2062") + A, "2a"),
        ("<mn>2</mn><mn>3</mn>", "23"),
        (SIN + A, "sin a"),
        (A + SIN, "a sin"),
        (SIN + SPACE + A, "sin a"),
        ("<mi>ln</mi>" + A, "ln a"),
        (A + "<mi>ln</mi>", "a ln"),
        (op("(") + A + op("+") + B + op(")"), "(a + b)"),
        (f"<mrow>{op('(')}{A}</mrow>{op('+')}{B}", "(a + b"),
        (f"<munder>{op('lim')}{A}</munder>{op('!')}", "lim_a!"),
        (f"{A}<mrow>{SIN}{op('!')}</mrow>", "a sin!"),
        (f"<mrow>{op('(')}{A}</mrow>{SIN}", "(a sin"),
        (f"<mrow>{SIN}{op('!')}{A}</mrow>{B}", "sin!ab"),
        (f"{B}<mrow>{A}{op('!')}{SIN}</mrow>", "ba!sin"),
        (N + A, "12a"),
        (A + N, "a12"),
        (SIN + N, "sin 12"),
        (op(")") + SIN, ")sin"),
        (f"<msup>{A}<mn>2</mn></msup>{B}", "a^2 b"),
        (f"<msub>{A}<mn>2</mn></msub>{op('!')}", "a_2!"),
        (f"<mfrac>{A}{B}</mfrac>{C}", "a/b c"),
        (f"<msqrt>{A}</msqrt>{C}", "sqrt(a)c"),
        ("<mspace></mspace>" + A, "a"),
        (A + "<mspace></mspace>" + B, "a b"),
        (A + "<mphantom>x</mphantom>" + B, "ab"),
        ("<mstyle>" + A + op("+") + B + "</mstyle>" + C, "a + bc"),
        ("<ms>x</ms>", '"x"'),
        (f"<maction>{A}{B}</maction>", "a"),
        (f"<semantics>{A}{B}</semantics>", "a"),
        ("<semantics></semantics>", ""),
    ],
)
def test_symbols_stand_in_a_row_and_apart_where_they_would_become_others(inner, text):
    assert told(inner) == text


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (f"<msup>{A}{B}</msup>", "a^b"),
        (f"<msup>{A}{AB}</msup>", "a^(ab)"),
        (f"<msup>{A}{N}</msup>", "a^12"),
        (f"<msup>{A}<mn>1.25</mn></msup>", "a^1.25"),
        (f"<msup>{A}<mrow>{op('-')}<mn>12</mn></mrow></msup>", "a^-12"),
        (f"<msup>{A}<mrow>{op('−')}{B}</mrow></msup>", "a^−b"),
        (f"<msup>{A}<mrow>{op('-')}{A}{B}</mrow></msup>", "a^(-ab)"),
        (f"<msup>{AB}{C}</msup>", "(ab)^c"),
        (f"<msup><mrow>{op('(')}{AB}{op(')')}</mrow>{C}</msup>", "(ab)^c"),
        (
            f"<msup><mrow>{op('(')}{A}{op(')')}{op('(')}{B}{op(')')}</mrow>{C}</msup>",
            "((a)(b))^c",
        ),
        (f"<msup><mrow>{op('(')}{A}{op('+')}{B}{op(')')}</mrow>{C}</msup>", "(a + b)^c"),
        (f"<msup>{A}<mrow>{op('(')}{op('(')}{op(')')}</mrow></msup>", "a^((())"),
        (f"<msup>{SIN}<mn>2</mn></msup>", "sin^2"),
        ("<msup><mtext>rate</mtext><mn>2</mn></msup>", "rate^2"),
        (f"<msup>{N}<mn>2</mn></msup>", "12^2"),
        (f"<msup>{A}{op('′′')}</msup>", "a′′"),
        (f"<msup>{A}</msup>", "a"),
        ("<msup></msup>", ""),
        (f"<msub>{A}{B}</msub>", "a_b"),
        (f"<msub>{AB}{AB}</msub>", "(ab)_(ab)"),
        (f"<msubsup>{A}{B}{C}</msubsup>", "a_b^c"),
        (f"<msubsup>{AB}{B}{C}</msubsup>", "(ab)_b^c"),
        (f"<munder>{op('lim')}{A}</munder>", "lim_a"),
        (f"<munderover>{op('∑')}{A}{B}</munderover>", "∑_a^b"),
        (f"<mover>{A}{op('→')}</mover>", "a⃗"),
        (f"<mover>{A}{op('x')}</mover>", "a^x"),
        (f"<mover>{AB}{op('→')}</mover>", "(ab)^→"),
        (f"<msup><mover>{A}{op('→')}</mover>{B}</msup>", "a⃗^b"),
    ],
)
def test_what_is_above_and_below_is_written_with_its_sign(inner, text):
    assert told(inner) == text


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (f"<mfrac>{A}{B}</mfrac>", "a/b"),
        (f"<mfrac>{N}{N}</mfrac>", "12/12"),
        (f"<mfrac>{AB}{SIN}</mfrac>", "(ab)/(sin)"),
        (f"<mfrac><mrow>{op('-')}{A}</mrow>{B}</mfrac>", "-a/b"),
        (f"<mfrac>{A}</mfrac>", "a/"),
        (f"<mfrac linethickness='0'>{A}{AB}</mfrac>".replace("'", '"'), "a over ab"),
        (f'<mfrac linethickness=" 0px ">{A}{B}</mfrac>', "a over b"),
        (f'<mfrac linethickness="1">{A}{B}</mfrac>', "a/b"),
        (f"<msqrt>{A}{op('+')}{B}</msqrt>", "sqrt(a + b)"),
        (f"<mroot>{A}<mn>3</mn></mroot>", "a^(1/3)"),
        (f"<mroot>{AB}<mn>3</mn></mroot>", "(ab)^(1/3)"),
        (f"<mroot>{AB}</mroot>", "sqrt(ab)"),
        (f"<mfenced>{A}{B}{C}</mfenced>", "(a, b, c)"),
        (f'<mfenced open="[" close="[">{A}{B}</mfenced>', "[a, b["),
        (f'<mfenced separators=";,">{A}{B}{C}{A}</mfenced>', "(a; b, c, a)"),
        (f'<mfenced separators=" ; ">{A}{B}</mfenced>', "(a; b)"),
        (f'<mfenced separators="">{A}{B}</mfenced>', "(ab)"),
        ("<mfenced></mfenced>", "()"),
        (
            f"<mtable><mtr><mtd>{A}</mtd><mtd>{B}</mtd></mtr><mtr><mtd>{C}</mtd></mtr></mtable>",
            "a, b; c",
        ),
        (f"<mtable><mtr><mtd>{A}</mtd>{N}<mtext>x</mtext></mtr></mtable>", "a"),
    ],
)
def test_fractions_roots_brackets_and_tables_are_written_in_a_row(inner, text):
    assert told(inner) == text


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (A, "a"),
        (f"{A}{B}", "a_b"),
        (f"{A}{B}{C}", "a_b^c"),
        (f"{A}<none></none>{C}", "a^c"),
        (f"{A}{B}{C}<mprescripts></mprescripts>{N}", "_12a_b^c"),
        (f"{A}<mprescripts></mprescripts>{N}{C}", "_12^ca"),
        (f"{AB}{AB}", "(ab)_(ab)"),
        ("", ""),
    ],
)
def test_what_stands_on_both_sides_of_a_letter_is_told_in_order(inner, text):
    assert told(f"<mmultiscripts>{inner}</mmultiscripts>") == text


def note(text, encoding=""):
    kind = f' encoding="{encoding}"' if encoding else ""
    return f"<semantics>{A}<annotation{kind}>{text}</annotation></semantics>"


@pytest.mark.parametrize(
    ("attributes", "inner", "text"),
    [
        ("", note("x^2", "application/x-tex"), "x^2"),
        ("", note("x^2", "LaTeX"), "x^2"),
        ("", note("x^2", "text/plain"), "x^2"),
        ("", note("x^2", "TEXT/PLAIN"), "x^2"),
        ("", note("x^2"), "x^2"),
        ("", note("x^2", "MathType-MTEF"), "a"),
        ("", note(" ", "TeX"), "a"),
        ("", note(r"{\displaystyle  x^2 }", "TeX"), "x^2"),
        ("", note(r"{\textstyle x}", "TeX"), "x"),
        ("", note(r"{\displaystyle x} y", "TeX"), r"{\displaystyle x} y"),
        (' alttext="y"', note("x^2", "TeX"), "y"),
        (' alttext=" y \n z "', A, "y z"),
        (' alttext=" "', A, "a"),
    ],
)
def test_its_author_s_own_text_comes_before_its_tex_and_that_before_its_symbols(
    attributes, inner, text
):
    assert told(inner, attributes) == text


def test_no_formula_is_longer_than_a_textbook_s():
    assert LONGEST == 2_000
    assert len(told("<mi>" + "x" * (LONGEST + 9) + "</mi>")) == LONGEST
    assert len(plain_tex("x" * (LONGEST + 9))) == LONGEST
    assert plain_tex("  a &lt;\n b ") == "a < b"
