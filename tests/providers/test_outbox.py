"""The outbox keeps every mail as a real file, once."""

import email
import json
import mailbox
import os
from email import policy
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dispatch.errors import OutcomeUnknown, ProviderUnavailable
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Address
from dispatch.providers.outbox import Outbox, OutboxOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import ProviderPromises
from dispatch.testing.samples import a_mail, a_snippet

OTHER_DISK = Path("/dev/shm") if Path("/dev/shm").is_dir() else None


@pytest.fixture
def outbox(tmp_path):
    return Outbox(OutboxOptions(folder=tmp_path), new_client(), FakeClock())


def files(folder, pattern="**/*.*"):
    return sorted(path for path in folder.glob(pattern) if path.is_file())


class TestOutbox(ProviderPromises):
    @pytest.fixture
    def working(self, outbox):
        return outbox

    def test_writes_a_mail_that_mail_programs_open(self, outbox, tmp_path):
        [outcome] = outbox.send([a_mail()])

        [mail] = mailbox.Maildir(tmp_path / "mail", create=False)
        assert mail["Subject"]
        [path] = files(tmp_path, "mail/new/*.eml")
        assert outcome == Accepted(path.name)
        read = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert read["Date"] == "Tue, 24 Nov 2026 08:00:00 +0000"
        assert read["To"] == "Reader 1 <reader1@example.org>"

    def test_writes_a_snippet_as_json(self, outbox, tmp_path):
        snippet = a_snippet()

        outbox.send([snippet])

        [path] = files(tmp_path, "social/*.json")
        written = json.loads(path.read_text(encoding="utf-8"))
        assert written["text"] == snippet.text
        assert written["image"] == {"url": snippet.image.url, "alt": snippet.image.alt}
        assert written["topics"] == list(snippet.topics)

    def test_writes_a_repeated_mail_once(self, outbox, tmp_path):
        first = outbox.send([a_mail()])

        again = outbox.send([a_mail(), a_mail()])

        assert again == first * 2
        assert len(files(tmp_path)) == 1

    def test_writes_a_mail_once_even_when_it_was_read_meanwhile(self, outbox, tmp_path):
        [outcome] = outbox.send([a_mail()])
        name = outcome.id
        (tmp_path / "mail/new" / name).rename(tmp_path / "mail/cur" / f"{name}:2,S")

        outbox.send([a_mail()])

        assert [path.parent.name for path in files(tmp_path)] == ["cur"]

    def test_keeps_two_mails_to_one_reader_apart(self, outbox, tmp_path):
        reader = Address("../../etc/ada@example.org")

        outbox.send([a_mail(1, to=reader), a_mail(2, to=reader)])

        assert len(files(tmp_path, "mail/new/*.eml")) == 2
        assert len(files(tmp_path)) == 2

    @pytest.mark.parametrize("umask", [0o000, 0o022, 0o777], ids=oct)
    def test_is_nobody_elses_business_whatever_the_umask(self, tmp_path, umask):
        tmp_path.chmod(0o755)
        outbox = Outbox(OutboxOptions(folder=tmp_path / "a/outbox"), new_client(), FakeClock())
        before = os.umask(umask)
        try:
            outbox.check()
            outbox.send([a_mail(), a_snippet()])
        finally:
            os.umask(before)

        modes = {path.stat().st_mode & 0o777 for path in files(tmp_path)}
        folders = [path for path in tmp_path.glob("**/*") if path.is_dir()]
        assert modes == {0o600}
        assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}
        assert tmp_path.stat().st_mode & 0o777 == 0o755

    def test_a_link_laid_where_it_writes_leads_nowhere(self, outbox, tmp_path):
        outbox.check()
        theirs = tmp_path / "theirs"
        [name] = [outcome.id for outcome in outbox.send([a_mail()])]
        (tmp_path / "mail/new" / name).unlink()
        (tmp_path / "mail/tmp" / name).symlink_to(theirs)

        outbox.send([a_mail()])

        assert not theirs.exists()
        assert (tmp_path / "mail/new" / name).is_file()

    def test_what_a_crash_left_half_written_goes_with_the_next_try(self, outbox, tmp_path):
        outbox.check()
        [name] = [outcome.id for outcome in outbox.send([a_mail()])]
        (tmp_path / "mail/new" / name).unlink()
        for left in (f"{name}~0123456789abcdef", name):
            (tmp_path / "mail/tmp" / left).write_bytes(b"half")

        outbox.send([a_mail()])

        assert [path.parent.name for path in files(tmp_path)] == ["new"]

    def test_says_what_to_do_when_the_folder_cannot_be_made(self, tmp_path):
        (tmp_path / "outbox").write_text("a file is in the way")
        blocked = Outbox(OutboxOptions(folder=tmp_path / "outbox"), new_client(), FakeClock())

        for call in (blocked.check, lambda: blocked.send([a_mail()])):
            with pytest.raises(ProviderUnavailable, match=r"outbox: cannot write to .+ - check"):
                call()

    def test_writes_nothing_of_a_batch_when_there_is_no_room(self, outbox, tmp_path):
        resource = pytest.importorskip("resource", reason="file sizes cannot be limited here")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        batch = [a_mail(1), a_mail(2, text="long " * 50_000), a_mail(3)]

        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        try:
            with pytest.raises(ProviderUnavailable, match=r"outbox: cannot write to .+ - check"):
                outbox.send(batch)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

        assert files(tmp_path, "mail/new/*") == []
        assert len(outbox.send(batch)) == len(files(tmp_path, "mail/new/*")) == 3

    def test_does_not_know_how_far_it_came_when_moving_fails(self, outbox, tmp_path):
        (tmp_path / "mail").mkdir()
        with TemporaryDirectory(dir=OTHER_DISK) as elsewhere:
            if Path(elsewhere).stat().st_dev == tmp_path.stat().st_dev:
                pytest.skip("needs two file systems, and this machine shows one")
            (tmp_path / "mail/new").symlink_to(elsewhere)

            with pytest.raises(OutcomeUnknown, match="a later try adds the missing ones only"):
                outbox.send([a_mail()])
