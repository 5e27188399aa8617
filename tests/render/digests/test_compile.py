"""A template meets a reader who is nobody yet: what keeps a slot, and what needs the value."""

from functools import partial

import pytest

from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.placeholders import Place, Placeholder
from dispatch.render.digests.compile import CannotCompile, compile_digest
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.digests.variants import MOST, Variants
from dispatch.render.local_renderer import LocalRenderer
from dispatch.render.templates.context import view_subscriber
from dispatch.render.templates.links import LinksView
from dispatch.render.templates.symbolic_values import NeedsValue, SymbolicSubscriber
from dispatch.render.templates.words import Languages
from render.render_samples import PLAIN, an_edition

BASE = "https://news.example.org/leave/"
ADA = Subscriber(1, "ada@example.org", "Ada", "fr", topics=("ai",), fields={"city": "Lyon"})


def a_renderer(**files: str) -> DigestRenderer:
    named = {name.replace("_", "."): text for name, text in files.items()}
    return DigestRenderer(an_edition(PLAIN | named))


def compiled(**files: str):
    renderer = a_renderer(**files)
    view = SymbolicSubscriber(view_subscriber(ADA), renderer.symbolic_values, ())
    try:
        return compile_digest(renderer, ADA, view, bases=LinksView(BASE))
    except NeedsValue:
        return renderer.symbolic_values.needed


def in_html(mjml: str):
    body = f"<mjml><mj-body><mj-section><mj-column>{mjml}</mj-column></mj-section></mj-body></mjml>"
    return compiled(digest_mjml=body)


def variants_of(source: str, *readers: Subscriber) -> Variants:
    content = an_edition(PLAIN | {"digest.txt": source})
    compiled = partial(LocalRenderer().variant, content, bases=LinksView(BASE))
    variants = Variants(compiled, lambda *_: "form", languages=Languages(content))
    for reader in readers:
        variants.find(reader)
    return variants


NAME = Placeholder("name", Place.PLAIN)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hi {{ subscriber.name }}!", ("Hi ", NAME, "!\n")),
        ("{{ subscriber.name | fallback('you') }}", (NAME, "\n")),
        ("{{ subscriber.name | default('you', true) }}", (NAME, "\n")),
        ("{{ subscriber.name or 'you' }}", (NAME, "\n")),
        ("{{ 'yes' if subscriber.name else 'no' }}", ("yes\n",)),
        ("{{ 'Hi {who}'.format(who=subscriber.name) }}", ("Hi ", NAME, "\n")),
        ("{{ 'Hi ' ~ subscriber.name ~ 1 }}", ("Hi ", NAME, "1\n")),
        ("{{ 'Hi ' + subscriber.name + '!' }}", ("Hi ", NAME, "!\n")),
        ("{% set x %}Hi {{ subscriber.name }}{% endset %}{{ x }}", ("Hi ", NAME, "\n")),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(subscriber.name) }}", ("<", NAME, ">\n")),
        ("{{ links.unsubscribe }}", (BASE, Placeholder("token", Place.PLAIN), "\n")),
        ("{{ subscriber.fields.city }}", (Placeholder("fields.city", Place.PLAIN), "\n")),
        ("{{ subscriber.fields.other }}{{ subscriber.topics | join }}", ("ai\n",)),
    ],
)
def test_what_is_printed_or_joined_keeps_its_slot(source, text):
    assert compiled(digest_txt=source).text == text


@pytest.mark.parametrize(
    "source",
    [
        "{{ subscriber.name | upper }}",
        "{{ subscriber.name | length }}",
        "{{ subscriber.name.upper() }}",
        "{{ subscriber.name[0] }}",
        "{{ subscriber.name == 'Ada' }}",
        "{{ subscriber.name < 'B' }}",
        "{{ subscriber.name in ('Ada',) }}",
        "{{ subscriber.name is string }}",
        "{{ subscriber.name is sequence }}",
        "{{ 'Hi {who:>9}'.format(who=subscriber.name) }}",
        "{{ 'Hi {who!r}'.format(who=subscriber.name) }}",
        "{{ '%s' | format(subscriber.name) }}",
        "{{ [subscriber.name] | join }}",
        "{{ [subscriber.name] }}",
        "{{ {subscriber.name: 1} }}",
        "{% for letter in subscriber.name %}{{ letter }}{% endfor %}",
        "{% filter upper %}{{ subscriber.name }}{% endfilter %}",
        "{% set x %}{{ subscriber.name }}{% endset %}{{ x == 'Ada' }}",
        "{% set x | trim %}{{ subscriber.name }}{% endset %}{{ x }}",
        "{% macro m() %}{{ subscriber.name }}{% endmacro %}{{ m() | wordwrap(20) }}",
        "{{ ('Hi ' ~ subscriber.name) | upper }}",
    ],
)
def test_whatever_reads_a_value_needs_it(source):
    assert compiled(digest_txt=source) == {"name"}


