"""Writes what waits of a request before its response leaves."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from learner_profile_plugin.time_on_task import spool


class KeepEvidenceMiddleware:
    """
    Writes the evidence that a rolled back transaction left in memory, once the transaction is over.

    It stands first among the middleware, outside of whatever opens a transaction: when the response
    has left, nothing of its request is in memory only. Where nothing waits, it costs a look at a list.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, then write what it left."""
        try:
            return self._get_response(request)
        finally:
            spool.flush()
