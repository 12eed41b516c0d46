"""The rule catalogue's defaults, as solver/src/problem/rules.rs states them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Rule:
    """One rule: its tier (0 is hard), whether it is on, its weight and its parameters."""

    tier: int
    on: bool = True
    weight: int = 0
    parameters: dict[str, int] = field(default_factory=dict)


DEFAULTS: dict[str, Rule] = {
    "H01": Rule(0, parameters={"metres_per_minute": 250}),
    "H02": Rule(0),
    "H03": Rule(0),
    "H04": Rule(0, parameters={"max_minutes": 600, "max_duties": 3}),
    "H05": Rule(0, parameters={"max_minutes_week": 2640, "max_minutes_four_weeks": 9600}),
    "H06": Rule(0, parameters={"min_rest_minutes": 660}),
    "H07": Rule(0, parameters={"max_days": 6}),
    "H08": Rule(0, parameters={"max_in_four_weeks": 3}),
    "H09": Rule(0),
    "H10": Rule(0),
    "H11": Rule(0),
    "H12": Rule(0),
    "H14": Rule(0),
    "H15": Rule(0),
    "S10": Rule(1, weight=100),
    "S20": Rule(2, weight=1),
    "S22": Rule(2, weight=60),
    "S23": Rule(2, weight=60),
    "S24": Rule(2, on=False, weight=1),
    "S30": Rule(3, weight=10),
    "S31": Rule(3, weight=5, parameters={"evening_from_minute": 1080}),
    "S32": Rule(3, weight=1, parameters={"unit_metres": 500}),
    "S33": Rule(3, weight=3),
    "S34": Rule(3, weight=5),
    "S37": Rule(3, weight=15),
    "S38": Rule(3, weight=1, parameters={"work_factor": 30, "off_factor": 30}),
    "S39": Rule(3, weight=20, parameters={"weekend_factor": 30}),
    "S40": Rule(3, weight=30),
}


class Profile:
    """The catalogue with a document's settings laid over it."""

    def __init__(self, document: dict[str, Any] | None = None) -> None:
        self._rules = (document or {}).get("rules", {})

    def is_on(self, code: str) -> bool:
        """Whether the rule is on."""
        return bool(self._rules.get(code, {}).get("on", DEFAULTS[code].on))

    def tier(self, code: str) -> int:
        """Tier of the rule, 0 to 3."""
        return int(self._rules.get(code, {}).get("tier", DEFAULTS[code].tier))

    def weight(self, code: str) -> int:
        """Cost of one unit of violation; 0 when the rule is off."""
        if not self.is_on(code):
            return 0
        return int(self._rules.get(code, {}).get("weight", DEFAULTS[code].weight))

    def parameter(self, code: str, key: str) -> int:
        """Value of a parameter."""
        return int(self._rules.get(code, {}).get("parameters", {}).get(key, DEFAULTS[code].parameters[key]))
