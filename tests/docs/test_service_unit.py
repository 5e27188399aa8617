"""The systemd unit that people copy is one that systemd understands."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path("docs/how-to/run-as-a-service.md")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing")
def test_systemd_knows_every_line_of_the_unit(tmp_path):
    unit = re.search(r"```ini\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
    path = tmp_path / "dispatch.service"
    here = unit.replace("/opt/dispatch/.venv/bin/dispatch", "/bin/true")
    path.write_text(here.replace("User=dispatch", "User=root"))

    said = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False
    )

    assert [line for line in said.stderr.splitlines() if path.name in line] == []
    assert said.returncode == 0
