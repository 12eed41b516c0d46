"""`my assignments` over HTTP on a loaded and planned city, beside a bare actix-web JSON handler in the same run."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .machine import say
from .program import PAIBAN, ROOT, Run, paiban, run
from .table import spread, table

FOLDER = ROOT / "target" / "bench-http"
BARE = ROOT / "target" / "debug" / "examples" / "bench-bare"
OURS, YARDSTICK = "http://127.0.0.1:18080", "http://127.0.0.1:18081"


def _ask(url: str, body: dict[str, Any] | None = None, etag: str | None = None) -> tuple[Any, str | None]:
    """A JSON answer and its ETag; a body makes the request a POST, an ETag makes it conditional."""
    headers = {"Content-Type": "application/json"} | ({"If-Match": etag} if etag else {})
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as answer:
        return json.load(answer), answer.headers.get("ETag")


def _wait_until_ready(url: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing answers at {url}")


@contextmanager
def _served(command: list[str], url: str) -> Iterator[None]:
    with (FOLDER / f"{Path(command[0]).name}.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait_until_ready(url)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _planned(preset: str, week: str, seconds: int, threads: int) -> None:
    """Plans and publishes the whole network's week, unless it is published already."""
    units, _ = _ask(f"{OURS}/api/v1/units?limit=50")
    root = next(unit["id"] for unit in units["items"] if unit.get("parent") is None)
    known, _ = _ask(f"{OURS}/api/v1/schedules?limit=50")
    if any(schedule["status"] == "published" for schedule in known["items"]):
        return
    say(f"planning the {preset}'s week {week}")
    asked = {"unit": root, "week": week, "timeLimitSeconds": seconds, "threads": threads}
    schedule, _ = _ask(f"{OURS}/api/v1/schedules", asked)
    url = f"{OURS}/api/v1/schedules/{schedule['id']}"
    while schedule["status"] == "draft":
        time.sleep(1)
        schedule, _ = _ask(url)
        if (schedule.get("run") or {}).get("errorCode"):
            raise SystemExit(f"the plan failed: {schedule['run']}")
    _, etag = _ask(url)
    _ask(f"{url}/publish", body={}, etag=etag)


def _paths(week_start: str, most: int = 5000) -> list[str]:
    """Paths of people with duties in the published schedule."""
    listed, _ = _ask(f"{OURS}/api/v1/schedules?limit=50")
    schedule = next(one for one in listed["items"] if one["status"] == "published")
    duties: dict[str, int] = defaultdict(int)
    link: str | None = f"/api/v1/schedules/{schedule['id']}/assignments?limit=500"
    while link and len(duties) < most:
        page, _ = _ask(link if link.startswith("http") else OURS + link)
        for duty in page["items"]:
            duties[duty["person"]] += 1
        link = page.get("next")
    return [f"/api/v1/people/{person}/assignments?from={week_start}" for person in duties]


def _load(url: str, paths: Path, seconds: int, threads: int, connections: int) -> Run:
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "-s", "bench/people.lua", url]
    return run([*command, "--", str(paths)])


def compare(preset: str, week: str, threads: int, connections: int, seconds: int, repeats: int) -> str:
    """One table: requests a second and latencies of both, in turns, and the ratio of the medians."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    database = FOLDER / f"{preset}.db"
    address = f"sqlite:{database}"
    if not database.exists():
        say(f"loading the {preset}")
        loaded = paiban("demo", "--preset", preset, "--load", "--database-url", address)
        if loaded.code != 0:
            database.unlink(missing_ok=True)
            raise SystemExit(f"paiban demo --load failed: {loaded.errors}")
    serve = [str(PAIBAN), "serve", "--open", "--database-url", address, "--listen", OURS.removeprefix("http://")]
    serve += ["--http-workers", str(threads)]
    paths, sample = FOLDER / "paths.txt", FOLDER / "sample.json"
    bare = [str(BARE), YARDSTICK.removeprefix("http://"), str(threads), str(sample)]
    runs: dict[str, list[Run]] = {"ours": [], "bare": []}
    with _served(serve, f"{OURS}/healthz"):
        _planned(preset, week, 60, threads)
        listed, _ = _ask(f"{OURS}/api/v1/schedules?limit=50")
        start = next(one["weekStart"] for one in listed["items"] if one["status"] == "published")
        found = _paths(start)
        paths.write_text("\n".join(found) + "\n", encoding="utf-8")
        answers = [(len(json.dumps(answer)), answer) for answer, _ in (_ask(OURS + path) for path in found[:101])]
        answers.sort(key=lambda pair: pair[0])
        size, middle = answers[len(answers) // 2]
        sample.write_text(json.dumps(middle, ensure_ascii=False), encoding="utf-8")
        with _served(bare, YARDSTICK):
            for url in (OURS, YARDSTICK):
                _load(url, paths, 2, threads, connections)
            for number in range(repeats):
                say(f"round {number + 1} of {repeats}")
                runs["ours"].append(_load(OURS, paths, seconds, threads, connections))
                runs["bare"].append(_load(YARDSTICK, paths, seconds, threads, connections))
    rows = []
    for name, own in (("my assignments", runs["ours"]), ("bare JSON handler", runs["bare"])):
        rates = [float(one.facts["requests-per-second"]) for one in own]
        latencies = [[float(one.facts[key]) for one in own] for key in ("p50-ms", "p99-ms")]
        failed = sum(int(one.facts["failed"]) for one in own)
        rows.append([name, spread(rates, 0), spread(latencies[0], 2), spread(latencies[1], 2), str(failed)])
    ratio = statistics.median(float(one.facts["requests-per-second"]) for one in runs["ours"]) / statistics.median(
        float(one.facts["requests-per-second"]) for one in runs["bare"]
    )
    head = ["handler", "requests/s", "p50 ms", "p99 ms", "failed"]
    setting = f"{connections} connections, {threads} wrk threads and {threads} server workers on the same machine, "
    setting += (
        f"{repeats} rounds of {seconds} s in turns, {len(found):,} different people, answers of about {size} bytes"
    )
    return f"### HTTP: {preset}\n\n{setting}\n\n{table(head, rows)}\n\nRatio ours / bare: **{ratio:.2f}**"
