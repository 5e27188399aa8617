"""A name server on this machine that answers from a table, over UDP and TCP."""

import socket
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

SILENT, FAILS = "silent", "fails"
"""In the place of records: no answer at all, or an error of the server."""

Zone = Mapping[str, Mapping[str, Sequence[str]] | str]
"""Name to kind to records, or to how it misbehaves."""

MOST = 512
"""Bytes of an answer over UDP, to those who do not ask for more."""

STRING = 255


def txt(text: str) -> str:
    """A TXT record as a zone file has it: long ones in several strings."""
    pieces = [text[at : at + STRING] for at in range(0, len(text), STRING)] or [""]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)


def answer(zone: Zone, wire: bytes) -> dns.message.Message | None:
    """What the table says; None: nothing, ever."""
    asked = dns.message.from_wire(wire)
    [question] = asked.question
    kind = dns.rdatatype.to_text(question.rdtype)
    reply = dns.message.make_response(asked)
    reply.flags |= dns.flags.RA | dns.flags.AA
    name = question.name.to_text(omit_final_dot=True).lower()
    for _ in range(8):
        records = zone.get(name)
        if records == SILENT:
            return None
        if records == FAILS:
            reply.set_rcode(dns.rcode.SERVFAIL)
            return reply
        if records is None:
            if not any(one.endswith(f".{name}") for one in zone):
                reply.set_rcode(dns.rcode.NXDOMAIN)
            return reply
        assert not isinstance(records, str)
        owner = dns.name.from_text(name)
        if kind in records:
            reply.answer.append(dns.rrset.from_text(owner, 60, "IN", kind, *_told(records, kind)))
            return reply
        if "CNAME" not in records:
            return reply
        [alias] = records["CNAME"]
        reply.answer.append(dns.rrset.from_text(owner, 60, "IN", "CNAME", f"{alias}."))
        name = alias
    return reply


def _told(records: Mapping[str, Sequence[str]], kind: str) -> list[str]:
    return [txt(one) if kind == "TXT" else one for one in records[kind]]


class LittleDns:
    """The server; `zone` may change while it runs, and `asked` is what it was asked for."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.asked: list[str] = []
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(self._tcp.getsockname())
        host, port = self._tcp.getsockname()
        self.address = f"{host}:{port}"

    @contextmanager
    def running(self) -> Iterator["LittleDns"]:
        threads = [
            threading.Thread(target=one, daemon=True) for one in (self._datagrams, self._streams)
        ]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._tcp.shutdown(socket.SHUT_RDWR)
            self._udp.sendto(b"", self._udp.getsockname())
            for thread in threads:
                thread.join()
            self._tcp.close()
            self._udp.close()

    def _datagrams(self) -> None:
        while True:
            wire, who = self._udp.recvfrom(4096)
            if not wire:
                return
            if reply := self._reply(wire):
                data = reply.to_wire()
                if len(data) > MOST:
                    reply.answer.clear()
                    reply.flags |= dns.flags.TC
                    data = reply.to_wire()
                self._udp.sendto(data, who)

    def _streams(self) -> None:
        while True:
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            with connection:
                [length] = struct.unpack("!H", connection.recv(2, socket.MSG_WAITALL))
                if reply := self._reply(connection.recv(length, socket.MSG_WAITALL)):
                    data = reply.to_wire()
                    connection.sendall(struct.pack("!H", len(data)) + data)

    def _reply(self, wire: bytes) -> dns.message.Message | None:
        question = dns.message.from_wire(wire).question[0]
        self.asked.append(
            f"{question.name.to_text(omit_final_dot=True)} {dns.rdatatype.to_text(question.rdtype)}"
        )
        return answer(self.zone, wire)
