"""Every command: its help has an example, its tables exist as JSON, its exit code is right."""

import json
from importlib.metadata import version

import jsonschema
import pytest
import typer

from cli.dispatch_command import in_process_of_its_own
from dispatch.cli.main import app

PROMISED = {
    "init",
    "check",
    "schema",
    "run",
    "preview",
    "test-send",
    "up",
    "feeds poll",
    "feeds list",
    "feeds show",
    "posts list",
    "runs list",
    "editions list",
    "editions show",
    "editions approve",
    "editions reject",
    "deliveries list",
    "subscribers import",
    "subscribers export",
    "subscribers list",
    "subscribers end",
    "subscribers suppress",
    "channels list",
    "channels check",
    "channels resume",
}

TABLES = [
    "feeds poll",
    "feeds list",
    "posts list --limit 3",
    "runs list",
    "runs list --campaign weekly",
    "editions list",
    "editions list --campaign weekly",
    "deliveries list",
    "deliveries list --state accepted",
    "subscribers import",
    "subscribers list",
    "subscribers list --audience readers",
    "channels list",
    "channels check",
    "preview weekly",
]


def every_command() -> list[str]:
    group = typer.main.get_command(app)
    return [
        f"{noun} {verb}".strip()
        for noun, command in group.commands.items()
        for verb in getattr(command, "commands", {"": None})
    ]


def test_every_command_that_was_promised_is_there():
    assert set(every_command()) >= PROMISED


@pytest.mark.parametrize("command", every_command())
def test_help_shows_an_example(dispatch, command):
    ended = dispatch(*command.split(), "--help")

    assert ended.code == 0
    assert f"dispatch {command}" in ended.out.partition("Example")[2]


def test_everything_that_prints_a_table_prints_json(dispatch, weekly_is_out):

    answers = {table: dispatch(*table.split(), "--json") for table in TABLES}

    assert {table: ended.code for table, ended in answers.items()} == dict.fromkeys(TABLES, 0)
    assert all(ended.json and isinstance(ended.json, list) for ended in answers.values())
    assert all(dispatch(*table.split()).code == 0 for table in TABLES)


def test_the_tables_say_what_happened(dispatch, weekly_is_out):

    feeds = dispatch("feeds", "list", "--json").json
    posts = dispatch("posts", "list", "--feed", "atelier", "--json").json
    [edition] = dispatch("editions", "list", "--json").json
    shown = dispatch("editions", "show", edition["edition"], "--json").json
    deliveries = dispatch("deliveries", "list", "--edition", edition["id"], "--json").json

    assert [feed["feed"] for feed in feeds] == ["atelier", "notebook"]
    assert {post["feed"] for post in posts} == {"atelier"}
    assert (edition["state"], edition["posts"]) == ("finished", 8)
    assert shown["deliveries"] == {"outbox": {"accepted": 16}}
    assert len(shown["content"]) == 8
    assert len({(row["recipient"], row["part"]) for row in deliveries}) == 16


def test_an_edition_is_shown_with_its_posts_and_deliveries(dispatch, weekly_is_out):
    [edition] = dispatch("editions", "list", "--json").json

    ended = dispatch("editions", "show", edition["edition"])

    assert edition["fingerprint"] in ended.out
    assert "Une signature pour deux" in ended.out
    assert "accepted" in ended.out


def test_check_shows_the_next_five_runs_of_each_campaign(dispatch):
    ended = dispatch("check", "--json")

    assert ended.code == 0
    assert ended.json["problems"] == []
    campaigns = [run["campaign"] for run in ended.json["next_runs"]]
    assert campaigns == ["weekly"] * 5 + ["bulletin"] * 5
    assert "all files are in order" in dispatch("check").out


def test_schema_prints_a_json_schema(dispatch):
    ended = dispatch("schema")

    assert ended.json["properties"].keys() >= {"feeds", "channels", "campaigns"}


