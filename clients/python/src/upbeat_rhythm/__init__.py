"""Attention rhythm and token credit from an Upbeat server, for any trainer.

``Client`` talks to ``upbeat serve``; ``upbeat_rhythm.trl``, ``upbeat_rhythm.verl`` and ``upbeat_rhythm.roll`` put
its token weights into the advantages of these trainers.
"""

from upbeat_rhythm.client import Client, Credits, Observations, Trace
from upbeat_rhythm.credit import RhythmCredit
from upbeat_rhythm.errors import (
    AccessDenied,
    RequestRejected,
    ServerBusy,
    ServerFailed,
    ServerUnreachable,
    UpbeatError,
)

__all__ = [
    "AccessDenied",
    "Client",
    "Credits",
    "Observations",
    "RequestRejected",
    "RhythmCredit",
    "ServerBusy",
    "ServerFailed",
    "ServerUnreachable",
    "Trace",
    "UpbeatError",
]
