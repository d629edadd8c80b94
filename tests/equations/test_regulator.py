"""The linear-quadratic regulator against all controls at once."""

from __future__ import annotations

import numpy as np

from tests.equations.bindings import (
    Array,
    covariance,
    each,
    given,
    holds,
    matrix,
    vector,
)


class Regulator:
    """A linear system whose cost is minimised over all controls at once."""

    def __init__(self) -> None:
        self.a, self.b = matrix(3, 3), matrix(3, 2)
        self.q, self.r, self.last = covariance(3), covariance(2), covariance(3)
        self.horizon = 4

    def path(self, start: Array, controls: Array) -> list[Array]:
        states = [start]
        for control in controls:
            states.append(self.a @ states[-1] + self.b @ control)
        return states

    def cost(self, start: Array, controls: Array) -> float:
        states = self.path(start, controls)
        steps = sum(float(x @ self.q @ x + u @ self.r @ u) for x, u in zip(states[:-1], controls, strict=True))
        return steps + float(states[-1] @ self.last @ states[-1])

    def best(self, start: Array, steps: int) -> Array:
        """The cost is a quadratic in the controls, whose parts are found from its values."""
        size, units = 2 * steps, np.eye(2 * steps)

        def at(flat: Array) -> float:
            return self.cost(start, flat.reshape(steps, 2))

        none = at(np.zeros(size))
        slopes = np.array([(at(e) - at(-e)) / 2 for e in units])
        curves = np.array([[at(e + f) - at(e) - at(f) + none for f in units] for e in units])
        return np.asarray(np.linalg.solve(curves, -slopes).reshape(steps, 2))

    def value(self, steps: int) -> Array:
        """The matrix of the least cost to go, by polarisation."""

        def least(x: Array) -> float:
            return self.cost(x, self.best(x, steps)) if steps else float(x @ self.last @ x)

        units = np.eye(3)
        return np.array([[(least(e + f) - least(e - f)) / 4 for f in units] for e in units])

    def gain(self, steps: int) -> Array:
        return np.array([-self.best(e, steps)[0] for e in np.eye(3)]).T


def test_linear_quadratic_regulator_against_all_controls_at_once() -> None:
    system = Regulator()
    end, start = system.horizon, vector(3)
    controls = system.best(start, end)
    states = system.path(start, controls)
    names = {
        r"\mathbf{A}": system.a,
        r"\mathbf{B}": system.b,
        r"\mathbf{Q}": system.q,
        r"\mathbf{Q}_{f}": system.last,
        r"\mathbf{R}": system.r,
        r"\mathbf{x}": dict(enumerate(states)),
        r"\mathbf{u}": dict(enumerate(controls)),
        "T": end,
    }
    holds("lqr-riccati", {**names, "J": system.cost(start, controls), "t": each(0, 2)}, rows=[1])
    later_names = {
        **names,
        r"\mathbf{u}_{t}^{*}": given("t", function=lambda t: controls[t]),
        r"\mathbf{K}": {t: system.gain(end - t) for t in range(end)},
        r"\mathbf{P}": {t: system.value(end - t) for t in range(end + 1)},
        "t": each(0, 2, 3),
    }
    holds("lqr-riccati", later_names, rows=[2, 3], within=1e-6)
