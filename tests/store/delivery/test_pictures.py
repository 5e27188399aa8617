"""Pictures beside posts, by the hash of their bytes."""

from datetime import timedelta

from dispatch.model.editions.card import keep

ONE = keep("image/png", 40, 40, b"one")
TWO = keep("image/jpeg", 80, 60, b"two" * 100_000)
DAY = timedelta(days=1)


def test_a_picture_is_kept_once_and_found_by_its_mark(store, clock):
    with store.begin() as tx:
        tx.pictures.keep([ONE, TWO], now=clock())
        tx.pictures.keep([ONE], now=clock())

    with store.read() as tx:
        assert tx.pictures.of([ONE.mark, TWO.mark, "f" * 64]) == {ONE.mark: ONE, TWO.mark: TWO}


def test_what_was_found_again_is_young_again(store, clock):
    start = clock()
    with store.begin() as tx:
        tx.pictures.keep([ONE, TWO], now=start)
        tx.pictures.keep([TWO], now=start + DAY)

    with store.begin() as tx:
        assert tx.pictures.older(start + DAY) == [ONE.mark]
        assert tx.pictures.forget([ONE.mark, TWO.mark], before=start + DAY) == 1
        assert list(tx.pictures.of([ONE.mark, TWO.mark])) == [TWO.mark]
