"""What a template may ask of the machine has an end, however it asks."""

import pytest

from dispatch.errors import TemplateFailed
from dispatch.model.people.subscriber import Subscriber
from dispatch.render.digests.mjml import html_of_mjml
from dispatch.render.templates import bounds
from dispatch.render.templates.environment import TemplateFiles
from dispatch.render.templates.segment import compile_segment

KNOWN = {"word": "word", "number": 20_000_000, "many": list(range(1000)), "nothing": ""}


RECURSIVE = (
    "{% for a in [[1, [2]], [3]] recursive %}{% if a is iterable %}{{ loop(a) }}"
    "{% else %}{{ a }}{% endif %}{% endfor %}"
)


FILTERED = "{% for a in many if a > 997 %}{{ loop.index }}/{{ loop.length }};{% endfor %}"


def rendered(source: str, **others: str) -> str:
    files = TemplateFiles("weekly", {"digest.txt": source, **others})
    return files.render(files.compile("digest.txt", KNOWN), KNOWN)


ENDLESS = {
    "loops in loops": "{% for a in range(9999) %}" * 2 + "{% endfor %}" * 2,
    "loops that print nothing": "{% for a in many %}" * 4 + "{% endfor %}" * 4,
    "loops that pass over all": (
        "{% for a in range(9999) %}{% for b in range(9999) if false %}{% endfor %}{% endfor %}"
    ),
    "a macro that calls others": (
        "{% macro a() %}{{ b() }}{{ b() }}{% endmacro %}"
        "{% macro b() %}{% for x in many %}{% for y in many %}"
        "{% endfor %}{% endfor %}{% endmacro %}"
        "{{ a() }}"
    ),
    "a recursive loop": (
        "{% for a in [many, many] recursive %}{% for b in many %}{% for c in many %}"
        "{% endfor %}{% endfor %}{{ loop([]) }}{% endfor %}"
    ),
    "a macro that calls itself": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "a file that includes itself": "{% include 'digest.txt' %}",
    "a loop over letters": "{% for a in word*9999 %}" * 2 + "{% endfor %}" * 2,
    "a while of a kind": (
        "{% set ns = namespace(go=[1]) %}{% for a in range(9999) %}{% for b in range(9999) %}"
        "{% set ns.go = ns.go + [1] %}{% endfor %}{% endfor %}"
    ),
}

