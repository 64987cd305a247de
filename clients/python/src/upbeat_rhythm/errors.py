"""Exceptions of the client. All are subclasses of :class:`UpbeatError`."""

from __future__ import annotations


class UpbeatError(Exception):
    """Any failure of a request to an Upbeat server."""


class ServerUnreachable(UpbeatError):
    """No connection, a connection that broke, or no answer in time. The server may have done the work."""


class ServerBusy(UpbeatError):
    """The server still answered 429 (queue full) or 503 (weights load) after all retries."""


class AccessDenied(UpbeatError):
    """The server answered 401 or 403: a missing or wrong token, or a path outside its weights root."""


class RequestRejected(UpbeatError):
    """The server answered another 4xx: the request is wrong, and sending it again does not help."""


class ServerFailed(UpbeatError):
    """The server answered 5xx, or its answer does not fit the request."""
