"""Starting a server of somebody else's on this machine, and waiting until it listens."""

import socket
import subprocess
import time
from contextlib import contextmanager

PATIENCE = 60.0  # seconds; a busy machine may need some of them


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def running(command, port):
    """The process, from when it listens on `port`; ended after."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait(process, port):
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            assert process.poll() is None, f"{process.args} has ended"
            assert time.monotonic() < give_up, f"{process.args} does not listen"
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
