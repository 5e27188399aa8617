"""Templates and readers of all kinds, for Hypothesis: whatever a template does with a reader."""

from hypothesis import strategies as st

from dispatch.model.people.subscriber import Subscriber
from render.render_samples import PLAIN

BODY = "<mjml><mj-body><mj-section><mj-column>{}</mj-column></mj-section></mj-body></mjml>"


def own(**files: str):
    """A template of these pieces; the MJML goes into a body."""
    mjml = BODY.format(files.pop("mjml", "<mj-text>x</mj-text>"))
    named = {"subject.txt": "Hello", "digest.txt": "x", "digest.mjml": mjml}
    return PLAIN | named | {name.replace("_", "."): text for name, text in files.items()}


VALUES = st.one_of(
    st.sampled_from(
        ["", "Ada", "  ", "O'Neil \"<&>\"", "ليلى", "🏳️‍🌈 Zoë", ".", "=3D", "a\r\nBcc: b@c.d",
         "\xa0", "e\u0301", "x" * 300, "mot " * 60, "\\", "}}", "slot0", "\u2028a", "a\tb "]
    ),
    st.text(max_size=30),
)  # fmt: skip
READERS = st.builds(
    Subscriber,
    id=st.integers(1, 10**9),
    email=st.sampled_from(
        ["ada@example.org", "o'neil+news@example.org", "bücher@bücher.example", "a.b&c@example.org"]
    ),
    name=VALUES,
    locale=st.sampled_from(["fr", "en", "ar", ""]),
    topics=st.sampled_from([(), ("ai",), ("ai", "art")]),
    fields=st.fixed_dictionaries(
        {}, optional={"city": VALUES, "plan": st.sampled_from(["a", "b"])}
    ),
    link_version=st.sampled_from([0, 1]),
)
PRINTED = (
    "{{ subscriber.name }}",
    "{{ subscriber.email }}",
    "{{ subscriber.fields.city }}",
    "{{ subscriber.name | fallback('friend & co') }}",
    "{{ subscriber.name or subscriber.fields.city or 'you' }}",
    "{% if subscriber.name %}Dear {{ subscriber.name }}{% else %}Hello{% endif %}",
    "{{ 'Dear {n}, {n}'.format(n=subscriber.name) }}",
    "{{ 'Dear ' ~ subscriber.name ~ '<b>' }}",
    "{{ 'Dear ' + subscriber.name }}",
    "{% set x %}<{{ subscriber.name }}>{% endset %}{{ x }}{{ x }}",
    "{% set y = subscriber.fields.city %}{{ y }}",
    "{% macro hi(who) %}Hi {{ who }}!{% endmacro %}{{ hi(subscriber.name) }}",
    "{{ subscriber.topics | join(', ') }}",
    "{{ locale }}{{ subscriber.locale }}",
    "{{ links.preferences }} {{ links.cadence }}",
    "{{ subscriber.fields.plan | upper }}",
    "{% if subscriber.fields.plan == 'a' %}A{% endif %}",
)
NEEDED = (
    "{{ subscriber.name | upper }}",
    "{{ subscriber.name[:3] }}",
    "{{ subscriber.name | length }}",
    "{% for letter in subscriber.fields.city %}{{ letter }}.{% endfor %}",
    "{% if subscriber.fields.city is string %}s{% endif %}",
    "{{ [subscriber.name, 'x'] | join('+') }}",
    "{{ '%s' | format(subscriber.name) }}",
    "{% filter upper %}{{ subscriber.name }}{% endfilter %}",
    "{% set x %}{{ subscriber.name }}{% endset %}{% if x == 'Ada' %}yes{% endif %}",
    "{{ {'a': subscriber.name} }}",
    "{{ subscriber.name.upper() }}",
)
WORDS = (
    "a ",
    " ",
    "b",
    "é ",
    "=",
    ".",
    "..",
    "\n",
    "\n\n\n",
    " \n",
    "&amp;",
    "x" * 90,
    "\t",
    "\xa0",
)
TEXTS = st.lists(st.sampled_from(PRINTED + WORDS + WORDS), max_size=6).map("".join)
ODD_TEXTS = st.lists(st.sampled_from(PRINTED + NEEDED + WORDS), max_size=6).map("".join)
HOLDERS = (
    "<mj-text>{}</mj-text>",
    "<mj-text><p>a</p>{}<br /></mj-text>",
    '<mj-text><a title="{}" href="https://example.org/?{}">x</a></mj-text>',
    '<mj-button href="{}">x</mj-button>',
    "<mj-image src='{}' alt='{}' />",
    "<mj-text><!-- {} --></mj-text>",
    '<mj-text><p class="{}">x</p></mj-text>',
    '<mj-section background-url="{}"></mj-section>',
    "<mj-raw><pre>{}</pre><textarea>{}</textarea></mj-raw>",
    "<mj-raw><style>.x { color: red } {}</style></mj-raw>",
    '<mj-text padding="{} 0">x</mj-text>',
    "<mj-table><tr><td>{}</td></tr></mj-table>",
)


@st.composite
def templates(draw, texts):
    holders = draw(st.lists(st.sampled_from(HOLDERS), max_size=3))
    inside = "".join(holder.replace("{}", draw(texts)) for holder in holders)
    return own(
        subject_txt="S" + draw(texts),
        preheader_txt=draw(texts),
        digest_txt=draw(texts) + "\n{{ links.unsubscribe }}" + draw(texts),
        mjml=inside + '<mj-text><a href="{{ links.unsubscribe }}">{{ subject }}</a></mj-text>',
    )
