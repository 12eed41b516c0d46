"""Runs one program and takes its time, its peak memory and its closing lines."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAIBAN = ROOT / "target" / "debug" / "paiban"
BENCH_PYTHON = ROOT / "target" / "bench-venv" / "bin" / "python"

# Code of a check that had no roster to judge.
NO_ROSTER = 99


@dataclass
class Run:
    """One finished run; `facts` holds its `key: value` lines."""

    code: int
    seconds: float
    peak_mib: float
    facts: dict[str, str]
    errors: str

    @property
    def verdict(self) -> str:
        """What the checker said, when this was a check: by the rules alone, not by claims made in the roster."""
        if self.code == NO_ROSTER:
            return "no roster"
        return "accepted" if self.facts.get("feasible") == "true" else "refused"

    def number(self, key: str) -> int | None:
        """A whole number among the facts."""
        try:
            return round(float(self.facts[key]))
        except (KeyError, ValueError):
            return None

    def tiers(self, what: str) -> list[int | None]:
        """Tier values or bounds (`what`), tier 1 first."""
        return [self.number(f"tier{tier}.{what}") for tier in (1, 2, 3)]


def run(command: list[str], environment: dict[str, str] | None = None) -> Run:
    """Runs a command to its end; memory is that of the largest process it waited for."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        started = time.monotonic()
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=err, env={**os.environ, **(environment or {})}, text=True
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        lines = [line.strip().split(": ", 1) for line in out if ": " in line]
        facts = {key.strip(): value.strip() for key, value in lines}
        return Run(process.returncode, seconds, usage.ru_maxrss / 1024, facts, err.read()[-2000:])


def paiban(*arguments: str | Path) -> Run:
    """Runs our own program."""
    return run([str(PAIBAN), *map(str, arguments)])


def peer(name: str, *arguments: str | Path) -> Run:
    """Runs a peer in the venv that bench/run.sh made."""
    environment = {"PYTHONPATH": str(ROOT / "bench"), "PYTHONDONTWRITEBYTECODE": "1"}
    return run([str(BENCH_PYTHON), "-m", "peers", name, *map(str, arguments)], environment)
