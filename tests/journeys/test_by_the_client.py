"""A program writes a letter over the wire, by the typed client; what it brought about is told."""

import os
import subprocess
import sys
import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks import Webhook

from api_stage import token_of
from app_stage import change, workspace_in
from dispatch.app import open_app
from dispatch.client import Client, Problem
from dispatch.model.team.role import Role
from dispatch.testing.samples import a_png
from loopback import free_port, running
from notify_stage import SECRET
from patience import PATIENCE
from team_stage import join

SUBJECT = "Come in, it is warm"
LINK = "https://atelier.example/soiree"


class Receiver(ThreadingHTTPServer):
    """Remembers what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.told: list[tuple[bytes, dict[str, str]]] = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((body, {name.lower(): said for name, said in self.headers.items()}))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver
        receiver.shutdown()


@pytest.fixture
def service(tmp_path, migrated_sqlite, receiver):
    """A workspace that is served, tokens of who writes and who approves, and commands in it."""
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    environ = {**os.environ, "DISPATCH_PRIVATE_NETWORKS": "127.0.0.1", "CRM_SECRET": SECRET}
    hook = f"http://127.0.0.1:{receiver.server_port}/hook"
    crm = f"{{url: '{hook}', secret: env:CRM_SECRET, events: ['edition.*'], private: true}}"
    change(folder, "campaigns:", f"notify: {{crm: {crm}}}\ncampaigns:")
    with open_app(folder, environ=environ) as app:
        list(app.people.import_files())
        join(app, "ada", Role.EDITOR)
        join(app, "grace", Role.OWNER)
        tokens = token_of(app, "ada"), token_of(app, "grace")
    port, dispatch = free_port(), [sys.executable, "-m", "dispatch", "-w", str(folder)]

    def run(*words):
        subprocess.run([*dispatch, *words], env=environ, check=True, timeout=PATIENCE)

    with running([*dispatch, "up", "--role", "web", "--port", str(port)], port, environ):
        yield f"http://127.0.0.1:{port}", tokens, run, folder / "outbox"


def refused(call, *words, **more):
    with pytest.raises(Problem) as caught:
        call(*words, **more)
    return caught.value


def test_a_letter_is_written_approved_sent_and_told_of(service, receiver):
    address, (author, approver), run, outbox = service
    with Client(address, author) as ada, Client(address, approver) as grace:
        letter = ada.letters.begin({}, key="monday")["id"]
        assert ada.letters.begin({}, key="monday")["id"] == letter
        assert [one["id"] for one in ada.letters.list()] == [letter]

        ada.letters.show(letter)
        grace.letters.show(letter)
        ada.letters.change(letter, {"segment": "locale == 'fr'", "tells": True})
        assert refused(grace.letters.change, letter, {"segment": ""}).status == 412
        whom = ada.letters.count_letter_readers(letter)

        ada.editions.show(letter)
        picture = ada.pictures.upload(a_png(600, 400), name="press.png")
        shows = {"kind": "picture", "picture": picture["mark"], "alt": "A press by night"}
        ada.editions.add_piece(letter, shows)
        ada.editions.add_piece(letter, {"kind": "link", "text": "Keep a chair", "address": LINK})
        ada.editions.edit(letter, {"subject": SUBJECT})
        ada.editions.ask_approval(letter, {"note": "Please look"})

        looked_at = {"fingerprint": grace.editions.show(letter)["fingerprint"]}
        assert refused(ada.editions.approve, letter, looked_at).status == 403
        assert grace.editions.approve(letter, looked_at)["state"] == "approved"

        run("editions", "send", letter)
        run("notify", "send")
        assert grace.editions.show(letter)["state"] == "finished"
        [token] = [one["id"] for one in ada.tokens.list()]
        ada.tokens.revoke(token)
        assert refused(ada.me.show).status == 401

    mails = [
        message_from_bytes(one.read_bytes(), policy=policy.default) for one in outbox.rglob("*.eml")
    ]
    assert len(mails) == whom["readers"] > 0
    for mail in mails:
        html = mail.get_body(("html",)).get_content()
        assert mail["Subject"] == SUBJECT
        assert f"{picture['mark']}.png" in html
        assert "A press by night" in html
        assert "Keep a chair" in html
    told = [Webhook(SECRET).verify(body, headers) for body, headers in receiver.told]
    assert {one["type"] for one in told} >= {"edition.approved", "edition.finished"}
    assert all(one["data"]["letter"] and one["data"]["campaign"] is None for one in told)
    assert {one["data"]["id"] for one in told} == {letter}
