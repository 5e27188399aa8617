"""A network that is quiet: a namespace of our own, in which nothing but this benchmark talks.

A shared loopback stalls now and then, and the congestion control that a host may have set (BBR)
paces packets, which on loopback measures the pacing.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

CONGESTION_CONTROL = Path("/proc/sys/net/ipv4/tcp_congestion_control")

# From linux/sockios.h and linux/if.h.
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


def move_to_private_network() -> None:
    """Start this program anew in a network namespace of its own, where that is possible.

    The new one is told so by the argument `--in-private-network`.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        return
    try:
        subprocess.run([unshare, "-n", "true"], check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return
    us = [sys.executable, "-m", "benchmarks", *sys.argv[1:], "--in-private-network"]
    os.execv(unshare, [unshare, "-n", *us])


def prepare_private_network() -> str:
    """Bring its loopback up, with reno; the network in words. Only for a namespace of our own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh22x", b"lo", 0)
        _, flags = struct.unpack("16sh22x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request))
        request = struct.pack("16sh22x", b"lo", flags | _IFF_UP)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)
    CONGESTION_CONTROL.write_text("reno")
    return "private network namespace, reno"


def plain_loopback() -> str:
    """The network in words, where it is shared with everything else on the machine."""
    try:
        control = CONGESTION_CONTROL.read_text().strip()
    except OSError:
        control = "unknown congestion control"
    return f"plain loopback, {control}: shared, so expect outliers"
