"""What the command line says about files that people got wrong; nothing is half applied."""

import os

import pytest

from app_stage import place

HEADER = "email,name,locale\n"


def test_a_folder_without_schedules_yaml(dispatch, workspace):
    (workspace / "schedules.yaml").unlink()

    for words in (["check"], ["run", "weekly"], ["feeds", "list"], ["up"]):
        ended = dispatch(*words)

        assert ended.code == 2
        assert ended.err == (
            f"schedules.yaml: there is no such file in {workspace} - go to the folder of your "
            "workspace, or make a new one with 'dispatch init'\n"
        )


def test_yaml_that_is_broken_off(dispatch):
    dispatch.write("feeds: [\n")

    ended = dispatch("run", "weekly")

    assert ended.code == 2
    assert ended.err == "schedules.yaml:2: a quote or bracket is never closed - close it\n"


def test_unknown_keys_are_all_told_with_line_and_likely_word(dispatch):
    dispatch.edit("timezone:", "timezon:")
    dispatch.edit("every: tuesday", "evry: tuesday")
    zone, every = (place(dispatch.folder, words) for words in ("timezon:", "evry:"))

    ended = dispatch("check")

    assert ended.code == 2
    assert ended.err.splitlines() == [
        f"{zone}: timezon: unknown key - did you mean 'timezone'?",
        f"{every}: campaigns.weekly.schedule.every: missing key - add 'every: tuesday'",
        f"{every}: campaigns.weekly.schedule.evry: unknown key - did you mean 'every'?",
    ]


def test_nothing_happens_until_the_file_is_mended(dispatch):
    dispatch.edit("at_most: 12", "at_mst: 12")
    broken = dispatch("run", "weekly")
    dispatch.edit("at_mst: 12", "at_most: 12")

    assert broken.code == 2
    assert dispatch("subscribers", "list", "--json").json == []
    assert dispatch("run", "weekly", "--json").json["deliveries"][0]["counts"] == {"accepted": 16}


@pytest.mark.parametrize("command", ["check", "run weekly", "run weekly --dry-run"])
def test_a_template_that_names_an_unknown_field(dispatch, command):
    dispatch.write("{{ edition.titel }}\n", "templates/weekly/subject.txt")

    ended = dispatch(*command.split())

    assert ended.code == 2
    assert "templates/weekly/subject.txt:1: " in ended.err
    assert "titel" in ended.err
    assert "did you mean 'title'?" in ended.err


def test_a_mended_template_goes_out_with_the_same_posts(dispatch, workspace):
    right = (workspace / "templates/weekly/digest.mjml").read_text(encoding="utf-8")
    dispatch.write(right.replace("post.title", "post.headline"), "templates/weekly/digest.mjml")
    broken = dispatch("run", "weekly", "--json")
    dispatch.write(right, "templates/weekly/digest.mjml")

    mended = dispatch("run", "weekly", "--json")

    assert (broken.code, len(broken.json["problems"])) == (2, 1)
    assert (mended.code, mended.json["deliveries"][0]["counts"]) == (0, {"accepted": 16})


def test_a_broken_template_does_not_stop_an_edition_that_was_approved(dispatch, waiting):
    dispatch("editions", "approve", waiting)
    dispatch.write("{{ nonsense }}\n", "templates/bulletin/subject.txt")
    fresh = "<item><title>Fresh</title><link>https://atelier.example/fresh</link></item>"
    dispatch.edit("</channel>", fresh + "</channel>", "samples/atelier.rss.xml")

    ended = dispatch("run", "bulletin")
    again = dispatch("run", "bulletin")

    assert (ended.code, again.code) == (0, 2)
    assert again.err.startswith("templates/bulletin/subject.txt:1: ")
    assert "accepted" in ended.out
    assert len(dispatch.copies()) == 2


def test_a_bad_address_is_told_by_line_and_the_others_come_in(dispatch):
    dispatch.write(
        HEADER + "ada@example.org,Ada,en\nbob at example,Bob,en\n", "subscribers/new.csv"
    )

    ended = dispatch(
        "subscribers", "import", str(dispatch.folder / "subscribers/new.csv"), "--json"
    )

    [file] = ended.json
    assert ended.code == 2
    assert (file["rows"], file["new"], file["faulty"]) == (1, 1, 1)
    assert ended.err.startswith("subscribers/new.csv:3: email: 'bob at example' ")
    assert " - " in ended.err


def test_a_run_with_a_bad_row_writes_to_all_the_others(dispatch):
    with (dispatch.folder / "subscribers/readers.csv").open("a", encoding="utf-8") as file:
        file.write("bob at example,,,,,,,\n")

    ended = dispatch("run", "weekly")

    assert ended.code == 2
    assert ended.err.startswith("subscribers/readers.csv:10: email: 'bob at example' ")
    assert sum(dispatch.copies().values()) == 8


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("\ufeffemail,name\nzoe@example.org,Zoé\n".encode(), ""),
        (b"email;name\nzoe@example.org;Zo\xc3\xa9\n", ""),
        (b"email,name\nzoe@example.org,Zo\xe9\n", "subscribers/new.csv:2: is not UTF-8, so the"),
        (
            "email,name\nzoe@example.org,Zoé\nZoe@example.org,Zoé\n".encode(),
            "subscribers/new.csv:3: email: Zoe@example.org is already in line 2, which counts",
        ),
    ],
    ids=["BOM", "semicolons", "Latin-1", "duplicate rows"],
)
def test_files_as_spreadsheets_write_them_come_in(dispatch, content, told):
    path = dispatch.folder / "subscribers/new.csv"
    path.write_bytes(content)

    ended = dispatch("subscribers", "import", str(path))

    [person] = dispatch("subscribers", "list", "--audience", "new", "--json").json
    assert (ended.code, person["email"], person["name"]) == (0, "zoe@example.org", "Zoé")
    assert ended.err.startswith(told)
    assert ended.err.count("\n") == bool(told)


