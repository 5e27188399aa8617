"""A line to a real server that breaks behind a request, so that its answer is lost."""

from collections.abc import Callable

import httpx


class LosingAnswers(httpx.BaseTransport):
    """Loses the answers to the first `times` requests that are `wanted`; the server has all."""

    def __init__(self, wanted: Callable[[httpx.Request], bool], times: int = 1) -> None:
        self._line = httpx.HTTPTransport()
        self._wanted = wanted
        self.left = times

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._line.handle_request(request)
        if self.left and self._wanted(request):
            self.left -= 1
            response.read()
            response.close()
            raise httpx.ReadError("simulated", request=request)
        return response

    def close(self) -> None:
        self._line.close()