HUGE = {
    "a text times": "{{ 'x' * 10**9 }}",
    "times a text": "{{ 1000000000 * 'x' }}",
    "a text times a variable": "{{ word * number }}",
    "a list times": "{{ (many * 100000) | length }}",
    "a power": "{{ 9 ** (9 ** 9) }}",
    "a power of two": "{{ 2 ** number }}",
    "numbers multiplied": "{% set ns = namespace(x=2**60) %}{% for a in range(40) %}"
    "{% set ns.x = ns.x * ns.x %}{% endfor %}{{ ns.x }}",
    "a text that doubles by +": "{% set ns = namespace(x='x') %}{% for a in range(40) %}"
    "{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
    "a text that doubles by ~": "{% set ns = namespace(x='x') %}{% for a in range(40) %}"
    "{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
    "a text that doubles by a block": "{% set ns = namespace(x='xx') %}{% for a in range(40) %}"
    "{% set y %}{{ ns.x }}{{ ns.x }}{% endset %}{% set ns.x = y %}{% endfor %}{{ ns.x }}",
    "a list of lists that doubles": "{% set ns = namespace(x=[1]) %}{% for a in range(60) %}"
    "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    "a tuple that doubles": "{% set ns = namespace(x=(1,)) %}{% for a in range(60) %}"
    "{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}",
    "lists doubled one by one": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 60 + "{{ a }}",
    "lists doubled with 'with'": (
        "{% with a=[1] %}" + "{% with a=[a, a] %}" * 30 + "{{ a }}" + "{% endwith %}" * 31
    ),
    "lists doubled by a macro": "{% macro m(x, n) %}{% if n %}{{ m([x, x], n - 1) }}{% else %}"
    "{{ x }}{% endif %}{% endmacro %}{{ m([1], 60) }}",
    "a format": "{{ '%1000000000d' % 7 }}",
    "a format by a variable": "{{ '%*d' % (number, 7) }}",
    "a precision": "{{ '%.1000000000f' % 7 }}",
    "the format filter": "{{ '%1000000000s' | format('x') }}",
    "the format method": "{{ '{:>1000000000}'.format('x') }}",
    "the format method by a variable": "{{ '{:>{}}'.format('x', number) }}",
    "the format method by a text": "{{ '{:{}}'.format('x', '>1000000000') }}",
    "format_map": "{{ '{a:>1000000000}'.format_map({'a': 'x'}) }}",
    "center": "{{ 'x' | center(number) }}",
    "the center method": "{{ 'x'.center(number) }}",
    "ljust": "{{ word.ljust(number) }}",
    "zfill": "{{ word.zfill(width) if width is defined else word.zfill(number) }}",
    "expandtabs": "{{ '\t'.expandtabs(number) }}",
    "many tabs": "{{ ('\t' * 100000).expandtabs(9999) }}",
    "indent": "{{ word | indent(number, true) }}",
    "indent of many lines": "{{ ('x\n' * 100000) | indent(9000) }}",
    "indent by a long text": "{{ ('x\n' * 10000) | indent('y' * 9000) }}",
    "wordwrap by a long text": "{{ ('x ' * 100000) | wordwrap(1, wrapstring='y' * 9000) }}",
    "replace": "{{ ('x' * 100000) | replace('x', 'y' * 100000) }}",
    "the replace method": "{{ ('x' * 100000).replace('', 'y' * 100000) }}",
    "join": "{{ range(9999) | list | join('y' * 100000) }}",
    "the join method": "{{ ('y' * 100000).join(range(9999) | map('string') | list) }}",
    "join of what is read once": "{{ range(9999) | map('string') | join('y' * 1000) }}",
    "translate": "{{ ('x' * 100000).translate({120: 'y' * 100000}) }}",
    "a far range": "{{ range(10**9) | list }}",
    "a range of a variable": "{% for a in range(number) %}{% endfor %}",
    "batch": "{{ many | batch(number, 'x') | list }}",
    "slice": "{{ many | slice(number) | list }}",
    "round": "{{ 7.5 | round(number, 'floor') }}",
    "to_bytes": "{{ (7).to_bytes(number, 'big') }}",
    "tojson": "{{ many | tojson(indent=number) }}",
    "the output": "{% for a in range(9999) %}{{ word * 1000 }}{% endfor %}",
    "a long number": "{{ " + "9" * 5000 + " }}",
}

DEEP = {
    "brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "lists": "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "nots": "{{ " + "not " * 5000 + "1 }}",
    "minuses": "{{ " + "-" * 5000 + "1 }}",
    "filters": "{{ word" + "|upper" * 5000 + " }}",
    "attributes": "{{ word" + ".x" * 5000 + " }}",
    "sums": "{{ 1" + "+1" * 5000 + " }}",
    "joined": "{{ word" + "~word" * 10000 + " }}",
    "ands": "{{ 1" + " and 1" * 10000 + " }}",
    "ifs": "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "fors": "{% for a in [1] %}" * 60 + "{% endfor %}" * 60,
    "withs": "{% with %}" * 500 + "{% endwith %}" * 500,
    "macros": "{% macro a() %}" * 200 + "{% endmacro %}" * 200,
    "blocks": "".join(f"{{% block b{n} %}}" for n in range(300)) + "{% endblock %}" * 300,
    "elifs": "{% if 0 %}" + "{% elif 0 %}" * 5000 + "{% endif %}",
    "inline ifs": "{{ 1" + " if 1 else 1" * 3000 + " }}",
    "calls": "{{ word" + "()" * 3000 + " }}",
}


@pytest.mark.parametrize("source", [*ENDLESS.values()], ids=[*ENDLESS])
def test_what_has_no_end_is_given_one(source):
    with pytest.raises(TemplateFailed, match=r"let it do less|without end|nested too deeply"):
        rendered(source)


