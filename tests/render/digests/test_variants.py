"""One form for each variant of a digest, found by what its readers have in common."""

from dataclasses import dataclass, field

import pytest

from dispatch.errors import MessageUnusable, TemplateFailed
from dispatch.model.people.subscriber import Subscriber
from dispatch.render.digests.variant import CompiledDigest, CompiledVariant, Reading, Room
from dispatch.render.digests.variants import MOST, Variants
from dispatch.render.templates.words import Languages

ADA = Subscriber(1, "ada@example.org", "Ada", locale="en")
BOB = Subscriber(2, "bob@example.org", "Bob", locale="en")
ZOE = Subscriber(3, "zoe@example.org", locale="en")
JON = Subscriber(4, "jon@example.org", "Jon", locale="de")


class EnglishAndGerman(Languages):
    """Texts are there in these two."""

    def __init__(self):
        pass

    def pick(self, locale):
        return "de" if locale.startswith("de") else "en"


@dataclass
class Compiler:
    """Compiles as told: what the template reads, and what came of the digest."""

    reading: Reading = field(default_factory=lambda: Reading(("name",)))
    rooms: tuple[Room, ...] = ()
    reason: str = ""
    differs: bool = False
    asked: list[tuple[int, Reading]] = field(default_factory=list)

    def __call__(self, subscriber, reading):
        self.asked.append((subscriber.id, reading))
        digest = CompiledDigest(None, None, None, self.rooms)
        return CompiledVariant(
            self.reading,
            None if self.reason or self.differs else digest,
            reason=self.reason,
            differs=self.differs,
        )

    @property
    def compiled_for(self):
        return [number for number, _ in self.asked]


@pytest.fixture
def compiler():
    return Compiler()


@pytest.fixture
def variants(compiler):
    made = []

    def make(digest, names):
        made.append(names)
        return f"form {len(made)} of {', '.join(names)}"

    return Variants(compiler, make, languages=EnglishAndGerman())


def test_readers_who_differ_in_printed_values_have_one_form(variants, compiler):
    found = [variants.find(one) for one in (ADA, BOB, ADA)]

    form = "form 1 of name"
    assert found == [(form, ["Ada"]), (form, ["Bob"]), (form, ["Ada"])]
    assert compiler.compiled_for == [ADA.id]
    assert len(variants) == 1


@pytest.mark.parametrize("other", [ZOE, JON], ids=["an empty value", "another language"])
def test_others_have_a_form_of_their_own(variants, compiler, other):
    forms = [variants.find(one)[0] for one in (ADA, other, ADA, other)]

    assert forms == ["form 1 of name", "form 2 of name"] * 2
    assert compiler.compiled_for == [ADA.id, other.id]
    assert len(variants) == 2


def test_a_value_with_which_more_is_done_tells_forms_apart(variants, compiler):
    compiler.reading = Reading((), ("topics", "cadence", "locale"))
    weekly = Subscriber(5, "e@example.org", cadence="weekly")
    birds = Subscriber(6, "f@example.org", topics=("birds",))

    forms = [variants.find(one)[0] for one in (ADA, weekly, birds, BOB, JON)]

    assert len(set(forms)) == 4
    assert forms[0] == forms[3]


def test_what_the_template_looks_at_is_said_to_the_next_trial(variants, compiler):
    variants.find(ADA)
    variants.find(ZOE)

    assert compiler.asked == [(ADA.id, Reading()), (ZOE.id, Reading(("name",)))]


def test_forms_told_apart_by_less_are_made_again(variants, compiler):
    variants.find(ADA)
    compiler.reading = Reading(("email", "name"))
    variants.find(ZOE)

    assert len(variants) == 1
    assert variants.find(BOB) == ("form 3 of email, name", ["bob@example.org", "Bob"])
    assert compiler.compiled_for == [ADA.id, ZOE.id, BOB.id]


def test_a_value_of_several_lines_is_rendered_for_its_reader_alone(variants, compiler):
    compiler.reading = Reading(("fields.note",))
    one_line, two_lines = (
        Subscriber(7, "g@example.org", fields={"note": note}) for note in ("a b", "a\nb")
    )

    assert variants.find(one_line) == ("form 1 of fields.note", ["a b"])
    assert variants.find(two_lines) is None
    assert variants.find(one_line) is not None
    assert compiler.compiled_for == [7]


def test_a_value_that_finds_no_room_is_rendered_for_its_reader_alone(variants, compiler):
    compiler.rooms = (Room(("name",), 3),)

    assert variants.find(ADA) is not None
    assert variants.find(Subscriber(8, "h@example.org", "Adam", locale="en")) is None
    assert variants.find(BOB) is not None


def test_a_reader_who_finds_no_room_makes_a_form_for_the_others(variants, compiler):
    compiler.rooms = (Room(("name",), 2),)

    assert variants.find(ADA) is None
    assert variants.find(Subscriber(9, "i@example.org", "Al", locale="en")) is not None
    assert compiler.compiled_for == [ADA.id]


def test_what_cannot_be_compiled_is_tried_once(variants, compiler, capsys):
    compiler.reason = "the template does more with name than print"

    assert [variants.find(one) for one in (ADA, BOB, ADA)] == [None] * 3
    assert compiler.compiled_for == [ADA.id]
    assert len(variants) == 0


def test_and_its_reason_is_said_once(compiler, capsys):
    compiler.reason = "the template does more with name than print"
    variants = Variants(compiler, lambda *_: "", languages=EnglishAndGerman())

    for one in (ADA, ZOE, JON):
        variants.find(one)

    said = capsys.readouterr()
    assert (said.out + said.err).count("does more with name") == 1
    assert compiler.compiled_for == [ADA.id, ZOE.id, JON.id]


@pytest.mark.parametrize("error", [TemplateFailed, MessageUnusable])
def test_what_cannot_be_made_a_form_of_is_rendered(compiler, error):
    def make(*_):
        raise error("no")

    variants = Variants(compiler, make, languages=EnglishAndGerman())

    assert [variants.find(one) for one in (ADA, BOB)] == [None, None]
    assert compiler.compiled_for == [ADA.id]


def test_a_form_that_would_say_something_else_ends_all_compiling(variants, compiler):
    before = variants.find(ADA)
    compiler.differs = True

    assert before is not None
    assert [variants.find(one) for one in (ZOE, ADA, JON)] == [None] * 3
    assert compiler.compiled_for == [ADA.id, ZOE.id]


def test_an_edition_has_no_more_than_so_many_forms(variants, compiler):
    compiler.reading = Reading((), ("cadence",))
    readers = [Subscriber(n, "x@example.org", cadence=f"c{n}") for n in range(MOST + 1)]

    found = [variants.find(one) for one in readers]

    assert None not in found[:MOST]
    assert found[MOST] is None
    assert len(variants) == MOST
    assert variants.find(readers[0]) == found[0]
