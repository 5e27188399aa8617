"""The description of the API, without a workspace: its reference and its client are made of it."""

from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from starlette.applications import Starlette

from dispatch.web.api.application import description, new_api

WHERE = "https://news.example.org"


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of a workspace that is served at WHERE."""
    publisher = SimpleNamespace(public_url=WHERE)
    app = SimpleNamespace(workspace=SimpleNamespace(publisher=publisher))
    web = Starlette()
    web.state.app = app
    return description(new_api(cast("Starlette", web)))
