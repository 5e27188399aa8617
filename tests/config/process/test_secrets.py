"""Secrets are named, and never shown."""

import pytest

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.process.secrets import MAX_BYTES, resolve


def refusal(reference: str, folder, environ=()) -> InvalidValueError:
    with pytest.raises(InvalidValueError) as caught:
        resolve(reference, folder=folder, environ=dict(environ))
    return caught.value


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_takes_a_secret_from_the_environment_without_the_line_end(tmp_path, ending):
    secret = resolve("env:TOKEN", folder=tmp_path, environ={"TOKEN": f" hunter2{ending}"})

    assert secret.get_secret_value() == " hunter2"
    assert "hunter2" not in repr(secret)


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_takes_a_secret_from_a_file_of_the_workspace_without_the_line_end(tmp_path, ending):
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbfhunter2 " + ending)

    secret = resolve("file:token", folder=tmp_path, environ={})

    assert secret.get_secret_value() == "hunter2 "


def test_takes_a_secret_from_anywhere_on_the_machine(tmp_path):
    (tmp_path / "token").write_text("hunter2")

    secret = resolve(f"file:{tmp_path}/token", folder=tmp_path / "elsewhere", environ={})

    assert secret.get_secret_value() == "hunter2"


@pytest.mark.parametrize(
    "written", ["hunter2", "hunter2:x", "env:", "file:", "", "ENV:X", "vault:x"]
)
def test_a_secret_that_is_written_out_is_refused_and_not_shown(tmp_path, written):
    said = str(refusal(written, tmp_path))

    assert said == (
        "secrets are named, never written - put it in an environment variable"
        " and write its name, such as env:SMTP_PASSWORD"
    )


@pytest.mark.parametrize(
    "name", ["DISPATCH_SECRET_KEY", "DISPATCH_OLD_SECRET_KEYS", "dispatch_database_url"]
)
def test_what_the_workspace_is_kept_with_is_no_secret_of_a_channel(tmp_path, name):
    said = str(refusal(f"env:{name}", tmp_path, {name: "hunter2"}))

    assert said == (
        f"{name} is dispatch's own, and goes to nobody - name the variable of this secret"
    )


def test_a_secret_written_behind_env_is_not_shown_either(tmp_path):
    said = str(refusal("env:hunter-2!", tmp_path))

    assert said.startswith("what follows env: is not a variable's name - ")
    assert "hunter" not in said


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "the environment variable TOKEN is not set - set it before you start dispatch"),
        ({"TOKEN": " "}, "the environment variable TOKEN is empty - set it to the secret"),
    ],
)
def test_a_variable_without_a_secret_is_named(tmp_path, environ, said):
    assert str(refusal("env:TOKEN", tmp_path, environ.items())) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file token is empty - write the secret into it"),
        (b"\n", "the file token is empty - write the secret into it"),
        (b"\xff\xfe", "the file token is not text - check the path"),
        (b"x" * (MAX_BYTES + 1), "the file token is too large for a secret - check the path"),
    ],
)
def test_a_file_without_a_secret_is_named(tmp_path, content, said):
    (tmp_path / "token").write_bytes(content)

    assert str(refusal("file:token", tmp_path)) == said


@pytest.mark.parametrize("path", ["nowhere", "folder", "a\0b", "x" * 5000])
def test_a_file_that_is_none_is_named(tmp_path, path):
    (tmp_path / "folder").mkdir()

    assert refusal(f"file:{path}", tmp_path).advice.startswith("check the path")
