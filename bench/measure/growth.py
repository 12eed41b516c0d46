"""Growth of the solve time with the number of posts: a fitted exponent and a plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 400, 70, 50, 40, 20


def exponent(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and intercept of log(seconds) against log(posts), by least squares."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    over = sum((x - mean_x) * (y - mean_y) for x, y in logs)
    under = sum((x - mean_x) ** 2 for x, _ in logs)
    slope = over / under
    return slope, mean_y - slope * mean_x


def _decades(low: float, high: float) -> list[float]:
    return [10.0**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def plot(points: Sequence[tuple[float, float]], labels: Sequence[str], path: Path, title: str) -> None:
    """A log-log plot of seconds against posts with the fitted line, as SVG."""
    slope, shift = exponent(points)
    x_marks = _decades(min(x for x, _ in points), max(x for x, _ in points))
    y_marks = _decades(min(y for _, y in points), max(y for _, y in points))
    if len(y_marks) < 2:
        y_marks.append(y_marks[-1] * 10)

    def across(x: float) -> float:
        share = math.log(x / x_marks[0]) / math.log(x_marks[-1] / x_marks[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def up(y: float) -> float:
        share = math.log(y / y_marks[0]) / math.log(y_marks[-1] / y_marks[0])
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{WIDTH / 2}" y="22" text-anchor="middle" font-size="14">{title}</text>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">posts</text>',
        f'<text x="18" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 18 {HEIGHT / 2})">seconds</text>',
    ]
    for x in x_marks:
        lines.append(f'<path d="M{across(x):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        lines.append(f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{x:,g}</text>')
    for y in y_marks:
        lines.append(f'<path d="M{LEFT} {up(y):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        lines.append(f'<text x="{LEFT - 6}" y="{up(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    ends = [min(x for x, _ in points), max(x for x, _ in points)]
    first, last = (math.exp(shift + slope * math.log(x)) for x in ends)
    lines.append(
        f'<path d="M{across(ends[0]):.1f} {up(first):.1f}L{across(ends[1]):.1f} {up(last):.1f}" '
        f'stroke="#888" stroke-dasharray="5 4" fill="none"/>'
    )
    for (x, y), label in zip(points, labels, strict=True):
        lines.append(f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="4" fill="#b22"/>')
        lines.append(f'<text x="{across(x) + 7:.1f}" y="{up(y) - 6:.1f}">{label}</text>')
    lines.append(
        f'<text x="{WIDTH - RIGHT - 4}" y="{HEIGHT - BOTTOM - 8}" text-anchor="end">fitted exponent {slope:.2f}</text>'
    )
    path.write_text("\n".join([*lines, "</svg>", ""]), encoding="utf-8")
