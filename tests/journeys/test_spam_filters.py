"""What a spam filter makes of the letters that the sample workspace sends."""

import re
import shutil
import subprocess

import pytest

from app_stage import opened, workspace_in
from dispatch.cli.editions.preview import rehearsed

SPAMASSASSIN = shutil.which("spamassassin")
MOST = 1.0
"""Points; from 5 on a mail is spam."""


@pytest.mark.skipif(SPAMASSASSIN is None, reason="spamassassin is missing")
def test_the_sample_letters_have_nothing_that_a_filter_minds(tmp_path, migrated_sqlite, clock):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with opened(folder, clock) as app:
        list(app.people.import_files())
        list(app.intake.poll())
        for name in ("weekly", "bulletin"):
            campaign = app.campaign(name)
            for reader in ("camille.moreau@example.org", "jonas.weber@example.org"):
                content, person, _ = rehearsed(app, campaign, reader)
                app.editions.send_test(campaign, content, reader, person)
    mails = sorted((folder / "outbox" / "mail" / "new").iterdir())

    found = [judged(path) for path in mails]

    assert len(found) == 4
    assert [said for points, said in found if points > MOST] == []


def judged(path) -> tuple[float, str]:
    """The points of a mail without any question to the network, and what they are for."""
    with path.open("rb") as mail:
        done = subprocess.run(
            [str(SPAMASSASSIN), "--local", "--test-mode"],
            stdin=mail,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=120,
            check=False,
        )
    report = done.stdout.rpartition("Content analysis details:")[2]
    points = re.search(r"\((-?\d+\.\d+) points", report)
    assert points, done.stderr[-500:]
    return float(points[1]), report
