"""What no mail program shows is told in words, once."""

import pytest

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
