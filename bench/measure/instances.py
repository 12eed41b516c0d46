"""Demo instances, and parts of them with fewer streets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .machine import say
from .program import ROOT, paiban

FOLDER = ROOT / "target" / "bench-instances"


def demo(preset: str, seed: int = 1) -> Path:
    """The document of a demo preset, generated afresh so that it is never an old generator's."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{preset}-{seed}.json"
    done = paiban("demo", "--preset", preset, "--seed", str(seed), "--out", path)
    if done.code != 0:
        raise SystemExit(f"paiban demo --preset {preset} failed: {done.errors}")
    return path


def sizes(path: Path) -> tuple[int, int]:
    """Number of posts and people."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return len(document["needs"]), len(document["people"])


def first_streets(city: Path, count: int) -> tuple[Path, int]:
    """The document of the first `count` streets of a city, with its people and posts, and its number of posts."""
    document = json.loads(city.read_text(encoding="utf-8"))
    parents = {unit["id"]: unit.get("parent") for unit in document["units"]}
    streets = [unit["id"] for unit in document["units"] if unit.get("street")][:count]
    chosen = set(streets)
    inside: dict[str, bool] = {}
    for unit in parents:
        at: str | None = unit
        while at is not None and at not in chosen:
            at = parents[at]
        inside[unit] = at is not None
    above = set[str]()
    for street in streets:
        at = parents[street]
        while at is not None:
            above.add(at)
            at = parents[at]
    kept = {unit for unit in parents if inside[unit]} | above
    document["units"] = [unit for unit in document["units"] if unit["id"] in kept]
    document["places"] = [place for place in document["places"] if inside[place["unit"]]]
    places = {place["id"] for place in document["places"]}
    people = [_within(person, kept, inside, places) for person in document["people"]]
    document["people"] = [person for person in people if person is not None]
    names = {person["id"] for person in document["people"]}
    document["needs"] = [need for need in document["needs"] if need["place"] in places]
    needs = {need["id"] for need in document["needs"]}
    for need in document["needs"]:
        if "excluded" in need:
            need["excluded"] = [name for name in need["excluded"] if name in names]
    document["cases"] = [_case_within(case, names) for case in document.get("cases", []) if inside[case["unit"]]]
    hearings = [_reception_within(own, names) for own in document.get("receptions", []) if own["place"] in places]
    document["receptions"] = [own for own in hearings if own["deputies"]]
    document["apart"] = [pair for pair in document.get("apart", []) if set(pair) <= names]
    for key in ("pins", "published"):
        document[key] = [duty for duty in document.get(key, []) if duty["person"] in names and duty["need"] in needs]
    path = city.with_name(f"{city.stem}-streets{count}.json")
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    say(f"{path.name}: {len(needs)} posts, {len(names)} people")
    return path, len(needs)


def without_cases(path: Path) -> Path:
    """The document with residents' cases and receptions left out, which the peers' models do not hold."""
    document = json.loads(path.read_text(encoding="utf-8"))
    document["cases"] = []
    document["receptions"] = []
    bare = path.with_name(f"{path.stem}-without-cases.json")
    bare.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return bare


def _case_within(case: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The case without people who are not there."""
    own = dict(case)
    if own.get("earlierHandler") not in names:
        own.pop("earlierHandler", None)
    if "excluded" in own:
        own["excluded"] = [name for name in own["excluded"] if name in names]
    return own


def _reception_within(reception: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The reception without people who are not there."""
    own = dict(reception)
    for key in ("deputies", "hosts"):
        if key in own:
            own[key] = [name for name in own[key] if name in names]
    return own


def _within(person: dict[str, Any], kept: set[str], inside: dict[str, bool], places: set[str]) -> dict[str, Any] | None:
    """The person with everything outside the kept streets taken away; None for people of other streets."""
    if not inside[person["homeUnit"]]:
        return None
    own = dict(person)
    if "scope" in own:
        own["scope"] = [unit for unit in own["scope"] if unit in kept] or [own["homeUnit"]]
    own["familiarPlaces"] = [place for place in own.get("familiarPlaces", []) if place in places]
    own["wishes"] = [wish for wish in own.get("wishes", []) if wish.get("place") is None or wish["place"] in places]
    host = own.get("contract", {}).get("host")
    if host is not None and host["unit"] not in kept:
        own["contract"] = {key: value for key, value in own["contract"].items() if key != "host"}
    return own
