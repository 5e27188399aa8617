"""What no mail program shows is told in words, once."""

import pytest

from dispatch.feeds.clean.equivalents import (
    LONGEST_LABEL,
    may_need_words,
    with_formulas_of_programs,
    with_words,
)
from dispatch.feeds.clean.html import clean


def formula(*, text="", inner=""):
    return f"<p>It is <math {text}>{inner}</math> here.</p>"


KT = "<msup><mi>e</mi><mrow><mi>k</mi><mi>t</mi></mrow></msup>"

TEX = "<annotation encoding='application/x-tex'>e^{kt}</annotation>"
WITH_TEX = f"<semantics>{KT}{TEX}</semantics>"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (KT, "e^(kt)"),
        ("<mn>3</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "3 1/2"),
        ("<mn>5</mn><mo>&#x2062;</mo><mn>3</mn>", "5 × 3"),
        ("<mroot><mi>x</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></mroot>", "x^(1/(n + 1))"),
        ('<menclose notation="radical"><mi>x</mi></menclose>', "sqrt(x)"),
        (
            (
                "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mo>=</mo><mi>b</mi></mtd></mtr>"
                "<mtr><mtd></mtd><mtd><mo>=</mo><mi>c</mi></mtd></mtr></mtable>"
            ),
            "a =b; =c",
        ),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        (
            "<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mn>2</mn><mi>c</mi></mrow></mfrac>",
            "(a + b)/(2c)",
        ),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "sqrt(x + 1)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
        ("<msub><mi>x</mi><mn>12</mn></msub><mo>=</mo><mo>-</mo><mn>3</mn>", "x_12 = -3"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup><mi>y</mi>", "x_i^2 y"),
        (
            (
                "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"
                "<mi>i</mi>"
            ),
            "∑_(i = 1)^n i",
        ),
        ("<mi>sin</mi><mo>&ApplyFunction;</mo><mi>x</mi>", "sin x"),
        ("<mn>2</mn><mo>&InvisibleTimes;</mo><mi>x</mi><mo>&lt;</mo><mn>3</mn>", "2x &lt; 3"),
        ("<mover accent='true'><mi>x</mi><mo>¯</mo></mover>", "x̄"),
        ("<msup><mi>f</mi><mo>′</mo></msup>", "f′"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        (
            (
                "<mo>[</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr>"
                "<mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable><mo>]</mo>"
            ),
            "[1, 0; 0, 1]",
        ),
        (WITH_TEX, "e^{kt}"),
        (
            f"<semantics>{KT}<annotation-xml encoding='text/html'><p>x</p></annotation-xml>",
            "e^(kt)",
        ),
    ],
)
def test_a_formula_is_told_by_its_symbols(inner, text):
    assert clean(formula(inner=inner)) == f"<p>It is {text} here.</p>"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ('alttext="1/2"', "1/2"),
        (r'alttext="{\displaystyle E=mc^{2}}"', "E=mc^{2}"),
        ('alttext=" "', "e^(kt)"),
        ('alttext="a &lt; b"', "a &lt; b"),
    ],
)
def test_a_formula_s_own_words_come_first(said, text):
    assert clean(formula(text=said, inner=KT)) == f"<p>It is {text} here.</p>"


def test_a_formula_of_its_own_line_stays_on_one():
    assert clean(f'<math display="block">{KT}</math>') == "<div>e^(kt)</div>"


def test_prefixes_of_xml_change_nothing():
    html = "<p><m:math><m:msup><m:mi>a</m:mi><m:mn>2</m:mn></m:msup></m:math></p>"

    assert clean(html) == "<p>a^2</p>"


MATHML = f"<math>{WITH_TEX}</math>"


