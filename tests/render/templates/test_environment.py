import re

import pytest

from dispatch.errors import TemplateFailed
from dispatch.model.people.subscriber import Subscriber
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.templates import environment
from dispatch.render.templates.environment import TemplateFiles
from dispatch.render.templates.symbolic_values import SymbolicValues
from dispatch.render.trials.samples import trial_content
from render.render_samples import LEAVE, PLAIN, Page, an_edition

ADA = Subscriber(1, "ada@example.org", "Ada", "fr", fields={"city": "Lyon"})


def text_of(source: str, **files: str) -> str:
    sources = PLAIN | {"digest.txt": source} | {k.replace("_", "."): v for k, v in files.items()}
    return DigestRenderer(an_edition(sources)).render(ADA, unsubscribe_url=LEAVE).text


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "\n\n{{ editoin.title }}",
            "digest.txt:3: unknown name 'editoin' - did you mean 'edition'?",
        ),
        ("\n{{ subscriber.naem }}", "digest.txt:2: unknown name 'naem' - did you mean 'name'?"),
        ("{{ words.hello }}", "digest.txt:1: unknown name 'hello'"),
        (
            "{% for p in edition.posts %}\n{{ p.titel }}\n{% endfor %}",
            "digest.txt:2: unknown name 'titel'",
        ),
        (
            "{{ edition.title | tease }}",
            "digest.txt:1: unknown filter 'tease' - did you mean 'teaser'?",
        ),
        ("a\n{% if %}", "digest.txt:2: "),
        ("\n{% for x in edition.posts %}", "digest.txt:2: "),
        ("{% include 'foter.txt' %}", "digest.txt:1: includes 'foter.txt'"),
        ("x\n{{ 1 / 0 }}", "digest.txt:2: cannot be rendered (ZeroDivisionError"),
        ("{{ edition.title | fit }}", "'fit' is for snippets only"),
        ("{{ post.title }}", "digest.txt:1: unknown name 'post'"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(source: str, message: str) -> None:
    with pytest.raises(TemplateFailed, match=re.escape(message)):
        text_of(source)


def test_a_mistake_in_an_included_file_is_told_with_that_file() -> None:
    with pytest.raises(TemplateFailed, match=re.escape("templates/own/foot.txt:2: unknown name")):
        text_of("{% include 'foot.txt' %}", foot_txt="\n{{ sender.nmae }}")


def test_a_file_that_includes_itself_is_refused() -> None:
    with pytest.raises(TemplateFailed, match="calls itself without end"):
        text_of("{% include 'digest.txt' %}")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ edition.__class__ }}",
        "{{ edition.__init__.__globals__ }}",
        "{{ edition['__class__'] }}",
        "{{ words._values }}",
        "{{ subscriber.fields._values }}",
        "{{ (edition | attr('__class__')) }}",
        "{{ '{0.__class__}'.format(edition) }}",
        "{{ edition.posts.append(1) }}",
        "{{ [].append.__self__ }}",
        "{{ self.__init__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ range(10000000) | list }}",
        "{{ lipsum() }}",
        "{{ [1, 2] | random }}",
        "{% include '/etc/passwd' %}",
        "{% include '../weekly/digest.txt' %}",
    ],
)
def test_nobody_gets_out_of_the_sandbox(source: str) -> None:
    with pytest.raises(TemplateFailed):
        text_of(source)


def test_partials_and_macros_of_the_same_folder_can_be_used() -> None:
    macros = "{% macro bold(words) %}*{{ words }}*{% endmacro %}"

    text = text_of(
        "{% from 'macros.txt' import bold %}{{ bold(subscriber.name) }} {% include 'foot.txt' %}",
        macros_txt=macros,
        foot_txt="-- {{ sender.name }}",
    )

    assert text == "*Ada* -- La Lettre\n"


def test_a_column_that_a_person_does_not_have_is_empty() -> None:
    text = text_of("[{{ subscriber.fields.city }}] [{{ subscriber.fields.country }}]")

    assert text == "[Lyon] []\n"


