"""A worker in a process of its own, for the test in which two of them share a pace."""

from datetime import timedelta
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from dispatch.channels.opened import Channel
from dispatch.clock import system_clock, system_timer
from dispatch.model.campaigns.pace import Pace
from dispatch.pipeline.delivery.run_loop import run_sending_loop
from dispatch.providers.smtp import Smtp, SmtpOptions
from dispatch.store.transactions import Store
from patience import PATIENCE
from pipeline_samples import GUARD, LINKS, no_http

CONNECTIONS = 3
"""Each worker opens so many: enough for the pace, and few for a test's mail server to greet."""


def work(  # noqa: PLR0917 - as multiprocessing hands them over
    url: str, edition_id: str, port: int, per_second: float, both: Barrier, ended: SimpleQueue
):
    """Deliver what is left of an edition, together with the other worker.

    Tells when it began, by the timer of all processes, and how many ended by it.
    """
    store = Store(url)
    with store.read() as tx:
        edition = tx.editions.get(edition_id)
    pace = Pace(per_second=per_second, connections=2 * CONNECTIONS)
    options = SmtpOptions(host="127.0.0.1", port=port, security="none")

    def open_channel(name: str) -> Channel:
        provider = Smtp(options, no_http(), system_clock)
        return Channel(name, "smtp", provider, Smtp.capabilities, pace=pace)

    both.wait(timeout=PATIENCE)
    began = system_timer()
    number = run_sending_loop(
        edition,
        "mail",
        store=store,
        open_channel=open_channel,
        guard=GUARD,
        links=LINKS,
        clock=system_clock,
        lease=timedelta(minutes=2),
        connections=CONNECTIONS,
    )
    store.close()
    ended.put((began, number))