@pytest.mark.parametrize(
    ("channel", "wrong"),
    [
        ({"provider": "smtp", "options": {"host": "h", "port": 25, "password": "env:P"}}, []),
        ({"provider": "smtp", "options": {"host": "h", "port": "env:PORT"}}, []),
        ({"provider": "outbox"}, []),
        ({"provider": "smtp"}, ["mail"]),
        ({"provider": "smtp", "options": {"hots": "h"}}, ["mail.options"] * 2),
        ({"provider": "smtp", "options": {"host": "h", "port": "x"}}, ["mail.options.port"]),
        (
            {"provider": "smtp", "options": {"host": "h", "password": "x"}},
            ["mail.options.password"],
        ),
        ({"provider": "smpt"}, ["mail.provider"]),
    ],
)
def test_the_schema_knows_the_options_of_each_provider(dispatch, channel, wrong):
    schema = dispatch("schema").json
    check = jsonschema.Draft202012Validator(schema)
    plan = {"feeds": {}, "campaigns": {}, "channels": {"mail": channel}}

    found = [".".join(map(str, one.path)) for one in check.iter_errors(plan)]

    assert [place for place in found if place.startswith("channels")] == [
        f"channels.{place}" for place in wrong
    ]


def test_a_second_poll_finds_nothing_new(dispatch):
    first = dispatch("feeds", "poll", "atelier", "--json").json
    second = dispatch("feeds", "poll", "atelier", "--json").json

    assert [(feed["feed"], feed["new"], feed["unchanged"]) for feed in first + second] == [
        ("atelier", 5, False),
        ("atelier", 0, True),
    ]


def test_preview_writes_what_one_person_would_get(dispatch, workspace):
    dispatch("subscribers", "import")
    dispatch("feeds", "poll")

    ended = dispatch("preview", "weekly", "--as", "Camille.Moreau@Readers.example")

    folder = workspace / "preview" / "weekly"
    assert ended.code == 0
    assert 'lang="fr"' in (folder / "digest.html").read_text(encoding="utf-8")
    assert (folder / "subject.txt").read_text(encoding="utf-8").strip()
    assert len(list((folder / "snippets").iterdir())) == 8
    assert ended.out.count("snippets/") == 1
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert index.count('class="net"') == 8
    assert 'src="views/dark.html" sandbox' in index
    assert "<script" not in index
    assert dispatch("editions", "list", "--json").json == []


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("preview weekly --as reader@readers.example", "preview"),
        ("subscribers export readers --to {0}/people.csv", "people.csv"),
        ("runs export --output {0}/runs.jsonl", "runs.jsonl"),
        ("feeds export {0}/feeds.opml", "feeds.opml"),
        ("run weekly", "outbox"),
    ],
)
def test_what_is_written_of_readers_is_private(dispatch, workspace, words, made):
    dispatch("subscribers", "import")
    dispatch("feeds", "poll")

    ended = dispatch(*words.format(workspace).split())

    paths = [workspace / made, *(workspace / made).glob("**/*")]
    assert ended.code == 0
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}
    assert all(path.stat().st_mode & 0o777 == 0o700 for path in paths if path.is_dir())


def test_an_export_over_a_file_keeps_its_mode(dispatch, workspace):
    dispatch("subscribers", "import")
    (workspace / "people.csv").touch()
    (workspace / "people.csv").chmod(0o640)

    dispatch("subscribers", "export", "readers", "--to", str(workspace / "people.csv"))

    assert (workspace / "people.csv").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in workspace.glob(".people*")] == []


def test_test_send_goes_to_one_address_and_counts_for_nothing(dispatch):
    dispatch("feeds", "poll")

    ended = dispatch("test-send", "weekly", "me@example.org")

    assert (ended.code, ended.out.startswith("me@example.org: accepted")) == (0, True)
    assert dispatch.copies() == {"me@example.org": 1}
    assert dispatch("deliveries", "list", "--json").json == []
    assert dispatch("run", "weekly", "--json").json["deliveries"][0]["counts"] == {"accepted": 16}


