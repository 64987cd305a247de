"""What viewers of the live page cost a training: one training with --serve, and 10 event streams (or --viewers N) that are open
during every other block of steps.

    python3 upbeat-bench/peers/viewers.py examples/countdown-coupled.yaml learn.steps=80 eval.every=0 out=runs/viewers

Prints the median of time/step_s of the blocks with and without viewers, and the median over neighbouring blocks of their
ratio with its range. Blocks of one process share its warm-up and the state of the machine. Viewers read in this process.
On a busy machine this ratio is noise; on Linux the script also prints the processor time that the threads of the server
take while viewers watch, as a share of the training's.
"""

import argparse
import json
import re
import socket
import statistics
import subprocess
import sys
import threading
from pathlib import Path


def read_on(stream):
    try:
        while stream.recv(1 << 16):
            pass
    except OSError:
        pass  # closed below


def connect(port, viewers):
    streams = []
    for _ in range(viewers):
        stream = socket.create_connection(("127.0.0.1", port))
        stream.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        threading.Thread(target=read_on, args=(stream,), daemon=True).start()
        streams.append(stream)
    return streams


def disconnect(streams):
    for stream in streams:
        stream.shutdown(socket.SHUT_RDWR)
        stream.close()


def lines(metrics):
    return [json.loads(line) for line in metrics.read_text().splitlines()] if metrics.exists() else []


def processor_ticks(pid):
    """Processor time so far: of the server's threads, and of the whole process."""
    served = every = 0
    for task in Path(f"/proc/{pid}/task").glob("*/stat"):
        try:
            name, fields = re.match(r"\d+ \((.*)\) (.*)", task.read_text()).groups()
        except OSError:
            continue  # the thread has ended
        ticks = sum(map(int, fields.split()[11:13]))
        every += ticks
        served += ticks if name.startswith(("qtp", "run-watcher", "JettyServer")) else 0
    return served, every


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=10)
    parser.add_argument("--block", type=int, default=5, help="steps of a block; its first is not counted")
    parser.add_argument("config")
    parser.add_argument("settings", nargs="*")
    args = parser.parse_args()
    out = Path(next(s.removeprefix("out=") for s in args.settings if s.startswith("out=")))
    training = subprocess.Popen(["./upbeat", "train", args.config, *args.settings, "--serve", "0"],
                                stdout=subprocess.PIPE, text=True)
    port = next(int(found[1]) for line in training.stdout if (found := re.search(r"live page: http://[^:]+:(\d+)", line)))
    threading.Thread(target=training.stdout.read, daemon=True).start()
    streams = []
    ticks = {True: [0, 0], False: [0, 0]}  # by whether viewers watch: of the server's threads, of the process
    before = processor_ticks(training.pid)
    while training.poll() is None:
        step = len([line for line in lines(out / "metrics.jsonl") if line["step"] > 0])
        watched = step // args.block % 2 == 1
        if watched != bool(streams):
            if streams:
                disconnect(streams)
            streams = connect(port, args.viewers) if watched else []
        threading.Event().wait(0.05)
        now = processor_ticks(training.pid)
        if now[1] >= before[1]:  # else it has ended
            for i in (0, 1):
                ticks[bool(streams)][i] += now[i] - before[i]
            before = now
    seconds = {line["step"]: line["time/step_s"] for line in lines(out / "metrics.jsonl") if line["step"] > 0}
    blocks = []
    for start in range(0, len(seconds), args.block):
        counted = [seconds[step] for step in range(start + 2, start + args.block + 1) if step in seconds]
        if len(counted) == args.block - 1:
            blocks.append(statistics.median(counted))
    pairs = list(zip(blocks[2::2], blocks[3::2]))  # the first pair is the warm-up
    if len(pairs) < 2:
        sys.exit(f"{len(seconds)} steps are too few; give at least {6 * args.block} (learn.steps=..)")
    ratios = [watched / alone for alone, watched in pairs]
    print(f"step alone {statistics.median(a for a, _ in pairs):.4f} s, with {args.viewers} viewers {statistics.median(b for _, b in pairs):.4f} s;"
          f" ratio {statistics.median(ratios):.4f} ({min(ratios):.3f} to {max(ratios):.3f}, {len(ratios)} pairs of blocks)")
    if ticks[True][1]:
        print(f"processor time of the server's threads: {ticks[True][0] / ticks[True][1]:.2%} with viewers,"
              f" {ticks[False][0] / max(1, ticks[False][1]):.2%} without")


if __name__ == "__main__":
    main()