@pytest.mark.parametrize(
    "twice",
    [
        (
            f"<span class='katex'><span class='katex-mathml'>{MATHML}</span>"
            "<span class='katex-html' aria-hidden='true'><b class='base'>ekt</b></span></span>"
        ),
        (
            f"<span class='MathJax'><nobr aria-hidden='true'>ekt</nobr>"
            f"<span class='MJX_Assistive_MathML'>{MATHML}</span></span>"
            "<script type='math/tex'>e^{kt}</script>"
        ),
        "<span class='MathJax_Preview'>ekt</span><script type='math/tex'>e^{kt}</script>",
        (
            "<span class='MathJax_Preview'></span><span class='MathJax'>ekt</span>"
            "<script type='math/tex; mode=inline'>e^{kt}</script>"
        ),
        (
            f"<mjx-container class='MathJax' jax='CHTML'>"
            "<mjx-math aria-hidden='true'><mjx-mi>ekt</mjx-mi></mjx-math>"
            f"<mjx-assistive-mml>{MATHML}</mjx-assistive-mml></mjx-container>"
        ),
        (
            f"<mjx-container><mjx-math aria-hidden='true'></mjx-math>"
            f"<mjx-assistive-mml>{MATHML}</mjx-assistive-mml></mjx-container>"
        ),
        (
            f"<span class='mwe-math-element'><span style='display: none;'>{MATHML}</span>"
            "<img src='https://w.example/1.svg' aria-hidden='true' alt='e^{kt}'></span>"
        ),
    ],
)
def test_a_formula_that_a_page_has_twice_is_told_once(twice):
    assert clean(f"<p>It is {twice} here.</p>") == "<p>It is e^{kt} here.</p>"


def test_two_formulas_side_by_side_are_both_told():
    one = f"<span class='katex'>{MATHML}</span>"

    assert clean(f"<p>{one} {one}</p>") == "<p>e^{kt} e^{kt}</p>"


@pytest.mark.parametrize(
    ("ruby", "text"),
    [
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢(かん)"),
        (
            "<ruby>東京<rtc><rt>とうきょう</rt></rtc><rtc><rt>Tokyo</rt></rtc></ruby>",
            "東京(とうきょう Tokyo)",
        ),
        ("<ruby>漢<rp>（</rp><rt>かん</rt><rp>）</rp></ruby>", "漢（かん）"),
        ("<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>", "漢(かん)字(じ)"),
        ("<ruby><rb>東<rb>京<rt>とう<rt>きょう</ruby>", "東京(とうきょう)"),
        ("<ruby>北京<rt>Běi</rt><rt>jīng</rt></ruby>", "北京(Běi jīng)"),
        ("<ruby>漢<rt></rt></ruby>", "漢"),
        ("<ruby><b>漢</b><rtc>kan</rtc></ruby>", "<b>漢</b>(kan)"),
    ],
)
def test_a_reading_stands_in_brackets(ruby, text):
    assert clean(f"<p>{ruby}を</p>") == f"<p>{text}を</p>"


@pytest.mark.parametrize(
    ("svg", "text"),
    [
        ("<svg><title>Sales rise</title><path/></svg>", "<span>Sales rise</span>"),
        ('<svg aria-label="Sales"><desc>They rise.</desc></svg>', "<span>Sales. They rise.</span>"),
        ('<svg aria-hidden="true"><title>x</title></svg>', ""),
        ("<svg><text>10</text></svg>", ""),
        ("<svg><title>Sales</title></svg> Sales", "Sales"),
    ],
)
def test_a_drawing_says_its_title(svg, text):
    assert clean(svg).strip() == text


@pytest.mark.parametrize(
    "html",
    [
        "<math alttext='&lt;script>x()&lt;/script>'><mi>a</mi></math>",
        "<ruby><script>x()</script>a<rt><img src=x onerror=x()></rt></ruby>",
        "<svg><title><script>x()</script></title></svg>",
        "<script type='math/tex'><img src=x onerror=x()></script>",
        "<math><annotation-xml encoding='text/html'><iframe src='javascript:x()'></iframe>",
    ],
)
def test_words_bring_nothing_that_executes(html):
    cleaned = clean(html, base="https://blog.example/")

    assert "<script" not in cleaned
    assert "onerror=" not in cleaned.replace("&lt;img src=x onerror=x()&gt;", "")


@pytest.mark.parametrize(
    "html",
    [
        "<math><msup>" * 45 + "<mi>a</mi>" + "<mn>2</mn></msup></math>" * 45,
        "<math>" + "<mover>" * 90 + "<mi>a</mi>",
        "<script type='math/tex'>" * 10_000,
        "<annotation-xml>" * 10_000 + "<math>",
        "<math></math>" * 20_000,
        "<ruby>a<rt>" * 20_000,
        "<span class='katex'>" * 90 + "x" * 10_000,
        "<svg><title>a</title></svg>" * 10_000,
        "<object>" * 20_000 + "<iframe src=/a>" * 20_000,
        "<object></object>" * 20_000,
        "<ul>" + "<li>a" * 50_000,
    ],
)
def test_hostile_formulas_take_no_longer_than_they_are(html):
    assert len(clean(html, base="https://blog.example/")) < 5_000_000


