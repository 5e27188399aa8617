"""Starting a server of somebody else's on this machine, and waiting until it listens."""

import random
import socket
import subprocess
import time
from contextlib import contextmanager, suppress

from patience import PATIENCE

PORTS = range(20_000, 32_000)
"""Below those that systems give to whoever connects: nobody gets one of these by chance."""


def free_port():
    """A port on which nobody listens."""
    for port in random.sample(PORTS, 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")


@contextmanager
def running(command, port, environ=None):
    """The process, from when it listens on `port`; ended after."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environ, **quiet)
    try:
        until_listening(process, port)
        yield process
    finally:
        process.terminate()
        process.wait()


def until_listening(process, port):
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
