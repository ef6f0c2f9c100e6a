"""How long the server took for a page, as browsers show it beside the request."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


class ServerTiming:
    """Say in `Server-Timing` how many milliseconds an answer took, and its statements of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and tell the time that it took."""
        started = perf_counter()
        clock = _Clock()
        with connection.execute_wrapper(clock):
            response = self.get_response(request)
        total = 1000 * (perf_counter() - started)
        response["Server-Timing"] = f"total;dur={total:.1f}, db;dur={1000 * clock.seconds:.1f}"
        return response


class _Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += perf_counter() - started