@pytest.mark.parametrize("source", [*HUGE.values()], ids=[*HUGE])
def test_what_would_be_huge_is_refused_before_it_is_made(source):
    with pytest.raises(TemplateFailed, match=r"templates/weekly/digest\.txt"):
        rendered(source)


@pytest.mark.parametrize("source", [*DEEP.values()], ids=[*DEEP])
def test_what_is_nested_deeply_is_a_sentence_or_works(source):
    try:
        rendered(source)
    except TemplateFailed as error:
        sentence = str(error)
    else:
        sentence = ""
    assert "Traceback" not in sentence
    assert len(sentence) < 500


def test_files_that_include_each_other_many_times_have_an_end():
    files = {f"{n}.txt": f"{{% include '{n + 1}.txt' %}}" * 10 for n in range(20)}

    with pytest.raises(TemplateFailed, match="turns of its loops"):
        rendered("{% include '0.txt' %}", **files, **{"20.txt": "x"})


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% for a in range(50) %}{% for b in range(50) %}x{% endfor %}{% endfor %}", "x" * 2500),
        ("{{ '-' * 72 }}", "-" * 72),
        ("{{ 2 ** 10 }}", "1024"),
        ("{{ '%05.2f' % 3.14159 }}", "03.14"),
        ("{{ '{:>8}'.format('x') }}", "       x"),
        ("{{ word | center(10) }}", "   word   "),
        ("{{ ['a', 'b'] | join(', ') }}", "a, b"),
        ("{{ many | length }}", "1000"),
        ("{% set a = [1, 2] %}{{ a }}", "[1, 2]"),
        ("{{ 7 % 4 }}", "3"),
        ("{{ [1, [2, {'a': (3,)}]] }}", "[1, [2, {'a': (3,)}]]"),
        ("{{ 'a' ~ 1 ~ ['b'] }}", "a1['b']"),
        ("{{ number | default(20261129) }}", "20000000"),
        ("{{ many | select('gt', 997) | list }}", "[998, 999]"),
        ("{{ 3.7 | round(1) }}", "3.7"),
        (FILTERED, "1/2;2/2;"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(word) }}", "<word>"),
        (RECURSIVE, "123"),
    ],
)  # fmt: skip
def test_what_templates_ordinarily_do_is_as_it_was(source, text):
    assert rendered(source) == text


def test_each_rendering_begins_with_all_it_may_have():
    source = "{% for a in range(9000) %}{% endfor %}ok"
    files = TemplateFiles("weekly", {"digest.txt": source})
    template = files.compile("digest.txt", KNOWN)

    found = {files.render(template, KNOWN) for _ in range(20)}

    assert found == {"ok"}


def test_time_is_bounded_where_turns_are_few_and_slow(monkeypatch):
    monkeypatch.setattr(bounds, "MOST_SECONDS", 0.0)

    with pytest.raises(TemplateFailed, match="takes more than 0 seconds"):
        rendered("{% for a in range(500) %}{{ word | upper }}{% endfor %}")


@pytest.mark.parametrize(
    "expression",
    ["'x' * 10**9 == ''", "2 ** (10 ** 10) > 1", "(" * 5000 + "1" + ")" * 5000, "range(10**9)|list",
     "('%1000000000d' % 7) == ''", "fields.city.center(10**9) == 'x'", "not " * 3000 + "true",
     "9" * 5000 + " > 1", "locale" + "|upper" * 3000],
)  # fmt: skip
def test_a_segment_is_bounded_like_a_template(expression):
    reader = Subscriber(1, "ada@example.org", locale="fr", fields={"city": "Lyon"})

    with pytest.raises(TemplateFailed, match=r"^segment '") as caught:
        compile_segment(expression)(reader)

    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("element", ["mj-wrapper", "div", "b", "table"])
def test_a_document_that_is_nested_too_deeply_for_what_reads_it_is_refused(element):
    inside = f"<{element}>" * 20_000 + f"</{element}>" * 20_000
    mjml = f"<mjml><mj-body><mj-section><mj-column><mj-text>{inside}</mj-text></mj-column>"
    mjml += "</mj-section></mj-body></mjml>"

    with pytest.raises(TemplateFailed, match="elements in one another"):
        html_of_mjml(mjml, template="weekly", sources={})
