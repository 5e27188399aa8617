"""Changes in a file that somebody has written with care: only what they are about is another."""

import difflib

import pytest

from dispatch.config.splice import section
from dispatch.config.splice.apply import spliced
from dispatch.config.splice.change import Append, Put, Remove, Unchangeable, meant
from dispatch.yaml_text import read_yaml_text

WRITTEN = """\
# head
timezone:   Europe/Paris   # ours
campaigns:
    weekly:
        feeds:
          - blog      # first
          - culture   # second
        # when
        schedule: {every: tuesday, at: '09:00',
                   late: 6h}   # Marie asked for it
        posts: {at_least: 1}
        email: &mail
            audience: readers
            template: weekly
        # approval: {needed: true}

    # once a month
    monthly:
        feeds: [blog, ]
        email: *mail
        words: |
          One

          two
        social:
        - via: mastodon
          each: post   # every one
        - via: bluesky
        title:
forms: {}
"""

WEEKLY, MONTHLY = ("campaigns", "weekly"), ("campaigns", "monthly")

# ruff: noqa: ISC004 - lines of one text
CASES = {
    "a value, with the space before it and the remark behind it": (
        [Put(("timezone",), "Europe/Brussels")],
        "-timezone:   Europe/Paris   # ours\n+timezone:   Europe/Brussels   # ours\n",
    ),
    "a value keeps its quotes": (
        [Put((*WEEKLY, "schedule", "at"), "08:30")],
        "-        schedule: {every: tuesday, at: '09:00',\n"
        "+        schedule: {every: tuesday, at: '08:30',\n",
    ),
    "a key goes into the brackets": (
        [Put((*WEEKLY, "posts", "at_most"), 8)],
        "-        posts: {at_least: 1}\n+        posts: {at_least: 1, at_most: 8}\n",
    ),
    "a key gets a line where its neighbours have one": (
        [Put((*WEEKLY, "schedule", "quiet"), "22:00-07:00")],
        "-                   late: 6h}   # Marie asked for it\n"
        "+                   late: 6h,\n"
        '+                   quiet: "22:00-07:00"}   # Marie asked for it\n',
    ),
    "a group stands behind the remarks of the one around it": (
        [Put((*WEEKLY, "archive"), "public")],
        "+        archive: public\n",
    ),
    "an item at the end of a list": (
        [Append((*WEEKLY, "feeds"), "agenda")],
        "+          - agenda\n",
    ),
    "an item at its beginning": (
        [Put((*WEEKLY, "feeds"), ["agenda", "blog", "culture"])],
        "+          - agenda\n",
    ),
    "an item taken out, with the remark on its line": (
        [Put((*WEEKLY, "feeds"), ["culture"])],
        "-          - blog      # first\n",
    ),
    "an item behind a comma that stands there already": (
        [Append((*MONTHLY, "feeds"), "culture")],
        "-        feeds: [blog, ]\n+        feeds: [blog, culture, ]\n",
    ),
    "a list is made": (
        [Append((*WEEKLY, "schedule", "except"), "2026-12-24")],
        "-                   late: 6h}   # Marie asked for it\n"
        "+                   late: 6h,\n"
        "+                   except: [2026-12-24]}   # Marie asked for it\n",
    ),
    "a value that stands alone becomes a list": (
        [Append((*WEEKLY, "schedule", "every"), "friday")],
        "-        schedule: {every: tuesday, at: '09:00',\n"
        "+        schedule: {every: [tuesday, friday], at: '09:00',\n",
    ),
    "what many share changes for one alone": (
        [Put((*MONTHLY, "email", "template"), "monthly")],
        "-        email: *mail\n+        email: {audience: readers, template: monthly}\n",
    ),
    "and so it does where it is written": (
        [Put((*WEEKLY, "email", "template"), "new")],
        "-            template: weekly\n+            template: new\n"
        "-        email: *mail\n+        email: {audience: readers, template: weekly}\n",
    ),
    "who shared what goes keeps it": (
        [Remove((*WEEKLY, "email"))],
        "-        email: &mail\n-            audience: readers\n-            template: weekly\n"
        "-        email: *mail\n+        email: {audience: readers, template: weekly}\n",
    ),
    "a key that nothing stands behind": (
        [Put((*MONTHLY, "title"), "yes")],
        '-        title:\n+        title: "yes"\n',
    ),
    "several lines become others": (
        [Put((*MONTHLY, "words"), "Three\n")],
        '-        words: |\n-          One\n-\n-          two\n+        words: "Three\\n"\n',
    ),
    "several lines": (
        [Put((*WEEKLY, "email", "about"), "One: two\n# three")],
        "+            about: |-\n+                One: two\n+                # three\n"
        "-        email: *mail\n+        email: {audience: readers, template: weekly}\n",
    ),
    "a key of an item": (
        [Put((*MONTHLY, "social", 1, "each"), "edition")],
        "+          each: edition\n",
    ),
    "the first key of an item": (
        [Remove((*MONTHLY, "social", 0, "via"))],
        "-        - via: mastodon\n+        -\n",
    ),
    "an item like its neighbours": (
        [Append((*MONTHLY, "social"), {"via": "hook", "each": "edition"})],
        "+        - via: hook\n+          each: edition\n",
    ),
    "a group that holds nothing any more goes, too": (
        [Remove((*WEEKLY, "posts", "at_least"))],
        "-        posts: {at_least: 1}\n",
    ),
    "one at the top stays": (
        [Put(("forms", "news"), {"audiences": ["readers"]})],
        "-forms: {}\n+forms: {news: {audiences: [readers]}}\n",
    ),
    "what is not there may be removed": (
        [Remove((*WEEKLY, "archive")), Remove(("segments", "x", 1)), Remove(("forms", 0))],
        "",
    ),
    "the same again changes nothing": (
        [Put((*WEEKLY, "posts"), {"at_least": 1}), Put((*WEEKLY, "feeds"), ["blog", "culture"])],
        "",
    ),
    "a whole campaign goes with the remarks in it": (
        [Remove(WEEKLY)],
        "".join(f"-{line}" for line in WRITTEN.splitlines(keepends=True)[3:15])
        + "-        email: *mail\n+        email: {audience: readers, template: weekly}\n",
    ),
    "a new campaign": (
        [Put(("campaigns", "letters"), {"feeds": ["blog"], "schedule": {"at": "09:00"}})],
        '+\n+    letters:\n+        feeds: [blog]\n+        schedule: {at: "09:00"}\n',
    ),
    "a group at the top": (
        [Put(("segments", "french"), "locale == 'fr'")],
        "+segments: {french: \"locale == 'fr'\"}\n",
    ),
}


