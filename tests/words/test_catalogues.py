"""Sentences in the language that was asked for, from one file for each language."""

import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.words.catalogues import Catalogues, ours, team_words_in, words_in

ROOT = Path(__file__).parents[2]
OURS = ROOT / "src/dispatch/words"
FORMS = {
    "en": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
}


class Folder:
    """A folder of catalogues that a test writes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, locale: str, *entries: str) -> "Folder":
        kind = "Content-Type: text/plain; charset=UTF-8"
        forms = FORMS.get(locale, FORMS["en"])
        header = f'msgid ""\nmsgstr ""\n"{kind}\\n"\n"Plural-Forms: {forms}\\n"'
        text = "\n\n".join([header, *entries]) + "\n"
        (self.path / f"{locale}.po").write_text(text, encoding="utf-8")
        return self

    def read(self) -> Catalogues:
        return Catalogues(self.path)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def one(name: str, text: str) -> str:
    return f'msgid "{name}"\nmsgstr "{text}"'


def many(name: str, *forms: str) -> str:
    said = "\n".join(f'msgstr[{number}] "{text}"' for number, text in enumerate(forms))
    return f'msgid "{name}"\nmsgid_plural "{name}"\n{said}'


POSTS = many("posts", "{count} post", "{count} posts")


def test_a_language_is_one_file_more(folder):
    for path in OURS.glob("*.po"):
        (folder.path / path.name).write_bytes(path.read_bytes())
    folder.add("eo", one("unsubscribe.title", "Malaboni"))

    catalogues = folder.read()

    assert catalogues.locales == sorted([*ours().locales, "eo"])
    assert catalogues.pick(["eo"])("unsubscribe.title") == "Malaboni"
    assert catalogues.pick(["eo"])("unsubscribe.done") == "You are unsubscribed."


def test_what_a_region_does_not_say_is_said_in_its_language_and_then_in_english(folder):
    folder.add("en", one("a", "A"), one("b", "B"), one("c", "C"))
    folder.add("pt", one("a", "pt A"), one("b", "pt B"))
    folder.add("pt_BR", one("a", "br A"))

    words = folder.read().pick(["pt-BR"])

    assert [words("a"), words("b"), words("c")] == ["br A", "pt B", "C"]


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        (["fr"], "fr"),
        (["FR"], "fr"),
        (["fr-CA"], "fr"),
        (["fr_CA.UTF-8"], "fr"),
        (["pt-br"], "pt_BR"),
        (["PT_br"], "pt_BR"),
        (["zh-Hant-TW"], "zh_Hant"),
        (["ja"], "ja_JP"),
        (["de", "fr-CH", "pt-BR"], "fr"),
        (["frr"], "en"),
        (["*"], "en"),
        (["", "-", "_fr", "\xe9" * 5_000], "en"),
        (["x-" * 50_000], "en"),
        ([], "en"),
    ],
)
def test_the_first_wanted_language_that_there_is_is_picked(folder, wanted, locale):
    for name in ("en", "fr", "pt_BR", "zh_Hant", "ja_JP"):
        folder.add(name)

    assert folder.read().pick(wanted).locale == locale


@pytest.mark.parametrize(
    ("locale", "forms", "expected"),
    [
        ("en", ["{count} post", "{count} posts"], {0: "0 posts", 1: "1 post", 2: "2 posts"}),
        ("fr", ["{count} texte", "{count} textes"], {0: "0 texte", 1: "1 texte", 2: "2 textes"}),
        (
            "pl",
            ["{count} wpis", "{count} wpisy", "{count} wpisów"],
            {1: "1 wpis", 2: "2 wpisy", 5: "5 wpisów", 22: "22 wpisy"},
        ),
    ],
)
def test_a_count_chooses_the_plural_form_of_its_language(folder, locale, forms, expected):
    words = folder.add(locale, many("posts", *forms)).read().pick([locale])

    assert {count: words("posts", count=count) for count in expected} == expected


def test_whole_numbers_are_written_as_the_language_writes_them(folder):
    folder.add("en", one("a", "{number} of {name}"), POSTS).add("fr")

    english, french = (folder.read().pick([locale]) for locale in ("en", "fr"))

    assert english("a", number=12_345, name="12345") == "12,345 of 12345"
    assert english("posts", count=12_345) == "12,345 posts"
    assert french("a", number=12_345, name="x") == "12\u202f345 of x"


def test_what_a_translator_is_unsure_of_is_said_in_english(folder):
    folder.add("en", one("a", "A")).add("fr", "#, fuzzy\n" + one("a", "À ?"))

    assert folder.read().pick(["fr"])("a") == "A"


@pytest.mark.parametrize(
    ("day", "told"),
    [("8 déc.", "Until 8 déc. Then 8 déc. or so…"), ("8 Dec", "Until 8 Dec. Then 8 Dec or so…")],
)
def test_a_sentence_has_one_full_stop_also_where_its_last_word_has_one(folder, day, told):
    words = folder.add("en", one("until", "Until {day}. Then {day} or so…")).read().pick(["en"])

    assert words("until", day=day) == told


def test_what_somebody_wrote_keeps_its_dots(folder):
    words = folder.add("en", one("said", "{who}: {text} ... and so on..")).read().pick(["en"])

    assert words("said", who="Ada", text="a..b") == "Ada: a..b ... and so on.."


def test_a_value_is_filled_in_as_it_is(folder):
    folder.add("en", one("a", "For {name}."))

    words = folder.read().pick(["en"])

    assert words("a", name="{count} & <b>") == "For {count} & <b>."


@pytest.mark.parametrize(
    ("name", "values"),
    [("nothing", {}), ("a", {}), ("a", {"nome": 1}), ("posts", {}), ("a", {"count": 1})],
)
def test_a_name_or_a_value_that_there_is_not_is_an_error(folder, name, values):
    words = folder.add("en", one("a", "For {name}."), POSTS).read().pick(["en"])

    with pytest.raises(LookupError):
        words(name, **values)


@pytest.mark.parametrize(
    ("locale", "tag", "direction", "name"),
    [
        ("en", "en", "ltr", "English"),
        ("fr", "fr", "ltr", "Français"),
        ("pt_BR", "pt-BR", "ltr", "Português (Brasil)"),
        ("ar", "ar", "rtl", "العربية"),
    ],
)
def test_pages_learn_how_the_language_is_named_and_written(folder, locale, tag, direction, name):
    words = folder.add(locale).read().pick([locale])

    assert (words.tag, words.direction, words.name) == (tag, direction, name)


def test_the_help_of_the_command_reads_no_catalogue():
    look = "import sys, dispatch.words.catalogues; sys.exit('babel' in sys.modules)"
    read = [sys.executable, "-X", "importtime", "-m", "dispatch", "--help"]

    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
    told = subprocess.run(read, check=True, capture_output=True, text=True)
    assert "babel.messages" not in told.stderr


def test_french_is_read_when_it_is_first_wanted_and_kept():
    assert words_in("fr") is words_in("fr-CA")
    assert words_in("fr")("preferences.save") == "Enregistrer"


@pytest.mark.parametrize("locale", ours().locales)
def test_reading_a_catalogue_takes_few_calls_for_each_sentence(locale):
    sentences = (OURS / f"{locale}.po").read_text(encoding="utf-8").count("\nmsgid ")
    words_in(locale)  # imports what reads it
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        Catalogues(OURS).pick([locale])
    finally:
        sys.setprofile(None)

    assert calls < 200 * sentences


def test_catalogues_and_what_pages_are_made_of_are_in_the_package_that_is_installed(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)

    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
    kept = [
        path
        for folder in ("web/pages", "web/static")
        for path in (OURS.parent / folder).rglob("*")
        if path.is_file()
    ]
    needed = {str(path.relative_to(ROOT / "src")) for path in [*OURS.rglob("*.po"), *kept]}
    assert len(needed) > 8
    assert needed <= names


@pytest.mark.parametrize(
    ("locale", "day", "pattern", "told"),
    [
        ("fr", 1, "EEEE d MMMM", "mardi 1er décembre"),
        ("fr", 1, "d MMM y", "1er déc. 2026"),
        ("fr", 2, "EEEE d MMMM", "mercredi 2 décembre"),
        ("fr", 11, "d MMMM", "11 décembre"),
        ("fr", 1, "EEEE", "mardi"),
        ("en", 1, "EEE d MMM", "Tue 1 Dec"),
    ],
)
def test_in_french_the_first_of_a_month_is_an_ordinal(locale, day, pattern, told):
    assert team_words_in(locale).moment(datetime(2026, 12, day, 9, tzinfo=UTC), pattern) == told
