"""What the numbers were made on and with."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path

from .program import BENCH_PYTHON, PAIBAN, ROOT


def _first_line(command: list[str]) -> str:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return "not there"
    return ((done.stdout or done.stderr).strip().splitlines() or ["unknown"])[0]


def _match(path: str, pattern: str) -> str:
    found = re.search(pattern, Path(path).read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1).strip() if found else "unknown"


def describe(command: list[str], seeds: list[int], peers: bool) -> str:
    """A Markdown list: machine, date, versions, command, seeds."""
    memory = int(_match("/proc/meminfo", r"^MemTotal:\s+(\d+) kB")) / 2**20
    load = os.getloadavg()[0]
    versions = [
        _first_line([str(PAIBAN), "--version"]),
        f"commit {_first_line(['git', 'rev-parse', '--short', 'HEAD'])}",
    ]
    versions.append(_first_line(["rustc", "--version"]))
    if peers:
        pins = Path(ROOT, "bench", "peers", "requirements.txt").read_text(encoding="utf-8").splitlines()
        versions += [pin.replace("==", " ") for pin in pins if "==" in pin]
        versions += [_first_line([str(BENCH_PYTHON), "--version"]), _first_line(["java", "-version"])]
    processor = _match("/proc/cpuinfo", r"^model name\s*: (.*)$")
    return "\n".join(
        [
            f"- Command: `{' '.join(command)}`",
            f"- Machine: {os.cpu_count()} cores ({processor}), "
            f"{memory:.0f} GiB memory; load average at the start {load:.1f}",
            f"- Date: {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC",
            f"- Versions: {', '.join(versions)}",
            f"- Seeds: {', '.join(map(str, seeds))}",
        ]
    )


def say(text: str) -> None:
    """Progress, on stderr, so that stdout holds the tables only."""
    print(text, file=sys.stderr, flush=True)
