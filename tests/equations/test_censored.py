"""Survival of samples of which some are censored."""

from __future__ import annotations

from tests.equations.bindings import (
    given,
    holds,
    points,
)


def test_kaplan_meier_by_handing_on_the_mass_of_the_censored() -> None:
    # Ties among events, a censoring at the time of an event, and one between events.
    sample = sorted([(2.0, 1), (3.0, 0), (4.0, 1), (4.0, 1), (4.0, 0), (6.0, 1), (8.0, 1), (10.0, 0)], key=later)
    mass = [1 / 8] * 8
    for at, (_, event) in enumerate(sample):
        if not event and at < 7:
            for other in range(at + 1, 8):
                mass[other] += mass[at] / (7 - at)
            mass[at] = 0.0
    times = sorted({t for t, event in sample if event})
    for now in (1.0, 2.0, 5.0, 6.0, 9.0):
        left = sum(m for m, (t, _) in zip(mass, sample, strict=True) if t > now)
        holds(
            "survival-kaplan-meier",
            {
                r"\hat{S}": lambda _, left=left: left,
                "t": now,
                "t_{i}": given("i", function=lambda i: times[i - 1]),
                "d": [sum(t == one and event for t, event in sample) for one in times],
                "n": [sum(t >= one for t, _ in sample) for one in times],
            },
            over=[points("i", range(1, len(times) + 1))],
        )


def later(one: tuple[float, int]) -> tuple[float, int]:
    """By time, and at one time events before those who are censored."""
    return one[0], -one[1]
