"""What opens wires to a mail server, in whichever process it is."""

from dataclasses import dataclass

from dispatch.channels.smtp.login import SmtpLogin
from dispatch.channels.smtp.wire import SmtpWire


@dataclass(frozen=True, slots=True)
class SmtpWires:
    """Opens wires with one login; `quota` and `depth` are those of `SmtpWire`. Can be pickled."""

    login: SmtpLogin
    quota: int
    depth: int

    def open_wire(self, connections: int) -> SmtpWire:
        """A wire of at most this many connections, opened as they are needed."""
        return SmtpWire(self.login, connections, quota=self.quota, depth=self.depth)
