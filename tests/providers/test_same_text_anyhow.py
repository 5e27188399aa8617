"""Readers get the same by every vendor, whatever a template does and whatever is in it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.testing.samples import a_post
from render.render_samples import an_edition
from templates_and_readers import ODD_TEXTS, READERS, TEXTS, templates
from vendors.every import EVERY
from vendors.same_text import readings
from vendors.traps import TRAPS

BITS = st.lists(st.one_of(st.sampled_from(TRAPS), st.text(max_size=5)), max_size=5).map("".join)
TRAPPED = READERS.flatmap(
    lambda reader: st.builds(
        lambda name, city: replace(reader, name=name, fields={**reader.fields, "city": city}),
        BITS,
        BITS,
    )
)


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=30)
@given(
    template=st.one_of(templates(TEXTS), templates(ODD_TEXTS)),
    title=BITS,
    readers=st.lists(st.one_of(READERS, TRAPPED), min_size=1, max_size=4),
)
def test_whatever_a_template_does_every_reader_gets_what_is_rendered_for_them(
    name, template, title, readers
):
    content = replace(an_edition(template, [a_post(1, title=title)]), title=title or "x")

    received, rendered = readings(name, content, readers)

    assert received == rendered