@pytest.mark.parametrize(
    ("html", "may"),
    [
        ("<p>a</p>", False),
        ("<p>mathematics</p>", False),
        ("<math>", True),
        ("<MATH>", True),
        ("<m:math>", True),
        ("<span class=MathJax>", True),
        ("<script type='math/tex'>", True),
        ("<script type='math/asciimath'>", True),
        ("<ruby>", True),
        ("<svg>", True),
        ("<i class=katex>", True),
        ("<i class=katex>mathematics", True),
        ("ruby, svg", False),
    ],
)
def test_what_may_hold_something_that_no_mail_shows(html, may):
    assert may_need_words(html) is may


@pytest.mark.parametrize(
    ("html", "made"),
    [
        ("<script type='math/tex'>a</script>b", '<math class="math/tex" alttext="a"></math>b'),
        (
            '<SCRIPT id=x TYPE = "math/tex; mode=Display" y>a</SCRIPT >',
            '<math class="math/tex" alttext="a" display="block"></math>',
        ),
        (
            "<script type=math/asciimath>a<b</script>",
            '<math class="math/tex" alttext="a&lt;b"></math>',
        ),
        (
            '<script type=math/tex>% <![CDATA[\na & "b" %]]></script>',
            '<math class="math/tex" alttext="a &amp; &quot;b&quot;"></math>',
        ),
        ("<script>a</script>", "<script>a</script>"),
        ("<script type='math/tex'>a", "<script type='math/tex'>a"),
        ("a<annotation-xml x><p>b</p></annotation-xml>c", "ac"),
        ("<mml:mi>a</mml:mi><m:mo>", "<mi>a</mi><mo>"),
        ("<x:mi>a</x:mi>", "<x:mi>a</x:mi>"),
    ],
)
def test_formulas_that_a_program_would_set_are_put_where_they_belong(html, made):
    assert with_formulas_of_programs(html) == made


def katex(inner, display=""):
    return f'<span class="katex{display}">{inner}</span>'


TOLD = "<math><mi>a</mi></math>"
LOOKS = '<span class="MathJax_Preview">A</span>'
PROGRAM = '<math class="math/tex" alttext="b"></math>'


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("", ""),
        ("<p>a</p>", "<p>a</p>"),
        (f"x{TOLD}y{TOLD}z", "xayaz"),
        (TOLD + TOLD, "aa"),
        (TOLD + PROGRAM, "ab"),
        (PROGRAM + PROGRAM, "bb"),
        (LOOKS, LOOKS),
        (LOOKS + PROGRAM, "b"),
        (LOOKS + LOOKS + PROGRAM, "b"),
        (f"x{LOOKS} {PROGRAM}", "xb"),
        (f"{LOOKS}x{PROGRAM}", f"{LOOKS}xb"),
        (katex(TOLD) + PROGRAM, "b"),
        (LOOKS + katex(TOLD), "a"),
        (katex(TOLD) + katex(TOLD), "aa"),
        (LOOKS + TOLD, LOOKS + "a"),
        (katex("x") + katex(TOLD), "a"),
        (f'<span class="x">{TOLD}</span>', '<span class="x">a</span>'),
        (f'<div title="x" class="y katex z">{TOLD}<b>c</b></div>d', "ad"),
        (f'<span class="katexx">{TOLD}c</span>', '<span class="katexx">ac</span>'),
        (katex(TOLD, "-display"), "<div>a</div>"),
        (katex(katex(TOLD), "-display"), "<div>a</div>"),
        ('<math display="block"></math>', ""),
        ('<math display="block"><mi>a</mi></math>', "<div>a</div>"),
        ('<math display="inline"><mi>a</mi></math>', "a"),
        ("<math><mo>&lt;</mo></math>", "&lt;"),
        ("<math><mi>a</mi>", "a"),
        ("<math><ms>a</ms></math>", '"a"'),
        (f"<math>{TOLD}</math>b", "ab"),
        (f"<ruby>a{TOLD}<rt>b</rt></ruby>c", f"a{TOLD}(b)c"),
    ],
)
def test_what_nobody_would_see_is_told_once(html, words):
    assert with_words(html) == words


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("a<rt>b</rt>", "a(b)"),
        ("a<rt> b </rt> <rt>c</rt>", "a(b c)"),
        ("a<rt>\u3042</rt><rt>\u3044</rt>", "a(\u3042\u3044)"),
        ("a<rt></rt><rt>c</rt>", "a(c)"),
        ("a<rt> </rt>", "a"),
        ("a<rp>[</rp><rt>b</rt><rp>]</rp>", "a[b]"),
        ("a<rp> [ </rp><rt>b</rt>", "a[b)"),
        ("a<rp></rp><rt>b</rt><rp></rp>", "a(b)"),
        ("a<rp>[</rp><rt>b</rt><rp>]</rp>c<rp>{</rp><rt>d</rt><rp>}</rp>", "a[b]c[d]"),
        ("a<rp></rp><rt>b</rt><rp>]</rp>", "a(b]"),
        ("a<rp>[</rp><rt>b</rt><rp></rp>c<rp>{</rp><rt>d</rt><rp>}</rp>", "a[b)c[d)"),
        ("a<rt>\u2e80</rt><rt>b</rt>", "a(\u2e80 b)"),
        ("a<rt>\u2e80b</rt><rt>c</rt>", "a(\u2e80b c)"),
        ("<rb>a</rb><rt>b</rt>", "a(b)"),
        ("a<rtc>b</rtc>", "a(b)"),
        ("a<rtc><rt>b</rt></rtc>", "a(b)"),
        ("<b>a</b>", "<b>a</b>"),
        ('a<rt lang="ja">b</rt>', "a(b)"),
    ],
)
def test_readings_of_one_word_stand_in_one_pair_of_brackets(inner, words):
    assert with_words(f"<ruby>{inner}</ruby>") == words


