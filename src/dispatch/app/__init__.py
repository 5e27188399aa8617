"""The one place where everything is put together: a workspace with its database and tools."""

from dispatch.app.open import open_app
from dispatch.app.opened import App

__all__ = ["App", "open_app"]