def test_a_file_that_is_no_csv_is_told_and_the_others_count(dispatch):
    (dispatch.folder / "subscribers/book.csv").write_bytes(b"PK\x03\x04\0\0\0")

    ended = dispatch("run", "weekly")

    assert ended.code == 2
    assert ended.err == (
        "subscribers/book.csv: is not a text file - save the sheet as CSV (UTF-8)\n"
    )
    assert sum(dispatch.copies().values()) == 8


def test_init_leaves_a_folder_alone_that_is_in_use(dispatch, workspace, tmp_path):
    (tmp_path / "file").write_text("mine")

    assert dispatch("init", str(workspace)).err == (
        f"{workspace}: has schedules.yaml already - choose another folder\n"
    )
    assert dispatch("init", str(tmp_path / "file")).err == (
        f"{tmp_path / 'file'}: is not a folder - choose another folder\n"
    )
    assert (tmp_path / "file").read_text() == "mine"


def a_pipe(path):
    os.mkfifo(path)


def a_device(path):
    path.symlink_to("/dev/zero")


@pytest.fixture(params=[a_pipe, a_device])
def no_file(request):
    """Puts what is no file, and never ends, in the place of a file."""

    def put(path):
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        request.param(path)

    return put


NO_FILE = "is not a regular file - put a file in its place"


@pytest.mark.parametrize("words", ["check", "run weekly", "feeds list"])
def test_no_command_waits_for_a_schedules_yaml_that_is_no_file(dispatch, no_file, words):
    no_file(dispatch.folder / "schedules.yaml")

    ended = dispatch(*words.split())

    assert ended.code == 2
    assert ended.err == f"schedules.yaml: {NO_FILE}\n"


@pytest.mark.parametrize("words", ["check", "run weekly"])
def test_subscribers_in_what_is_no_file_are_told_of(dispatch, no_file, words):
    no_file(dispatch.folder / "subscribers" / "readers.csv")

    ended = dispatch(*words.split())

    assert f"subscribers/readers.csv: {NO_FILE}" in ended.out + ended.err
    assert ended.code != 0


def test_a_feed_in_a_pipe_is_told_of(dispatch):
    dispatch.edit("feeds:\n", "feeds:\n  pipe: {url: 'file:pipe.xml'}\n")
    a_pipe(dispatch.folder / "pipe.xml")

    ended = dispatch("check")

    assert ended.code == 2
    assert f"feeds.pipe.url: 'file:pipe.xml' {NO_FILE}" in ended.err


def test_a_calendar_in_a_pipe_is_told_of(dispatch):
    dispatch.edit("every: tuesday", "every: tuesday, except: ['file:off.ics']")
    a_pipe(dispatch.folder / "off.ics")

    ended = dispatch("check")

    assert ended.code == 2
    assert f"'off.ics' {NO_FILE}" in ended.err


def test_a_list_of_feeds_in_what_is_no_file_is_told_of(dispatch, no_file):
    no_file(dispatch.folder / "feeds.opml")

    ended = dispatch("feeds", "import", str(dispatch.folder / "feeds.opml"))

    assert ended.code == 2
    assert f"feeds.opml: {NO_FILE}" in ended.err


def test_a_link_to_nowhere_among_the_subscribers_is_told_of(dispatch):
    (dispatch.folder / "subscribers" / "friends.csv").symlink_to("gone.csv")

    ended = dispatch("check")

    assert "subscribers/friends.csv: there is no such file - check the path" in ended.err


def test_merge_keys_are_one_sentence_however_many_there_are(dispatch):
    many = "".join(f"  more{n}: {{<<: *one, title: T}}\n" for n in range(3000))
    dispatch.edit("feeds:\n", f"feeds:\n  one: &one {{url: 'https://example.org/f'}}\n{many}")

    ended = dispatch("check")

    assert ended.code == 2
    [sentence] = ended.err.splitlines()
    assert sentence.endswith("'<<' is not known here - write the keys out")


def test_merge_keys_in_words_are_one_sentence_too(dispatch):
    many = "".join(f"l{n}: {{<<: *base, k: v}}\n" for n in range(3000))
    dispatch.write(f"base: &base {{a: x}}\n{many}", "templates/weekly/words.yaml")

    ended = dispatch("check")

    [sentence] = [line for line in ended.err.splitlines() if "words.yaml" in line]
    assert sentence == (
        "templates/weekly/words.yaml:2: '<<' is not known here - write the keys out"
    )
