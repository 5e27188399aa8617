"""A client of the API: `Client("https://news.example.org", "dsp_…")`.

It needs nothing of dispatch's service: what goes in and comes out are dictionaries as JSON has
them, whose types are in `dispatch.client.shapes`.
"""

from dispatch.client.problem import ClientError, Problem, Unreachable
from dispatch.client.session import Client

__all__ = ["Client", "ClientError", "Problem", "Unreachable"]
