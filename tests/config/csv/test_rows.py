"""Rows of a CSV file are the same however it is cut into blocks, and however they are read."""

import csv
from io import StringIO
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.config.csv.encoding import BLOCK, MAX_LINE, line_blocks
from dispatch.config.csv.rows import MAX_LINES_PER_ROW, Rows, row_blocks

LONG = "x" * MAX_LINE


def lines_in_blocks(text: str, size: int) -> list[str | None]:
    return list(chain.from_iterable(line_blocks(StringIO(text, newline=""), size)))


@given(st.text('ab\r\n"\u2028\x0b', max_size=40), st.integers(1, 9))
def test_a_line_ends_where_it_ends_whatever_block_it_is_in(text, size):
    assert lines_in_blocks(text, size) == list(StringIO(text, newline=""))


@pytest.mark.parametrize("size", [7, 1 << 16, 1 << 20])
def test_of_a_line_that_is_too_long_nothing_is_kept(size):
    text = f"a\r\n{LONG}\nb\n{LONG * 3}\r\n{LONG[:-2]}\nc"

    assert lines_in_blocks(text, size) == ["a\r\n", None, "b\n", None, f"{LONG[:-2]}\n", "c"]


def test_rows_that_need_no_closer_look_come_together():
    rows = [f"{number},{'Ada'}" for number in range(BLOCK // 4)]
    rows[50] = '50,"two\nlines"'
    rows[90] = '90,"open'
    text = "id,name\n" + "\n".join(rows) + "\n"

    found = list(row_blocks(StringIO(text, newline=""), ","))

    alone = [one for one in found if not isinstance(one, Rows)]
    together = [one for one in found if isinstance(one, Rows)]
    lines = [line for one in together for line in one.lines]
    assert [one.line for one in alone[:3]] == [1, 52, 93]
    assert alone[2].flaw is not None
    assert len(alone) <= MAX_LINES_PER_ROW + 3
    assert lines[:50] == list(range(2, 52))
    assert lines[-1] == len(rows) + 2
    assert sum(len(one.cells) for one in together) == len(rows) + 1 - len(alone)


@given(st.lists(st.lists(st.text('ab,"\n ;é', max_size=5), min_size=2, max_size=3), max_size=20))
def test_what_was_written_is_read(rows):
    file = StringIO(newline="")
    csv.writer(file).writerows([["id", "name"], *rows])
    file.seek(0)

    found = list(row_blocks(file, ","))

    cells = [one.cells if isinstance(one, Rows) else [one.cells] for one in found]
    said = [row for row in rows if "".join(row).strip()]
    assert list(chain.from_iterable(cells))[1:] == said