@pytest.mark.parametrize("source", ["{{ subscriber }}", "{{ 'city' in subscriber.fields }}"])
def test_who_looks_at_the_whole_reader_needs_them(source):
    assert compiled(digest_txt=source) == {"subscriber"}


@pytest.mark.parametrize(
    ("mjml", "place"),
    [
        ("<mj-text>{{ subscriber.name }}</mj-text>", Place.HTML),
        ("<mj-text><a href='#{{ subscriber.name }}'>x</a></mj-text>", Place.ATTRIBUTE),
        ("<mj-button href='{{ subscriber.name }}'>x</mj-button>", Place.ATTRIBUTE),
        ("<mj-image src='x' alt='For {{ subscriber.name }}' />", Place.ATTRIBUTE),
        ("{% macro b(x) %}<p>{{ x }}</p>{% endmacro %}<mj-text>{{ b(subscriber.name) }}</mj-text>",
         Place.HTML),
    ],
)  # fmt: skip
def test_a_slot_knows_how_html_is_written_there(mjml, place):
    html = in_html(mjml).html

    assert {part for part in html if isinstance(part, Placeholder)} == {Placeholder("name", place)}


@pytest.mark.parametrize(
    "mjml",
    [
        "<mj-text><!-- {{ subscriber.name }} --></mj-text>",
        "<mj-text><p class='{{ subscriber.name }}'>x</p></mj-text>",
        "<mj-text><p style='color: {{ subscriber.name }}'>x</p></mj-text>",
        "<mj-raw><style>{{ subscriber.name }}</style></mj-raw>",
        "<mj-text padding='{{ subscriber.name }}'>x</mj-text>",
        "<mj-text>{{ subscriber.name | safe }}</mj-text>",
        "<mj-text>{% autoescape false %}{{ subscriber.name }}{% endautoescape %}</mj-text>",
        "<mj-raw><style>a[title] {}</style><a title='{{ subscriber.name }}'>x</a></mj-raw>",
    ],
)
def test_a_value_that_may_change_the_document_around_it_is_needed(mjml):
    assert in_html(mjml) == {"name"}


def test_readers_share_a_form_unless_they_differ_in_what_the_template_asks():
    source = "{{ subscriber.name }} {{ subscriber.fields.plan | upper }}"

    readers = [
        Subscriber(1, "a@b.c", name, "fr", fields={"plan": plan, "x": name})
        for name in ("", "Ada", "Grace")
        for plan in ("", "free", "paid")
    ]

    variants = variants_of(source, *readers, *readers)

    assert len(variants) == 2 * 3


def test_a_template_that_reads_a_name_has_no_form():
    assert len(variants_of("{{ subscriber.name | upper }}", ADA)) == 0


def test_a_template_that_fails_has_no_form():
    with pytest.raises(CannotCompile):
        compiled(digest_txt="{{ 1 / 0 }}")


def test_the_number_of_forms_has_a_limit():
    readers = [
        Subscriber(number, "a@b.c", fields={"city": str(number)}) for number in range(MOST + 20)
    ]

    variants = variants_of("{{ subscriber.fields.city | length }}", *readers)

    assert len(variants) == MOST
    assert variants.find(readers[0]) is not None
    assert variants.find(readers[-1]) is None


ANY_ORDER = [("ia", "dessin"), ("dessin", "ia"), ("IA", "Dessin"), ("dessin", "ia", "IA")]


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'IA' in subscriber.topics }}",
        "{{ subscriber.topics | join(', ') }}",
        "{% for topic in subscriber.topics %}{{ topic }} {% endfor %}",
        "{{ subscriber.topics | length }}",
        "{{ subscriber.topics == ['ia', 'dessin'] }}",
    ],
)
def test_readers_with_the_same_topics_in_any_order_share_a_variant(source):
    readers = [Subscriber(n, f"r{n}@example.org", topics=one) for n, one in enumerate(ANY_ORDER)]

    variants = variants_of(source, *readers)

    assert len(variants) == 1
    assert all(variants.find(reader) for reader in readers)


def test_readers_with_other_topics_have_their_own_variants():
    topics = [("ia",), ("dessin",), ("ia", "dessin"), ()]
    readers = [Subscriber(n, f"r{n}@example.org", topics=one) for n, one in enumerate(topics)]

    assert len(variants_of("{{ 'IA' in subscriber.topics }}", *readers)) == 4
