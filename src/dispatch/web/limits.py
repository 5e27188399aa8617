"""What a client of the pages may take, and for how long: every number, with its reason.

They are for programs that mean harm or have lost their network. A browser on a bad line, a mail
program and a hub stay far below all of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one server allows; tests shorten the times."""

    connections: int = 2_000
    """Open at once. Each takes a descriptor and, at worst, about 100 KB: 200 MB together. The door
    lets in fewer where the system allows fewer descriptors (`share`)."""

    at_once: int = 8
    """Answers made at the same time, each in a thread. They do not get quicker by being more, and
    where one process serves and sends, a sender is one thread among these."""

    settling_seconds: float = 0.05
    """How long who has come may stay, however many others want in: a request comes right behind its
    connection, and who was let in has to be read before it can be told whether it says anything."""

    head_seconds: float = 10
    """For the request's first line and headers, from when the connection is opened, or from their
    first byte on one that has been used before. They come in one packet or two."""

    body_seconds: float = 30
    """For all that follows the headers, from when they are complete. The largest that anybody
    sends are a hub's copy of a feed and what a provider tells, some megabytes."""

    work_seconds: float = 60
    """For our answer, from when the request is whole: what stands in line behind a database that
    hangs is told so in the end."""

    unread_seconds: float = 30
    """For the client to take what was written to it. All our answers fit into the system's own
    buffers, so that only a client that reads nothing at all comes here."""

    idle_seconds: float = 5
    """Between two requests on one connection: what browsers and web servers in front use it for."""

    linger_seconds: float = 2
    """For who was refused to read why, before the connection ends."""

    head_bytes: int = 16 * 1024
    """Of first line and headers together. Cookies of other pages under the same name come along,
    and those of one site have 8 KB at most in other servers."""

    headers: int = 100
    """How many. A browser sends about 20, web servers in front add some."""

    piece_bytes: int = 16 * 1024
    """What is read from a connection at a time, and so what one can make us hold at once."""


WATCHERS = 200
"""People who may watch editions go out at a time, in one process: each keeps a connection, and is
told something every second."""

PATIENCE = "dispatch.patience"
"""What a handler puts into the scope of a request that may take longer to come in: seconds."""

ANSWER_PATIENCE = "dispatch.answer_patience"
"""The same for an answer that takes longer: a file of a million people."""

FILE_SECONDS = 600
"""For a file that somebody of the team hands over: 50 MB at the pace of a slow line, 100 KB a
second. Only who has signed in and may do so is waited for so long."""

FORM_BYTES = 2_000
FORM_FIELDS = 5
"""How much a form of ours may say, and in how many fields: ours have one."""

JOIN_BYTES = 64 * 1024
JOIN_FIELDS = 200
"""The same of a form by which people join: twenty fields of 200 characters, a hundred topics."""

CHOICE_BYTES = 16_000
CHOICE_FIELDS = 300
"""The same for the page of a reader's choices: a field for each audience and each topic, of which
a workspace may have some dozens, with long names."""

CHANGES_AT_ONCE = 2
"""Changes of readers that are made at a time. With 8, readers who leave as fast as 50 connections
can left a sender in the same process an eighth of its rate, with 2 a quarter. With 1, each waits
too long behind the unlucky, as SQLite lets in by chance: 100 ms became 700 for one in a hundred."""

LOOKS_AT_ONCE = 2
LOOK_SECONDS = 0.05
"""Short looks of programs at a time, and how long one waits for that before it begins all the same.
Threads of one process take turns: beside eight that read, who writes has a ninth of it, and holds
the database as much longer."""

CHANGES_TOGETHER = 10
"""Short changes that are kept at once, which takes 30 ms: so long a sender waits at most."""

TURN_SECONDS = 10
"""How long a change that a reader makes may wait for those before it. Each takes milliseconds; the
longest that anything of ours keeps a database busy is addressing a million readers, 5 seconds."""

CALL_BYTES = 256 * 1024
"""What a call of the API may say: an edition's texts have 100 KB at most, a template's file more.
Operations that take files say so themselves."""

HOOK_BYTES = 8 * 1024 * 1024
"""Of one call of a provider, as it comes and unpacked. Those that tell of many mails at once stop
at some hundred events (500 at Brevo, 800 at Mailjet), which make 2 MB where much is told of each;
and a complaint may bring the mail with it that it is about."""

HOOK_BYTES_TOGETHER = 64 * 1024 * 1024
"""Of all calls that are held at a time, as anybody may send us one: who finds no room comes again.
Eight of the largest, or a hundred of those that there are."""

HOOKS_AT_ONCE = 6
"""Calls that are checked and read at a time, in threads of their own: readers' pages never wait for
them. It is work for one core; more than one, as a check may have to fetch a certificate."""

HOOKS_OF_CHANNEL = 2
"""How many of them may be of one channel: whoever makes up calls that name certificates where there
are none holds up no other channel."""

HOOK_SECONDS = 8
"""How long a call may wait for that, and again to be kept, before it is told to come again. The
least patient give up after 10 (SparkPost)."""

HOOK_BREATH_SECONDS = 0.003
"""Between two groups of events that are kept. A sender that waits for SQLite asks each millisecond
(docs/adr/0075), and at 1,000 mails a second loses some of its pace when it waits for 20."""

TURNED_AWAY_SECONDS = 5
"""How often at most it is written down how many calls were turned away: whoever makes up calls
costs the database no more than that."""

HEALTH_SECONDS = 2.0
"""For the database to answer who asks whether we are alive."""

HEALTH_AT_ONCE = 4
"""Such questions that are asked at a time, beside all other answers."""

ENTER_AT_ONCE = 64
"""Connections let in at a time. Then those that are in get their turn: nobody may take all
descriptors in one go, and whoever is to make room for others has done so by then."""

BREATH_SECONDS = 0.1
"""How long nobody is let in when there is no room and none can be made."""

QUEUE = 2_048
"""How many may wait at the door; the system may have a lower limit of its own (somaxconn)."""

TELL_SECONDS = 60
"""How often at most the log has a line about the same trouble with clients."""


def share(descriptors: int) -> int:
    """How many of the process's descriptors may be connections to the pages: half of them.

    The other half is for what must go on whoever calls: channels, the database, feeds.

    >>> share(1024)
    512
    """
    return descriptors // 2


def highest(descriptors: int) -> int:
    """The highest number that a connection's descriptor may have.

    The system gives the lowest number that is free. So a higher one says that nearly all are in
    use, whoever has them, and that the last eighth is to be kept for sending.

    >>> highest(1024)
    896
    """
    return descriptors - descriptors // 8
