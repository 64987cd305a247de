from __future__ import annotations

import pytest
from fake_server import FakeServer, gamma_of, reply

from upbeat_rhythm import AccessDenied, RequestRejected, RhythmCredit, ServerFailed, Trace
from upbeat_rhythm.credit import gamma_metrics

TRACES = [Trace([1, 5], [4, 8, 2])]


def test_weigh_returns_gamma_and_version(fake: FakeServer) -> None:
    weights = RhythmCredit(fake.url).weigh(TRACES, step=4)
    assert weights.gamma == [gamma_of([1, 5], [4, 8, 2])]
    assert weights.weights_version == 1
    assert weights.seconds > 0
    assert fake.requests[0]["step"] == 4


def test_uniform_asks_nothing(fake: FakeServer) -> None:
    assert RhythmCredit(fake.url, strategy="uniform").weigh(TRACES).gamma is None
    assert fake.calls == 0


def test_batch_without_traces_asks_nothing(fake: FakeServer) -> None:
    assert RhythmCredit(fake.url).weigh([]).gamma is None
    assert fake.calls == 0


def test_failed_server_raises_by_default(fake: FakeServer) -> None:
    fake.replies = [reply(500, {"error": "broken"})]
    with pytest.raises(ServerFailed, match="broken"):
        RhythmCredit(fake.url).weigh(TRACES)


def test_failed_server_gives_uniform_credit_if_asked_to(fake: FakeServer) -> None:
    fake.replies = [reply(500, {"error": "broken"})]
    weights = RhythmCredit(fake.url, on_error="uniform").weigh(TRACES)
    assert weights.gamma is None
    assert weights.failure is not None
    assert "broken" in weights.failure


@pytest.mark.parametrize(("status", "error"), [(400, RequestRejected), (401, AccessDenied)])
def test_rejected_request_always_raises(fake: FakeServer, status: int, error: type[Exception]) -> None:
    fake.replies = [reply(status, {"error": "unknown option"})]
    with pytest.raises(error):
        RhythmCredit(fake.url, on_error="uniform").weigh(TRACES)


@pytest.mark.parametrize("strategy", ["lopti", "reweight-lopti", "capo", "asyppo"])
def test_strategy_without_gamma_is_rejected(strategy: str) -> None:
    with pytest.raises(ValueError, match=strategy):
        RhythmCredit(strategy=strategy)


def test_unknown_on_error_is_rejected() -> None:
    with pytest.raises(ValueError, match="raise or uniform"):
        RhythmCredit(on_error="ignore")  # type: ignore[arg-type]


def test_token_is_never_printed() -> None:
    assert "secret" not in repr(RhythmCredit(token="secret"))


def test_metrics_count_only_the_tokens_of_the_loss() -> None:
    metrics = gamma_metrics([[1.5, 1.0, 9.0]], [[True, True, False]])
    assert metrics == {"credit/gamma_mean": 1.25, "credit/amplified_share": 0.5}
    assert gamma_metrics([[1.5]], [[False]]) == {}
