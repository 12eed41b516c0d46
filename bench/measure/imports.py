"""A table of people imported over HTTP into an empty network: the file is sent, checked and stored in one request."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

from .http import FOLDER, OURS, _ask, _served
from .machine import say
from .program import PAIBAN
from .table import spread, table

HEADERS = "人员编号,姓名,拼音,类别,所属单位,电话"
UNITS = [
    ("220100000000", None, "city"),
    ("220102000000", "220100000000", "district"),
    ("220102001000", "220102000000", "street"),
]


def _send(path: str, body: bytes) -> bytes:
    request = urllib.request.Request(OURS + path, body, {"Content-Type": "application/octet-stream"})
    with urllib.request.urlopen(request, timeout=600) as answer:
        return answer.read()


def _get(path: str) -> bytes:
    with urllib.request.urlopen(OURS + path, timeout=600) as answer:
        return answer.read()


def _csv(people: int) -> bytes:
    lines = (
        f"p-{at},人员{at},ren {at:05},党员志愿者,220102001{at % 40 + 1:03},138{at:08}" for at in range(people)
    )
    return "\n".join([HEADERS, *lines, ""]).encode()


def _timed(work: Any) -> tuple[float, Any]:
    started = time.monotonic()
    answer = work()
    return time.monotonic() - started, answer


def compare(people: int, repeats: int) -> str:
    """One table: seconds of a dry run, of the import, of the export, and of importing the exported workbook again."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    steps: dict[str, list[float]] = {}
    for number in range(repeats):
        say(f"import {number + 1} of {repeats}")
        database = FOLDER / "import.db"
        for file in FOLDER.glob("import.db*"):
            file.unlink()
        serve = [str(PAIBAN), "serve", "--open", "--database-url", f"sqlite:{database}"]
        with _served([*serve, "--listen", OURS.removeprefix("http://")], f"{OURS}/healthz"):
            for code, parent, level in UNITS:
                _ask(f"{OURS}/api/v1/units", {"id": code, "parent": parent, "level": level, "name": code})
            for community in range(40):
                code = f"220102001{community + 1:03}"
                body = {"id": code, "parent": "220102001000", "level": "community", "name": code}
                _ask(f"{OURS}/api/v1/units", body)
            path, file = "/api/v1/imports/people", _csv(people)
            for name, work in (
                ("dry run of the csv", lambda: _send(f"{path}?dryRun=true", file)),
                ("import of the csv", lambda: _send(path, file)),
                ("export as a workbook", lambda: _get("/api/v1/exports/people.xlsx")),
            ):
                seconds, answer = _timed(work)
                steps.setdefault(name, []).append(seconds)
            seconds, report = _timed(lambda: json.loads(_send(path, answer)))
            steps.setdefault("import of that workbook, nothing changed", []).append(seconds)
            if report["unchanged"] != people:
                raise SystemExit(f"the round trip changed something: {report}")
    rows = [[name, spread(seconds, 2)] for name, seconds in steps.items()]
    setting = f"{people:,} people in 40 communities, SQLite on disk, each commit synced; {repeats} fresh databases"
    return f"### Import\n\n{setting}\n\n{table(['what', 'seconds'], rows)}"
