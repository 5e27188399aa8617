"""The template of readers' mails is tried as others are."""

import pytest

from dispatch.render.templates.files import load_template
from dispatch.render.trials.check_mail import check_mail_template
from reader_mail_stage import TEMPLATES

OURS = load_template(TEMPLATES, "confirm")


def problems(**files: str) -> list[str]:
    """With these files in the place of ours, by their names with underscores."""
    changed = {name.replace("_", "."): text for name, text in files.items()}
    return check_mail_template("confirm", {**OURS, **changed}, pictures={})


def test_the_one_that_comes_with_dispatch_has_no_problem():
    assert problems() == []


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"mail_txt": "Hello"}, "mail.txt: nothing to press - print {{ link }}"),
        (
            {"mail_mjml": "<mjml><mj-body></mj-body></mjml>"},
            "mail.mjml: nothing to press - link to {{ link }}",
        ),
        ({"mail_mjml": "<mjml><mj-body></mjml>"}, "mail.mjml:1: <mj-body> is not closed"),
        ({"mail_txt": "{{ link }} {{ edition.title }}"}, "mail.txt:1: unknown name 'edition'"),
        ({"mail_txt": "{{ link }} {{ words.gone }}"}, "mail.txt:1: unknown name 'gone'"),
        ({"mail_txt": "{{ link }} {{ words[topic] }}"}, "mail.txt:1: unknown name 'confirm'"),
        ({"subject_txt": "{% if false %}x{% endif %}"}, "subject.txt: gives nothing"),
        ({"words_yaml": "en:\n  a: x\nfr:\n  b: y\n"}, "words.yaml: en.b: missing"),
    ],
)
def test_each_flaw_is_told_with_its_file(files, found):
    first = problems(**files)[0]

    assert first.startswith(f"templates/confirm/{found}")


def test_a_file_that_is_missing_is_told():
    sources = {name: text for name, text in OURS.items() if name != "mail.txt"}

    [problem] = check_mail_template("confirm", sources, pictures={})

    assert problem.startswith("templates/confirm/mail.txt: missing")