def test_resuming_a_channel_that_was_not_stopped_says_so(dispatch):
    assert dispatch("channels", "resume", "outbox").out == "channel outbox was not stopped\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("run weekl", "campaign weekl: not in schedules.yaml - did you mean 'weekly'?"),
        ("run daily", "campaign daily: not in schedules.yaml - known are: bulletin, weekly"),
        ("preview dayly", "campaign dayly: not in schedules.yaml - known are: bulletin, weekly"),
        ("editions list --campaign x", "campaign x: not in schedules.yaml - known are: bulletin"),
        ("feeds poll atelie", "feed atelie: not in schedules.yaml - did you mean 'atelier'?"),
        ("posts list --feed x", "feed x: not in schedules.yaml - known are: atelier, notebook"),
        ("channels check mail", "channel mail: not in schedules.yaml - known are: outbox"),
        ("channels resume outbx", "channel outbx: not in schedules.yaml - did you mean 'outbox'?"),
        ("editions show 4f2a", "edition 4f2a: not known - see 'dispatch editions list'"),
        ("editions approve 4f2a", "edition 4f2a: not known - see 'dispatch editions list'"),
        ("deliveries list --state sent", "--state sent: no such state - known are: accepted,"),
        ("subscribers export readrs", "audience readrs: nobody is or was in it - there is none"),
        ("subscribers end a@b.example", "a@b.example: no such subscriber - see 'dispatch subscr"),
        ("subscribers end bob", "'bob' is not an e-mail address - an address looks like name@exa"),
        ("subscribers suppress bob --reason x", "'bob' is not an e-mail address - an address lo"),
        ("test-send weekly bob", "'bob' is not an e-mail address - an address looks like name@ex"),
        ("preview weekly --as bob", "'bob' is not an e-mail address - an address looks like nam"),
        ("preview weekly --as a@b.example", "a@b.example: no such subscriber - see 'dispatch su"),
        ("subscribers import none.csv", "none.csv: there is no such file - check the path"),
    ],
)
def test_a_name_that_leads_nowhere_is_said_with_advice(dispatch, words, sentence):
    ended = dispatch(*words.split())

    assert ended.code == 2
    assert ended.err.startswith(sentence)


def test_an_unknown_command_or_option_is_bad_input(dispatch):
    assert dispatch("frobnicate").code == 2
    assert dispatch("run", "weekly", "--fast").code == 2
    assert dispatch("posts", "list", "--limit", "0").code == 2


def test_the_installed_script_makes_a_workspace_and_runs_it(tmp_path):
    folder = tmp_path / "letters"

    made = in_process_of_its_own(tmp_path, "init", str(folder))
    ran = in_process_of_its_own(folder, "run", "weekly", "--json")
    told = in_process_of_its_own(folder, "--version")

    assert (made.code, made.out) == (
        0,
        f"{folder}: ready - try 'cd {folder} && dispatch run weekly'\n",
    )
    assert (ran.code, json.loads(ran.out)["deliveries"][0]["counts"]) == (0, {"accepted": 16})
    assert told.out == f"dispatch {version('dispatch-digest')}\n"


def test_check_tells_programs_each_problem_in_parts(dispatch):
    dispatch.edit("every: tuesday", "every: mardi")

    ended = dispatch("check", "--json")

    [finding] = ended.json["findings"]
    assert (ended.code, ended.err, ended.json["ok"]) == (2, "", False)
    assert ended.json["summary"] == "1 to mend, 0 to look at"
    assert ended.json["next_runs"] == []
    assert ended.json["problems"][0].startswith(f"schedules.yaml:{finding['line']}: ")
    assert (finding["file"], finding["key"]) == (
        "schedules.yaml",
        "campaigns.weekly.schedule.every",
    )
    assert (finding["problem"], finding["advice"], finding["severity"]) == (
        "unknown day 'mardi'",
        "write it in English: tuesday",
        "error",
    )


def test_a_new_workspace_has_the_schema_that_its_file_names(workspace):
    first = (workspace / "schedules.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = json.loads((workspace / "schedules.schema.json").read_text(encoding="utf-8"))

    assert first == "# yaml-language-server: $schema=schedules.schema.json"
    assert schema["properties"].keys() >= {"feeds", "channels", "campaigns"}


def test_lists_say_how_many_more_there_are(dispatch, waiting):
    dispatch("run", "weekly")

    editions = dispatch("editions", "list", "--limit", "1")
    deliveries = dispatch("deliveries", "list", "--limit", "3")

    assert len(dispatch("editions", "list", "--limit", "1", "--json").json) == 1
    assert "and 1 more - '--limit 2' shows them all" in editions.out
    assert "Deliveries (times of Europe/Paris)" in deliveries.out
    assert "these are the first 3, and there are more - '--limit N' shows N" in deliveries.out


@pytest.mark.parametrize(
    "command",
    [
        *("editions approve", "editions request-changes", "editions edit", "editions reject"),
        *("editions pause", "editions resume", "editions cancel", "deliveries retry-failed"),
        *("deliveries resolve", "posts release", "posts drop", "channels resume"),
        *("db adopt", "db restore"),
    ],
)
def test_whoever_decides_may_say_who_they_are(command):
    noun, verb = command.split()
    found = typer.main.get_command(app).commands[noun].commands[verb]

    assert "--by" in [name for one in found.params for name in one.opts]
