"""The benchmark takes each kind of row, however small, and keeps what it found."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from loopback import free_port, running

ROOT = Path(__file__).parents[2]
POSTFIX = shutil.which("smtp-source") or shutil.which("smtp-source", path="/usr/sbin")
WRK = shutil.which("wrk")
CC = shutil.which("cc")
TOOLS = Path(os.environ.get("DISPATCH_TEST_TOOLS") or "no tools")
SMALL = ["--rounds=1", "--mails=8", "--people=8", "--memory=4,8", "--filling-seconds=0.01"]

MAIL = b"Subject: Hello\r\n\r\n" + b"A line of a mail.\r\n" * 3000
END = b".\r\n"
BEGIN = b"MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"


@pytest.fixture
def measure(tmp_path):
    """Run the benchmark with a few mails: its exit code, its figures by name, its table."""

    def run(rows, *arguments):
        file = tmp_path / "figures.json"
        command = [sys.executable, "-m", "benchmarks", "--plain-network", "--rows", rows, *SMALL]
        done = subprocess.run(
            [*command, "--json", file, *arguments],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        report = json.loads(file.read_text()) if file.exists() else pytest.fail(done.stderr)
        return done.returncode, {row["name"]: row for row in report["figures"]}, done.stdout

    return run


def test_polling_is_measured_without_any_mail(measure):
    code, figures, _ = measure("feeds")

    assert code == 0
    assert figures["feeds-unchanged"]["value"] > 0
    assert figures["feeds-unchanged"]["people"] == 8


def test_ticks_are_measured_without_any_mail(measure):
    code, figures, _ = measure("ticks")

    assert code == 0
    assert all(figures[name]["value"] > 0 for name in ("tick-first", "tick-idle"))
    assert figures["tick-first"]["people"] == 8


def test_starting_is_measured_without_any_mail(measure):
    code, figures, _ = measure("start")

    assert code == 0
    assert list(figures) == ["start-help", "start-check", "start-run"]
    assert all(0 < row["value"] < 60 for row in figures.values())


@pytest.mark.skipif(POSTFIX is None, reason="needs Postfix's smtp-source")
def test_each_kind_of_row_gives_figures_that_can_be_compared_with_an_older_report(
    measure, postgres_server, tmp_path
):
    before = tmp_path / "before.json"
    older = {"name": "ledger", "rounds": [50.0], "details": {}, "reason": "", "people": 0}
    before.write_text(json.dumps({"figures": [older]}))

    code, figures, table = measure(
        "fast,ledger,calls,memory,address", "--postgres", postgres_server, "--against", str(before)
    )

    assert code == 0
    assert list(figures) == [
        "fast", "cpu-fast", "ledger", "ledger-mail", "calls", "calls-fast",
        "memory-few", "memory-many",
        "address-sqlite", "address-postgres",
    ]  # fmt: skip
    assert all(row["value"] > 0 and len(row["rounds"]) == 1 for row in figures.values())
    assert figures["fast"]["details"]["mails"] == 8
    assert figures["ledger"]["value"] < 100
    assert [figures[name]["people"] for name in ("memory-few", "memory-many")] == [4, 8]
    assert "| 50% (" in table


@pytest.mark.skipif(POSTFIX is None, reason="needs Postfix's smtp-source")
def test_a_far_sink_is_measured_with_more_connections_and_with_more_mails_on_each(measure):
    code, figures, _ = measure("forty,bdat")

    assert code == 0
    assert all(figures[name]["value"] > 0 for name in ("forty", "bdat"))


@pytest.mark.skipif(
    CC is None or not (TOOLS / "slow-sync.c").is_file(),
    reason="needs a C compiler, and slow-sync.c in the folder that DISPATCH_TEST_TOOLS names",
)
def test_a_slow_sync_is_measured_against_none(measure):
    code, figures, _ = measure("slow_sync")

    assert code == 0
    assert figures["slow-sync"]["value"] > 0
    assert figures["slow-sync"]["details"]["slow_per_second"] > 0


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({"DISPATCH_TEST_TOOLS": ""}, "DISPATCH_TEST_TOOLS names no folder with slow-sync.c"),
        ({"DISPATCH_TEST_TOOLS": str(ROOT)}, "no slow-sync.c in "),
    ],
)
def test_what_a_slow_sync_lacks_is_said(measure, monkeypatch, environ, reason):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    code, figures, _ = measure("slow_sync")

    assert code == 0
    assert figures["slow-sync"]["reason"].startswith(f"not measured: {reason}")


def test_kills_and_power_cuts_are_counted(measure):
    code, figures, _ = measure("power_cut")

    assert code == 0
    assert list(figures) == ["kill-unknown", "cut-unknown", "killed-doubles", "killed-lost"]
    assert figures["cut-unknown"]["details"] == {"cuts": 1, "reserved_at_most": 500}
    assert [figures[name]["value"] for name in ("killed-doubles", "killed-lost")] == [0, 0]


@pytest.mark.skipif(WRK is None, reason="needs wrk")
def test_pages_are_asked_for_while_mails_go_out(measure):
    code, figures, _ = measure("web")

    assert code == 0
    assert figures["web-rate"]["value"] > 0
    assert figures["web-rate"]["details"]["mails"] == 8
    assert [figures[name]["value"] for name in ("web-errors", "web-full-errors")] == [0, 0]


def test_the_trouble_of_one_row_is_said_and_leaves_the_others_running(measure, tmp_path):
    code, figures, table = measure("memory,filling", "--fast-sink", str(tmp_path / "nothing"))

    assert code == 1
    assert figures["memory-few"]["value"] is None
    assert figures["memory-few"]["reason"].startswith("failed: ")
    assert "filling a compiled message" in table


def test_the_sink_counts_a_mail_wherever_its_end_is_cut(tmp_path):
    cuts = range(len(MAIL) - 3, len(MAIL) + len(END) + 3)
    counts, port = tmp_path / "counts.json", free_port()
    command = [sys.executable, str(ROOT / "benchmarks" / "sink.py"), str(port)]

    with running(["sh", "-c", 'exec "$@" > "$0"', str(counts), *command], port):
        for cut in cuts:
            talk(port, cut)

    found = json.loads(counts.read_text())
    assert found["msgs"] == 3 * len(cuts)
    assert found["bytes"] == (2 * len(MAIL) + 4) * len(cuts)


def talk(port: int, cut: int) -> None:
    """A mail whose bytes, with the next command behind them, go out in two parts; and two more."""
    data = MAIL + END + BEGIN
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers = line.makefile("rb")
        line.sendall(BEGIN)
        read(answers, b"220", b"250", b"250", b"354")
        line.sendall(data[:cut])
        line.sendall(data[cut:])
        read(answers, b"250", b"250", b"250", b"354")
        line.sendall(MAIL + END)
        line.sendall(b"BDAT 2\r\nabBDAT 2 LAST\r\ncdQUIT\r\n")
        read(answers, b"250", b"250", b"250", b"221")


def read(answers, *codes):
    assert [answers.readline()[:3] for _ in codes] == list(codes)
