"""Processes that send, killed, stopped, and left alone."""

import signal

import pytest
import structlog

from dispatch.model.delivery.state import DeliveryState
from dispatch.pipeline.delivery.run_loop import run_sending_loop
from processes_stage import NUMBER, counts


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_killed_process_is_replaced_and_what_it_had_is_taken_over_at_once(
    edition, given, server, taken, children
):
    taken.at, taken.tell = NUMBER // 3, lambda: [one.kill() for one in children]

    with structlog.testing.capture_logs() as said:
        ended = run_sending_loop(edition, "mail", elsewhere=True, connections=3, **given)

    states = counts(given["store"], edition)
    assert sum(states.values()) == NUMBER
    assert states.get(DeliveryState.UNKNOWN, 0) <= 3
    assert states[DeliveryState.ACCEPTED] >= NUMBER - 3
    assert set(server.copies.values()) == {1}
    assert ended <= NUMBER
    assert [line["event"] for line in said if line["event"] == "sender.died"] == ["sender.died"]
    assert [child.returncode for child in children] == [-signal.SIGKILL, 0]


def test_one_that_dies_again_and_again_is_given_up(edition, given, children, monkeypatch):
    monkeypatch.setattr("dispatch.pipeline.delivery.sending_process.PROGRAM", "dispatch.nowhere")

    with structlog.testing.capture_logs() as said:
        ended = run_sending_loop(edition, "mail", elsewhere=True, **given)

    assert ended == 0
    assert len(children) == len([one for one in said if one["event"] == "sender.died"]) == 4


@pytest.mark.parametrize("how", ["told", "signalled", "orphaned"])
def test_it_stops_when_it_is_to_and_when_nobody_is_there_any_more(
    edition, given, server, children, how
):
    taken, told = server.taken, []

    def stop():
        match how:
            case "told":
                told.append(True)
            case "signalled":
                children[0].terminate()
            case "orphaned":
                children[0].stdin.close()

    taken.at, taken.tell = NUMBER // 4, stop

    ended = run_sending_loop(
        edition, "mail", elsewhere=True, connections=1, keep_going=lambda: not told, **given
    )

    states = counts(given["store"], edition)
    assert ended < NUMBER or how == "told"
    assert DeliveryState.UNKNOWN not in states
    assert states.get(DeliveryState.SENDING, 0) == 0
    assert sum(server.copies.values()) == states[DeliveryState.ACCEPTED]
