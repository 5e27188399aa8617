"""Workers as they are started on real machines: `dispatch worker` on a workspace."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.processes import NotMeasuredError, clean_environ
from benchmarks.stage import Prepared
from benchmarks.workspace import LEASE_SECONDS, SECRET_KEY

_DISPATCH = (sys.executable, "-m", "dispatch")


@contextmanager
def worker(prepared: Prepared, *flags: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of them; ended after."""
    process = subprocess.Popen(
        [*_DISPATCH, "--workspace", str(prepared.folder), "worker", *flags],
        env={
            **clean_environ(),
            "DISPATCH_DATABASE_URL": prepared.database,
            "DISPATCH_SECRET_KEY": SECRET_KEY,
            "DISPATCH_LEASE_SECONDS": str(LEASE_SECONDS),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(2 * LEASE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def check_worker() -> None:
    """Raise NotMeasuredError where this dispatch has no command `worker`."""
    asked = subprocess.run(
        [*_DISPATCH, "worker", "--help"], capture_output=True, check=False, timeout=60
    )
    if asked.returncode:
        raise NotMeasuredError("this dispatch has no command 'worker'")