def changed(before: str, after: str) -> str:
    lines = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return "".join(line[0] + line[2:] for line in lines if line[0] in "+-")


@pytest.mark.parametrize(("changes", "lines"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
def test_only_what_is_changed_is_another(changes, lines, ends):
    before = WRITTEN.replace("\n", ends)

    after = spliced(before, changes)

    assert sorted(changed(before, after).splitlines()) == sorted(lines.splitlines())
    assert after.count("\n") == after.count(ends)
    assert read_yaml_text(after).tree == meant(read_yaml_text(WRITTEN).tree, changes)


@pytest.mark.parametrize("changes", [one for one, _ in CASES.values()], ids=CASES)
@pytest.mark.parametrize(
    "dress",
    [
        lambda text: text.rstrip("\n"),
        lambda text: "\ufeff" + text,
        lambda text: f"---\n{text}...\n# behind\n",
        lambda text: "%YAML 1.2\n---\n" + text,
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace(": ", ":   "),
        lambda text: text.replace("weekly:", '"weekly":').replace("feeds:", "'feeds' :"),
        lambda text: text.replace("\n", "   \n"),
    ],
    ids=["no end", "mark", "document", "directive", "gaps", "wide", "quoted keys", "space behind"],
)
def test_however_the_file_is_written_it_says_what_was_meant(changes, dress):
    before = dress(WRITTEN)

    after = spliced(before, changes)

    wanted = meant(read_yaml_text(before.removeprefix("\ufeff")).tree, changes)
    assert read_yaml_text(after.removeprefix("\ufeff")).tree == wanted
    assert after.endswith("\n") == before.endswith("\n") or not before.endswith("\n")
    assert after.startswith("\ufeff") == before.startswith("\ufeff")


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("a: 1\n", Put(("a", "b"), 1)),
        ("a: [1]\n", Put(("a", 3), 1)),
        ("a: [1]\n", Put(("a", "x"), 1)),
        ("- a\n", Put(("a",), 1)),
        ("a: 1\n", Put((), {})),
        ("? a\n: - - x\n", Put(("a", 0), ["y", "x"])),
    ],
)
def test_what_does_not_fit_changes_nothing(text, change):
    with pytest.raises(Unchangeable):
        spliced(text, [change])


