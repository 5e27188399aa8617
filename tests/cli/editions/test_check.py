"""`dispatch editions check` says the same as an edition's page, and its exit code whether to go."""

from dispatch.store.delivery.channels import Stop
from dispatch.store.transactions import Store


def test_what_is_found_is_told_and_what_stops_it_is_the_exit_code(dispatch, waiting, workspace):
    short = waiting[:8]

    fine = dispatch("editions", "check", short)
    store = Store(f"sqlite:///{workspace / 'dispatch.db'}")
    with store.begin() as tx:
        tx.channels.put_stop(Stop("outbox", None, "a wrong link", failures=1))
    store.close()
    stopped = dispatch("editions", "check", short)
    refused = dispatch("editions", "approve", short, "--by", "ada")

    assert (fine.code, stopped.code, refused.code) == (0, 1, 1)
    assert "Fine: " in fine.out
    assert "Look at this: " in fine.out
    assert "Stops it: " not in fine.out
    assert stopped.out.startswith("Stops it: ")
    assert "a wrong link" in stopped.out.splitlines()[0]
    assert f"see 'dispatch editions check {short}'" in refused.err


def test_an_edition_that_is_not_there_is_said_so(dispatch):
    ended = dispatch("editions", "check", "0000")

    assert ended.code == 2
    assert "0000" in ended.err