def test_mjml_escapes_what_it_prints_and_text_does_not() -> None:
    sources = PLAIN | {"subject.txt": "a < b & c"}
    sources["digest.mjml"] = PLAIN["digest.mjml"].replace("edition.posts[0].title", "subject")
    sources["digest.txt"] = "{{ subject }}"

    digest = DigestRenderer(an_edition(sources)).render(ADA, unsubscribe_url=LEAVE)

    assert "a &lt; b &amp; c" in digest.html
    assert digest.text == "a < b & c\n"


def test_the_content_of_a_post_is_html_already() -> None:
    mjml = PLAIN["digest.mjml"].replace("edition.posts[0].title", "edition.posts[0].content")

    digest = DigestRenderer(an_edition(PLAIN | {"digest.mjml": mjml})).render(
        ADA, unsubscribe_url=LEAVE
    )

    assert Page(digest.html).all("em")


BRANCHES = {
    "used in the branch": ("{% if post %}{% set told = 1 %}{{ told }}{% endif %}", set()),
    "set in two of three": (
        "{% if a %}{% set x = 1 %}{% elif b %}{% set x = 2 %}{% else %}-{% endif %}{{ x }}",
        set(),
    ),
    "within another": (
        "{% if a %}{% if b %}{% set x %}1{% endset %}{{ x }}{% endif %}{% endif %}",
        set(),
    ),
    "a macro": ("{% if a %}{% macro m() %}1{% endmacro %}{{ m() }}{% endif %}", set()),
    "used before": ("{{ x }}{% if a %}{% set x = 1 %}{% endif %}", {"x"}),
    "set in a loop": ("{% for a in [1] %}{% set x = 1 %}{% endfor %}{{ x }}", {"x"}),
    "a branch in a loop": (
        "{% for a in [1] %}{% if a %}{% set x = 1 %}{% endif %}{{ x }}{% endfor %}{{ x }}",
        {"x"},
    ),
    "misspelt": ("{% if post %}{% set told = 1 %}{{ tolt }}{% endif %}", {"tolt"}),
}


@pytest.mark.parametrize(("source", "unknown"), BRANCHES.values(), ids=BRANCHES)
def test_a_name_that_one_branch_sets_is_known(source: str, unknown: set[str]) -> None:
    files = TemplateFiles("own", {"digest.txt": source})

    problems = files.problems("digest.txt", {"a", "b", "post"})

    assert len(problems) == len(unknown)
    assert all(f"unknown name '{name}'" in problems[0] for name in unknown)


@pytest.mark.parametrize(
    "source",
    [
        "{% if a %}\n{{ x }}{{ b }}{% endif %}\n{% for y in z %}{{ loop.index }}{% endfor %}",
        "{% if a %}{% set x = 1 %}{% endif %}\n{{ x }}{{ y }}",
        "{% macro m(a, b=c) %}{{ a }}{{ d }}{{ range(3) }}{% endmacro %}{{ m(1) }}",
        "{% from 'other.txt' import e %}{% include 'other.txt' %}{{ e(f) }}{% set g = h %}",
        "{% for a in b if a > c %}{% else %}{{ d }}{% endfor %}{% with x = y %}{% endwith %}",
    ],
)
def test_a_file_is_said_to_take_the_same_names_whether_its_code_is_made_or_remembered(source):
    sources = {"digest.txt": source, "other.txt": "{{ unasked }}{% macro e(a) %}{% endmacro %}"}

    def told(symbolic_values: SymbolicValues | None) -> list[str]:
        return TemplateFiles("own", sources, symbolic_values).problems("digest.txt", {"known"})

    made = told(None)
    remembered = told(None)
    environment._USES.clear()
    anew = told(None)
    environment._USES.clear()
    in_symbols = told(SymbolicValues(trial_content("own", {}, locale="en")))

    assert made
    assert made == remembered == anew == in_symbols