def title(text):
    return f"<title>{text}</title>"


@pytest.mark.parametrize(
    ("svg", "after", "words"),
    [
        (f"<svg>{title('A b')}</svg>", "", "<span>A b</span> "),
        (f"<svg><g>{title('A')}</g></svg>", "", "<span>A</span> "),
        (f"<svg>{title(' ')}{title('B')}</svg>", "", "<span>B</span> "),
        (f"<svg>{title('A')}{title('B')}</svg>", "", "<span>A</span> "),
        (f'<svg aria-label=" B ">{title("A")}</svg>', "", "<span>B</span> "),
        (f'<svg aria-label=" ">{title("A")}</svg>', "", "<span>A</span> "),
        (f"<svg>{title('A.')}<desc>B.</desc></svg>", "", "<span>A. B.</span> "),
        (f"<svg>{title('A')}<desc>A</desc></svg>", "", "<span>A</span> "),
        ("<svg><desc>B</desc></svg>", "", "<span>B</span> "),
        (f"<svg>{title('1 &lt; a')}</svg>", "", "<span>1 &lt; a</span> "),
        (f"<svg>{title('12 %')}</svg>", "", ""),
        (f"<svg>{title('&quot;a&quot;')}</svg>", "", '<span>"a"</span> '),
        (f'<svg aria-hidden="true">{title("A")}</svg>', "", ""),
        (f'<svg aria-hidden="false">{title("A")}</svg>', "", "<span>A</span> "),
        (f"<svg>{title('A')}</svg>", " <b>A</b>", " <b>A</b>"),
        (f"<svg>{title('A')}</svg>", "B A", "<span>A</span> B A"),
        ("<svg></svg>", "b", "b"),
    ],
)
def test_a_drawing_is_told_by_what_its_author_wrote_for_those_who_do_not_see_it(svg, after, words):
    assert with_words(svg + after) == words


@pytest.mark.parametrize(("letters", "whole"), [(LONGEST_LABEL, True), (LONGEST_LABEL + 1, False)])
def test_a_drawing_has_no_more_words_than_a_reader_wants(letters, whole):
    text = "x" * (letters - 2) + " y"

    assert LONGEST_LABEL == 1_000
    assert (with_words(f"<svg>{title(text)}</svg>") == f"<span>{text}</span> ") is whole


def test_words_beside_a_drawing_are_looked_for_near_it():
    spaces = " " * 199

    assert with_words(f"<svg>{title('A')}</svg>{spaces}A") == f"{spaces}A"
    assert with_words(f"<svg>{title('A')}</svg>{spaces} A").startswith("<span>A</span>")
