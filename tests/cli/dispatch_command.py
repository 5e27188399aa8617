"""The command `dispatch`, called in this process or as a real one."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from dispatch.cli.main import main
from patience import PATIENCE


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output as a program reads it."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class DispatchCommand:
    """Calls `dispatch` on a workspace; only a bug may ever show a traceback (P9)."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *words: str, bug: bool = False) -> Ended:
        self.monkeypatch.setattr(sys, "argv", ["dispatch", "-w", str(self.folder), *words])
        self.capsys.readouterr()
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        said = self.capsys.readouterr()
        assert ("Traceback" in said.out + said.err) == bug
        return Ended(code, said.out, said.err)

    def edit(self, old: str, new: str, file: str = "schedules.yaml") -> None:
        """Change what a file of the workspace says."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, text: str, file: str = "schedules.yaml") -> None:
        """Put a whole file into the workspace."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def mails(self) -> list[EmailMessage]:
        """What is in the outbox, in no order."""
        parse = BytesParser(policy=policy.default).parsebytes
        return [parse(path.read_bytes()) for path in self.folder.glob("outbox/mail/new/*.eml")]

    def copies(self) -> Counter[str]:
        """How many mails in the outbox each address has."""
        return Counter(mail["To"].addresses[0].addr_spec for mail in self.mails())


def in_process_of_its_own(folder: Path, *words: str, before: str = "", **environ: str) -> Ended:
    """The installed script, run to its end; `before` is Python that hobbles it first."""
    script = str(Path(sys.executable).with_name("dispatch"))
    command = [script, "-w", str(folder), *words]
    inherited = dict(os.environ)
    if before:
        # Who measures coverage writes files, too, and would stumble over the same limits.
        inherited = {name: value for name, value in inherited.items() if "COVERAGE" not in name}
        # In a process of ours and not by preexec_fn, which must not be used beside threads.
        source = f"import os, sys; {before}; os.execv(sys.argv[1], sys.argv[1:])"
        command = [sys.executable, "-c", source, *command]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**inherited, **environ},
    )
    assert "Traceback" not in done.stdout + done.stderr
    return Ended(done.returncode, done.stdout, done.stderr)
