"""A real Postfix turns mails down, at once and later, and a real Dovecot has what came back."""

import os
import re
import shutil
import smtplib
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from dispatch.model.delivery.event import Later
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.people.subscriber import SubscriptionState, email_key
from dispatch.store.transactions import Store
from journey_stage import SCHEDULES, Stage, wait_until
from loopback import free_port, until_listening
from patience import PATIENCE

TOOLS = os.environ.get("DISPATCH_TEST_TOOLS")
SETUP = Path(TOOLS or "nowhere") / "mta" / "setup.sh"
NEEDED = all(map(shutil.which, ("postfix", "dovecot", "openssl")))

pytestmark = pytest.mark.skipif(
    not (SETUP.exists() and NEEDED and os.geteuid() == 0),
    reason="needs DISPATCH_TEST_TOOLS, postfix and dovecot, and to be root",
)

PEOPLE = ("hard550", "late550", "late552", "good", "complains", "leaves")
BOUNCES = """\
bounces:
  address: bounces@news.example
  imap:
    host: localhost
    port: {imap}
    username: bounces
    password: env:BOUNCES_PASSWORD
    ca_file: {authority}
campaigns:
"""
COMPLAINT = """\
From: feedback@provider.example
To: bounces@news.example
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--b
Content-Type: message/rfc822

"""


def to(name: str) -> str:
    return f"{name}@reader.example"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Postfix takes mail for everybody at `smtp`; Dovecot shows it at `imap`, all in one folder."""

    folder: Path
    smtp: int
    imap: int

    def mails(self) -> list[bytes]:
        box = self.folder / "mail" / "catchall"
        return [one.read_bytes() for place in ("new", "cur") for one in (box / place).glob("*")]

    def mail_to(self, address: str) -> bytes:
        """The letter that arrived for somebody."""
        [mail] = [one for one in self.mails() if f"\nTo: {address}".encode() in one]
        return mail

    def send(self, mail: EmailMessage | bytes, *, to: str) -> None:
        data = mail if isinstance(mail, bytes) else mail.as_bytes()
        with smtplib.SMTP("127.0.0.1", self.smtp) as line:
            line.sendmail("somebody@provider.example", [to], data)

    def holds(self, number: int) -> None:
        wait_until(
            lambda: len(self.mails()) >= number, seconds=PATIENCE, what=f"{number} mails arrive"
        )


@contextmanager
def serving(folder: Path):
    """Both servers on ports of their own, so that nobody else's are in the way."""
    subprocess.run(["bash", str(SETUP), str(folder)], check=True, capture_output=True)
    ports = {old: str(free_port()) for old in ("35525", "35587", "35465", "35143", "35993")}
    for name in ("pf/master.cf", "dc/dovecot.conf"):
        file = folder / name
        file.write_text(re.sub(r"\b35\d{3}\b", lambda found: ports[found[0]], file.read_text()))
    postfix = ["postfix", "-c", str(folder / "pf")]
    commands = {
        "35525": [*postfix, "start-fg"],
        "35993": ["dovecot", "-F", "-c", str(folder / "dc" / "dovecot.conf")],
    }
    processes = []
    try:
        for port, command in commands.items():
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            processes.append(subprocess.Popen(command, **quiet))
            until_listening(processes[-1], int(ports[port]))
        yield MailServer(folder, int(ports["35525"]), int(ports["35993"]))
    finally:
        subprocess.run([*postfix, "stop"], check=False, capture_output=True)  # and its children
        for process in processes:
            process.terminate()
            process.wait()


@pytest.fixture
def server():
    folder = Path(mkdtemp(prefix="mta-"))  # a socket's path is short
    try:
        with serving(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def stage(tmp_path, blog, sqlite_url, server):
    bounces = BOUNCES.format(imap=server.imap, authority=server.folder / "ca.crt")
    stage = Stage(
        tmp_path / "workspace",
        feed=blog.address,
        port=server.smtp,
        database_url=sqlite_url,
        schedules=SCHEDULES.replace("campaigns:\n", bounces),
    )
    stage.environ["BOUNCES_PASSWORD"] = "secret"
    stage.subscribe(*map(to, PEOPLE))
    blog.publish("First light")
    return stage


def came_later(stage: Stage) -> dict[str, Later]:
    store = Store(stage.database_url)
    try:
        with store.read() as tx:
            people = {one.id: one.recipient.partition("@")[0] for one in tx.deliveries.latest()}
            return {people[key]: one.state for key, one in tx.later.of(people).items()}
    finally:
        store.close()


def suppressed(stage: Stage) -> set[str]:
    store = Store(stage.database_url)
    try:
        with store.read() as tx:
            return {one for one in PEOPLE if tx.suppressions.of_address(email_key(to(one)))}
    finally:
        store.close()


def standing(stage: Stage, name: str) -> SubscriptionState:
    store = Store(stage.database_url)
    try:
        with store.read() as tx:
            person = tx.subscribers.find(to(name))
            return tx.consents.standing(person.id)["readers"].state
    finally:
        store.close()


def test_what_mail_servers_and_readers_send_back_is_heard(stage, server):
    ran = stage.run("run", "weekly")
    assert "Traceback" not in ran.stderr
    records = stage.records()
    assert records.recipients(DeliveryState.REFUSED) == {to("hard550")}
    server.holds(5)  # three letters, two reports

    read = stage.run("bounces", "read")

    assert (read.returncode, read.stderr) == (0, "")
    assert "2 of them told something: 2 bounced" in read.stdout
    assert came_later(stage) == {"late550": Later.BOUNCED, "late552": Later.SOFT_BOUNCED}
    assert suppressed(stage) == {"hard550", "late550"}

    letter = message_from_bytes(server.mail_to(to("leaves")), policy=policy.default)
    https, by_mail = re.findall("<([^>]+)>", letter["List-Unsubscribe"])
    address = urlsplit(by_mail)
    asking = EmailMessage()
    asking["From"], asking["To"] = to("somebody-else"), address.path
    asking["Subject"] = unquote(parse_qs(address.query)["subject"][0])
    asking.set_content("")
    away = EmailMessage()
    away["From"], away["To"], away["Subject"] = to("good"), "bounces@news.example", "Out of office"
    away["Auto-Submitted"] = "auto-replied"
    away.set_content("550 5.1.1 I am not here, and no user knows when I am back.")
    server.send(asking, to=address.path)
    server.send(away, to=letter["Return-Path"].strip("<>"))
    server.send(
        COMPLAINT.encode() + server.mail_to(to("complains")) + b"\n--b--\n",
        to="bounces@news.example",
    )
    server.holds(8)

    read = stage.run("bounces", "read")

    assert "3 mails read, 2 of them told something: 1 complained, 1 left by mail" in read.stdout
    assert https.startswith("https://news.example/unsubscribe/")
    assert came_later(stage)["complains"] is Later.COMPLAINED
    assert suppressed(stage) == {"hard550", "late550", "complains"}
    assert standing(stage, "leaves") is SubscriptionState.ENDED
    assert standing(stage, "good") is SubscriptionState.ACTIVE
    again = stage.run("bounces", "read")
    assert "0 mails read" in again.stdout
