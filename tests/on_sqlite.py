"""For a test whose statements others run on PostgreSQL already: it need not do so again."""

import pytest

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
