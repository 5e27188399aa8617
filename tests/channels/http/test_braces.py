"""Braces in our text reach a service as values, so that it begins no field there."""

import re

from hypothesis import given
from hypothesis import strategies as st

from dispatch.channels.http.braces import OPENING, braces_as_fields

FIELD = re.compile(r"\{\{params\.(\w+)\}\}")


@given(st.lists(st.text(alphabet="{}%# ab\n"), max_size=3))
def test_texts_come_out_as_they_were_and_begin_nothing(texts):
    written, values = braces_as_fields(texts, "{{{{params.{}}}}}".format)

    assert [FIELD.sub(lambda it: values[it[1]], text) for text in written] == texts
    assert not any(OPENING.search(rest) for text in written for rest in FIELD.split(text)[::2])


def test_nothing_changes_where_there_are_no_braces():
    texts = ["a {b} c", "", "}}"]

    assert braces_as_fields(texts, "{{{}}}".format) == (texts, {})
