"""The one place where everything is put together: a workspace with its database and tools."""

from dispatch.app.app import App
from dispatch.app.open import open_app

__all__ = ["App", "open_app"]
