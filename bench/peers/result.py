"""What a peer returns, and the splitting of its time among tiers."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field


@dataclass
class Result:
    """Tier values and bounds (None when nothing was found), and column values of the roster, if there is one."""

    values: list[int | None] = field(default_factory=lambda: [None, None, None])
    bounds: list[int | None] = field(default_factory=lambda: [None, None, None])
    columns: list[float] | None = None
    proven: bool = False


class Clock:
    """Shares the time limit out: each tier may take a share of what is left, and the last one all of it."""

    def __init__(self, seconds: float, tiers: int) -> None:
        self.end = time.monotonic() + seconds
        self.tiers = tiers

    def share(self, number: int) -> float:
        """Seconds for the tier with this position among those that are solved."""
        left = max(0.1, self.end - time.monotonic())
        return left if number + 1 >= self.tiers else left * 0.4


def whole_bound(bound: float) -> int | None:
    """The next whole number, since every cost is whole; None for no bound."""
    return None if not math.isfinite(bound) or abs(bound) > 1e15 else math.ceil(bound - 1e-6)
