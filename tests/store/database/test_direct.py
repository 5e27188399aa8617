"""What goes past psycopg means the same as what goes through it."""

from datetime import UTC, datetime

import psycopg
import pytest

from dispatch.store.database.direct import Direct

COUNTED = """SELECT count(*) FROM unnest(%(texts)s::text[], %(others)s::text[]) AS pairs(one, other)
WHERE one = other AND one LIKE '%%'"""
SLOW = "SELECT 7::bigint FROM pg_sleep(%(seconds)s)"
FAILS = "SELECT 1 / %(by)s::bigint"
MOMENT = """SELECT count(*) WHERE %(moment)s::timestamptz = timestamptz '2026-03-01 12:00:00.5+02'
AND %(nothing)s::text IS NULL AND %(number)s::int = -3 AND 5 = ANY (%(numbers)s::bigint[])"""


@pytest.fixture
def driver(postgres_url):
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        yield Direct(connection, frozenset({COUNTED, SLOW, FAILS, MOMENT}), {})


@pytest.mark.parametrize(
    "texts",
    [
        [], [""], ["NULL", "null"], ["a,b", "{}", "{a}"], ['"', '""', 'say "so"'],
        ["\\", "\\\\", '\\"', "\\n"], [" a ", "\n", "\t"], ["é", "\u2028", "𝄞"], ["x" * 3_000_000],
    ],
)  # fmt: skip
def test_texts_arrive_as_they_are(driver, texts):
    through = driver._connection.execute("SELECT %(texts)s::text[]", {"texts": texts}).fetchone()[0]

    found = driver.execute(COUNTED, {"texts": texts, "others": through}).fetchall()

    assert found == [(len(texts),)]
    assert through == texts


def test_other_values_do_too(driver):
    moment = datetime(2026, 3, 1, 10, 0, 0, 500_000, UTC)
    values = {"moment": moment, "nothing": None, "number": -3, "numbers": [4, 5]}

    assert driver.execute(MOMENT, values).fetchall() == [(1,)]
    assert driver.execute(MOMENT, values | {"numbers": []}).fetchall() == [(0,)]


def test_what_fails_is_told_as_psycopg_does_and_the_connection_goes_on(driver):
    with pytest.raises(psycopg.errors.DivisionByZero) as failed:
        driver.execute(FAILS, {"by": 0})

    assert failed.value.sqlstate == "22012"
    assert driver.execute(FAILS, {"by": 1}).fetchall() == [(1,)]


def test_a_connection_that_is_lost_is_told_as_psycopg_does(driver):
    driver.execute(FAILS, {"by": 1})
    with pytest.raises(psycopg.OperationalError):
        driver.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(psycopg.OperationalError, match="connection"):
        driver.execute(FAILS, {"by": 1})
