"""How many descriptors the service asks for, and that it never has fewer than before."""

import subprocess
import sys

import pytest

SAY = """
import resource, dispatch.descriptors as d
print(d.raise_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("soft", "hard", "after"),
    [(256, 4096, 4096), (4096, 4096, 4096), (300, 300, 300)],
)
def test_as_many_are_asked_for_as_are_allowed(soft, hard, after):
    limits = f'ulimit -Sn {soft} && ulimit -Hn {hard} && exec "$@"'

    said = subprocess.run(
        ["sh", "-c", limits, "sh", sys.executable, "-c", SAY],
        check=True, capture_output=True, text=True,
    )  # fmt: skip

    assert said.stdout.split() == [str(after), str(after), str(hard)]
