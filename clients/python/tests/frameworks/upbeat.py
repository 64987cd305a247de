"""The repository's own ./upbeat: its server, and gamma by analyze and credit."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[4]
MODEL = REPOSITORY / "models" / "countdown"


@contextmanager
def real_server(log: Path, *options: str) -> Iterator[str]:
    """The address of `upbeat serve` with the bundled model."""
    with server_process(log, "--port", "0", *options) as (url, _):
        yield url


@contextmanager
def server_process(log: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address and the process of `upbeat serve` with the bundled model."""
    command = [str(REPOSITORY / "upbeat"), "serve", str(MODEL), "--threads", "1", *options]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as process:
        try:
            while not (address := re.search(r"http://\S+", log.read_text())):
                assert process.poll() is None, log.read_text()
                time.sleep(0.05)
            yield address.group(), process
        finally:
            process.terminate()


def gamma_by_commands(
    directory: Path, traces: list[dict[str, Any]], strategy: str, weights: Path, is_adapter: bool
) -> Any:
    """Id -> gamma, by `upbeat analyze --preset rl` and `upbeat credit`, of a checkpoint or adapter."""
    directory.mkdir(parents=True)
    rows = directory / "traces.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in traces))
    upbeat = str(REPOSITORY / "upbeat")
    model = [str(MODEL), "--adapter", str(weights)] if is_adapter else [str(weights)]
    analyze = ["analyze", *model, "--traces", str(rows), "--preset", "rl", "--dtype", "f32", "--threads", "1"]
    subprocess.run([upbeat, *analyze, "--out", str(directory / "run"), "-q"], check=True, stdout=subprocess.DEVNULL)
    credit = ["credit", "--strategy", strategy, "--traces", str(directory / "run")]
    lines = subprocess.run([upbeat, *credit], check=True, capture_output=True, text=True).stdout.splitlines()
    return {row["id"]: row["gamma"] for row in map(json.loads, lines)}
