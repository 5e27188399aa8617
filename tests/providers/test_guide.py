"""The example in docs/how-to/write-a-provider.md works as it is printed."""

import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import dispatch
from dispatch.channels.find import find_provider

GUIDE = Path(__file__).parents[2] / "docs/how-to/write-a-provider.md"


def files_of_the_guide():
    blocks = re.findall(
        r"^```python file=(\S+)\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return dict(blocks)


def test_the_example_passes_its_own_tests(tmp_path):
    for name, source in files_of_the_guide().items():
        (tmp_path / name).write_text(source, encoding="utf-8")

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path,
         "-W", "error", tmp_path],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )  # fmt: skip

    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"\d\d passed", run.stdout)


def test_the_example_is_found_by_its_entry_point(tmp_path, monkeypatch):
    [line] = re.findall(r'^loudspeaker = "(.+)"$', GUIDE.read_text("utf-8"), re.MULTILINE)
    info = tmp_path / "loudspeaker-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: loudspeaker\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[dispatch.providers]\nloudspeaker = {line}\n")
    (tmp_path / "loudspeaker.py").write_text(files_of_the_guide()["loudspeaker.py"], "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    provider = find_provider("loudspeaker")

    assert provider.capabilities.max_text == 280


PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "dispatch-loudspeaker"
version = "1.0"
dependencies = ["dispatch-digest"]

[tool.hatch.build.targets.wheel]
only-include = ["loudspeaker.py"]

"""


def test_the_example_can_be_built_and_installed_beside_dispatch(tmp_path):
    [lines] = re.findall(
        r"^```toml\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    project, home = tmp_path / "project", tmp_path / "venv"
    project.mkdir()
    (project / "pyproject.toml").write_text(PROJECT + lines)
    (project / "loudspeaker.py").write_text(files_of_the_guide()["loudspeaker.py"], "utf-8")
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    # dispatch and what it needs are there already, so that nothing is fetched.
    [packages] = home.glob("lib/python*/site-packages")
    source = Path(dispatch.__file__).parents[1]
    (packages / "dispatch.pth").write_text(f"{sysconfig.get_path('purelib')}\n{source}\n")

    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--quiet")
    subprocess.run([python, "-m", "pip", "install", *offline, project], check=True)
    letters = tmp_path / "letters"
    subprocess.run([python, "-m", "dispatch", "init", letters], check=True, capture_output=True)
    plan = letters / "schedules.yaml"
    channels = "channels:\n  crier:\n    provider: loudspeaker\n    options: {volume: 11}"
    plan.write_text(
        plan.read_text("utf-8").replace("campaigns:", f"{channels}\n\ncampaigns:", 1), "utf-8"
    )
    check = subprocess.run(
        [python, "-m", "dispatch", "check"],
        cwd=letters,
        check=False,
        capture_output=True,
        text=True,
    )

    assert check.returncode == 2
    assert "channels.crier.options.volume: unknown key" in check.stderr
    assert "channels.crier.options.token: is missing - add it: access token" in check.stderr
