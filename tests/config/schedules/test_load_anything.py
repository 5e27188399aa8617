"""schedules.yaml with anything in it: values, or what is wrong."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dispatch.errors import BadInput
from schedule_files import FULL

ODD_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["url", "feeds", "email", "social", "via", "x"]), inner)
    ),
    max_leaves=6,
)

KEYS = st.sampled_from(
    ["timezone", "locale", "sender", "public_url", "feeds", "channels", "campaigns", "a", "outbox"]
)

LENIENT = settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class TestWhateverIsWritten:
    @LENIENT
    @given(st.binary(max_size=300))
    def test_bytes_give_values_or_bad_input(self, load, content):
        self.loads_or_complains(load, content)

    @LENIENT
    @given(st.text(alphabet=" \n:-[]{}'\"#&*!|>%@?,<~ab1\t", max_size=80))
    @example("a: !!int x")
    @example("? ")
    @example("%TAG ! tag:x\n---\na: !b 1")
    def test_text_made_of_signs_gives_values_or_bad_input(self, load, content):
        self.loads_or_complains(load, content.encode())

    @LENIENT
    @given(st.dictionaries(KEYS, st.dictionaries(KEYS, ODD_VALUES, max_size=3) | ODD_VALUES))
    def test_any_shape_gives_values_or_bad_input(self, load, tree):
        import json

        self.loads_or_complains(load, json.dumps(tree).encode())

    @LENIENT
    @given(st.sampled_from(range(len(FULL))), st.text(max_size=3))
    def test_a_slip_anywhere_gives_values_or_bad_input(self, load, place, slip):
        content = (FULL[:place] + slip + FULL[place + 1 :]).encode("utf-8", "replace")

        self.loads_or_complains(load, content)

    def loads_or_complains(self, load, content: bytes) -> None:
        try:
            load(content)
        except BadInput as error:
            said = str(error)
        else:
            said = "fine"
        assert said.encode()  # it can be printed
