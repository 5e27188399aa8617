"""Settings from DISPATCH_ variables, and the key that is made where none is given."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from dispatch.config.process.endings_file import EndingsFile
from dispatch.config.process.known_database import KnownDatabase
from dispatch.config.process.secret_key import FILE, kept_secret_keys
from dispatch.config.process.settings import load_settings
from dispatch.errors import BadInput
from dispatch.model.people.ending import Ending, What
from dispatch.model.workspace.database_identity import Identity
from dispatch.sealing import new_key

KEY = "a-key-of-enough-characters"


def complaints(folder, **variables: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        load_settings(folder, {f"DISPATCH_{name}": value for name, value in variables.items()})
    return [str(problem) for problem in caught.value.problems]


class TestSettings:
    def test_without_variables_everything_is_in_the_workspace(self, tmp_path):
        settings = load_settings(tmp_path, {})

        assert settings.database_url == f"sqlite:///{tmp_path}/dispatch.db"
        assert (settings.host, settings.port) == ("127.0.0.1", 8025)
        assert settings.lease_seconds == 120
        assert settings.log_json is False

    def test_variables_override(self, tmp_path):
        environ = {
            "DISPATCH_PORT": " 9000 ",
            "DISPATCH_LOG_JSON": "true",
            "DISPATCH_SECRET_KEY": KEY,
            "DISPATCH_HOST": "",
            "HOME": "/root",
            "DISPATCH_TEST_DATA": "/data",
        }

        settings = load_settings(tmp_path, environ)

        assert (settings.host, settings.port, settings.log_json) == ("127.0.0.1", 9000, True)
        assert settings.secret_key.get_secret_value() == KEY
        assert not (tmp_path / FILE).exists()

    def test_only_the_environment_that_is_given_counts(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DISPATCH_PORT", "9000")

        assert load_settings(tmp_path, {}).port == 8025
        assert load_settings(tmp_path).port == 9000

    @pytest.mark.parametrize(
        ("url", "meant"),
        [
            ("sqlite:///data/x.db", "sqlite:///{folder}/data/x.db"),
            ("sqlite:////var/x.db", "sqlite:////var/x.db"),
            ("sqlite:///a?b%20c.db", "sqlite:///{folder}/a?b%20c.db"),
            ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
            ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ],
    )
    def test_a_database_is_a_file_of_the_workspace_or_postgresql(self, tmp_path, url, meant):
        settings = load_settings(tmp_path, {"DISPATCH_DATABASE_URL": url})

        assert settings.database_url == meant.format(folder=tmp_path)

    def test_a_relative_workspace_still_gives_an_absolute_file(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        settings = load_settings(Path(), {})

        assert settings.database_url == f"sqlite:///{tmp_path}/dispatch.db"

    @pytest.mark.parametrize(
        "url", ["mysql://u:hunter2@h/d", "postgres://u:hunter2@h", "hunter2", "sqlite://hunter2"]
    )
    def test_another_database_is_refused_without_showing_the_address(self, tmp_path, url):
        [said] = complaints(tmp_path, DATABASE_URL=url)

        assert said.startswith(
            "environment: DISPATCH_DATABASE_URL: this kind of database is not known"
        )
        assert "hunter2" not in said

    @pytest.mark.parametrize("url", ["sqlite:///", "sqlite:///:memory:", "sqlite:///?x=1"])
    def test_a_database_that_forgets_is_refused(self, tmp_path, url):
        [said] = complaints(tmp_path, DATABASE_URL=url)

        assert "names no file" in said

    def test_all_problems_come_at_once_and_nothing_is_made(self, tmp_path):
        said = complaints(
            tmp_path,
            LEASE="1",
            LEASE_SECONDS="1",
            PORT="x",
            LOG_JSON="perhaps",
            SECRET_KEY="hunter2",
        )

        assert said == [
            "environment: DISPATCH_LEASE: unknown setting - did you mean 'DISPATCH_LEASE_SECONDS'?",
            "environment: DISPATCH_LEASE_SECONDS: must be 2 or more - write a larger number",
            "environment: DISPATCH_LOG_JSON: must be true or false - write one of the two",
            "environment: DISPATCH_PORT: must be a whole number - write it in digits",
            (
                "environment: DISPATCH_SECRET_KEY: is too short to be safe"
                " - use 16 characters or more, or leave it out to have one made"
            ),
        ]
        assert not (tmp_path / FILE).exists()

    def test_private_networks_are_networks_or_single_addresses(self, tmp_path):
        given = {"DISPATCH_PRIVATE_NETWORKS": "10.1.2.3/16, 127.0.0.1 fd12::/16"}

        settings = load_settings(tmp_path, given)

        assert list(map(str, settings.private_networks)) == [
            "10.1.0.0/16",
            "127.0.0.1/32",
            "fd12::/16",
        ]

    @pytest.mark.parametrize("given", ["intranet.example", "10.1.0.0/99", "10.1.0.0/16;10.2.0.1"])
    def test_what_is_no_network_is_told(self, tmp_path, given):
        [said] = complaints(tmp_path, PRIVATE_NETWORKS=f"127.0.0.1, {given}")

        assert said == (
            f"environment: DISPATCH_PRIVATE_NETWORKS: '{given}' is no network"
            " - write numbers, with commas between several: 10.1.0.0/16, 127.0.0.1"
        )

    @pytest.mark.parametrize(
        "given", ["proxy:3128", "socks5://u:hunter2@proxy", "http://u:hunter2@proxy:x", "http://"]
    )
    def test_what_is_no_proxy_is_told_without_showing_it(self, tmp_path, given):
        [said] = complaints(tmp_path, FEED_PROXY=given)

        assert said == (
            "environment: DISPATCH_FEED_PROXY: is not the address of a proxy"
            " - write http://proxy.example.org:3128"
        )

    def test_neither_key_nor_password_is_ever_shown(self, tmp_path):
        url = "postgresql://u:hunter2@h/d"
        environ = {"DISPATCH_DATABASE_URL": url, "DISPATCH_SECRET_KEY": KEY}

        settings = load_settings(tmp_path, environ)

        assert "hunter2" not in f"{settings!r} {settings}"
        assert KEY not in f"{settings!r} {settings}"


class TestSecretKey:
    def test_is_made_once_and_kept_for_its_owner_alone(self, tmp_path):
        first = load_settings(tmp_path, {}).secret_key
        second = load_settings(tmp_path, {}).secret_key

        assert first == second
        assert len(first.get_secret_value()) >= 43  # 32 bytes in base64
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
        assert [path.name for path in tmp_path.iterdir()] == [FILE]

    def test_processes_that_start_together_agree(self, tmp_path):
        ready = Barrier(8)

        def make(_: int) -> str:
            ready.wait()
            [key] = kept_secret_keys(tmp_path)
            return key.get_secret_value()

        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(make, range(8)))

        assert len(keys) == 1
        assert [path.name for path in tmp_path.iterdir()] == [FILE]

    @pytest.mark.parametrize("content", [b"", b"\n", b"short"])
    def test_a_damaged_key_is_not_replaced_in_silence(self, tmp_path, content):
        (tmp_path / FILE).write_bytes(content)

        with pytest.raises(BadInput, match="is empty or cut off - restore it from a backup"):
            kept_secret_keys(tmp_path)

        assert (tmp_path / FILE).read_bytes() == content

    def test_a_workspace_that_is_not_there_is_bad_input(self, tmp_path):
        with pytest.raises(BadInput, match="set DISPATCH_SECRET_KEY"):
            kept_secret_keys(tmp_path / "nowhere")

    def test_a_line_more_is_the_key_that_signs_from_then_on(self, tmp_path):
        [old] = load_settings(tmp_path, {}).secret_keys
        with (tmp_path / FILE).open("a") as file:
            file.write("another key of ours\n")

        settings = load_settings(tmp_path, {})

        assert settings.secret_keys == (old, "another key of ours")
        assert settings.secret_key.get_secret_value() == "another key of ours"

    def test_a_line_that_is_too_short_to_be_a_key_is_no_key(self, tmp_path):
        (tmp_path / FILE).write_text("a key that is long enough\nshort\n")

        with pytest.raises(BadInput, match="is empty or cut off"):
            load_settings(tmp_path, {})

    @pytest.mark.parametrize("made", [True, False], ids=["beside", "elsewhere"])
    def test_a_key_that_is_lost_is_not_made_anew_once_something_was_sent(self, tmp_path, made):
        state = tmp_path / "state"
        state.mkdir()
        environ = {"DISPATCH_STATE_FOLDER": str(state)} if made else {}
        KnownDatabase(state if made else tmp_path).note(Identity("a", 3))

        with pytest.raises(BadInput, match=r"\.dispatch-secret: is gone, and .* put it back"):
            load_settings(tmp_path, environ)

        assert not (tmp_path / FILE).exists()
        assert load_settings(tmp_path, {**environ, "DISPATCH_SECRET_KEY": "k" * 20}).secret_keys

    def test_nor_where_it_cannot_be_told_whether_something_was_sent(self, tmp_path):
        (tmp_path / ".dispatch-database").write_text("nonsense")

        with pytest.raises(BadInput, match=r"\.dispatch-secret: is gone"):
            load_settings(tmp_path, {})

    def test_nor_once_somebody_has_left(self, tmp_path):
        moment = datetime(2026, 11, 29, tzinfo=UTC)
        EndingsFile(tmp_path / ".dispatch-endings").add(Ending("a", What.LEFT, moment, "k"))

        with pytest.raises(BadInput, match=r"\.dispatch-secret: is gone"):
            load_settings(tmp_path, {})

    def test_a_workspace_that_only_knows_its_database_gets_one(self, tmp_path):
        KnownDatabase(tmp_path).note(Identity("a", 0))

        assert load_settings(tmp_path, {}).secret_keys

    def test_more_keys_than_can_be_told_apart_are_bad_input(self, tmp_path):
        keys = ",".join(f"secret-number-{number:03}-long" for number in range(61))

        with pytest.raises(BadInput, match="more than 61 keys in all - remove the oldest"):
            load_settings(tmp_path, {"DISPATCH_OLD_SECRET_KEYS": keys})

    def test_a_key_that_is_not_text_is_bad_input(self, tmp_path):
        (tmp_path / FILE).write_bytes(b"\xff" * 40)

        with pytest.raises(BadInput, match="it is not text"):
            kept_secret_keys(tmp_path)


def test_keys_for_tokens_are_a_list_or_a_file_and_the_first_one_seals(tmp_path):
    one, two = new_key(), new_key()
    (tmp_path / "keys").write_text(f"{two}\n{one}\n")
    written = load_settings(tmp_path, {"DISPATCH_TOKEN_KEY": f"{one}, {two}"})
    filed = load_settings(tmp_path, {"DISPATCH_TOKEN_KEY": "file:keys"})

    assert load_settings(tmp_path, {}).token_keys == ()
    assert written.token_keys == (one, two)
    assert filed.token_keys == (two, one)
    assert one not in repr(written)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("correct horse", "is not 32 bytes in base64 - use what `dispatch channels token-key`"),
        ("file:nowhere", "there is no file nowhere"),
    ],
)
def test_a_key_for_tokens_that_is_none_is_not_shown(tmp_path, given, words):
    with pytest.raises(BadInput, match=f"DISPATCH_TOKEN_KEY.*: {words}") as caught:
        load_settings(tmp_path, {"DISPATCH_TOKEN_KEY": given})
    assert "horse" not in str(caught.value)