@pytest.mark.parametrize(
    "value",
    [
        "", " ", "null", "~", "on", "12", "1e3", "0x1f", "1_000", "2026-01-01", "12:30:00", "a: b",
        "a #b", "- a", "*a", "&a", "!a", "%a", "@a", "`a`", "[a", "{a}", "a,b", "'", '"', "\\",
        "a\tb", "a\nb", "\n", "a\n\n", " a\nb", "\u2028", "\x85", "\ufeff", "é", "😀",
        "https://x.example/a?b=c#d", "env:TOKEN", "file:/run/x", "<<", "=", "?", "---", "...",
        0, -5, 1.5, True, False, [], {}, [[]], {"a b": {"c": [1, {"d": ""}]}}, ["x"] * 40,
        {f"key{n}": "a long text that needs its room" for n in range(9)},
    ],
    ids=repr,
)  # fmt: skip
def test_every_value_is_read_as_it_was_meant(value):
    text = "a: {b: c}\nd:\n  e: f\n  g:\n  - h\n"

    after = spliced(
        text,
        [
            *[Put(path, value) for path in (("a", "b"), ("a", "x"), ("d", "e"), ("d", "x"))],
            Append(("d", "g"), value),
            Put(("d", "g", 0), value),
        ],
    )

    tree = read_yaml_text(after).tree
    assert tree["a"] == {"b": value, "x": value}
    assert tree["d"] == {"e": value, "g": [value, value], "x": value}


UNSHARED = WRITTEN.replace(" &mail", "").replace("*mail", "{audience: readers, template: weekly}")


@pytest.mark.parametrize("changes", [one for one, _ in CASES.values()], ids=CASES)
def test_a_large_file_is_changed_as_a_small_one_is(changes, monkeypatch):
    as_small = spliced(UNSHARED, changes)
    monkeypatch.setattr(section, "LARGE", 0)

    for text in (UNSHARED, UNSHARED.rstrip("\n"), UNSHARED.replace("\n", "\r\n")):
        assert spliced(text, changes).replace("\r\n", "\n").rstrip() == as_small.rstrip()


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  b: {x: 1,\n  c: 2}\n  d: {e: 1}\n",
        "a: {b: {x: 1}, d: {e: 1}}\n",
        "a:\n  b: |\n    d: {e: 2}\n\n  d: {e: 1}\n",
        'a:\n  b: "\n  d: {e: 2}"\n  d: {e: 1}\n',
        "a:\n    'd': {e: 1}\n    b: x\n",
        "b:\n  d: {e: 2}\na: # here\n  # none\n  d: {e: 1}   # one\n...\n",
    ],
)
def test_what_only_looks_like_an_entry_is_not_taken_for_one(text, monkeypatch):
    monkeypatch.setattr(section, "LARGE", 0)

    after = spliced(text, [Put(("a", "d", "e"), 3)])

    assert after == text.replace("{e: 1}", "{e: 3}")
