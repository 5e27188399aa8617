"""The example in docs/how-to/write-a-provider.md works as it is printed."""

import re
import subprocess
import sys
from pathlib import Path

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
