"""Steps of least squares, quasi-Newton and conjugate-gradient methods, and rates that decay."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import (
    covariance,
    holds,
    matrix,
    number,
    vector,
)


def test_gauss_newton_solves_the_linear_model() -> None:
    jacobian, residuals = matrix(5, 3), vector(5)
    best = np.linalg.lstsq(jacobian, -residuals, rcond=None)[0]
    holds(
        "newton-gauss",
        {r"\mathbf{J}_{t}": jacobian, r"\mathbf{r}(\mathbf{x}_{t})": residuals, r"\Delta \mathbf{x}_{t}": best},
        rows=[1],
    )


def test_levenberg_marquardt_solves_the_linear_model_with_a_penalty() -> None:
    jacobian, residuals, damping = matrix(5, 3), vector(5), number()
    rows = np.vstack([jacobian, math.sqrt(damping) * np.eye(3)])
    best = np.linalg.lstsq(rows, np.concatenate([-residuals, np.zeros(3)]), rcond=None)[0]
    holds(
        "newton-gauss",
        {
            r"\mathbf{J}_{t}": jacobian,
            r"\mathbf{r}(\mathbf{x}_{t})": residuals,
            r"\Delta \mathbf{x}_{t}": best,
            r"\lambda": {2: damping},
            r"\mathbf{I}": np.eye(3),
            "t": 2,
        },
        rows=[2],
    )


def test_bfgs_is_the_inverse_of_the_update_of_the_hessian() -> None:
    curvature, inverse, x, eta = covariance(3), covariance(3), vector(3), 0.3
    after = x - eta * inverse @ curvature @ x
    s, y = after - x, curvature @ (after - x)
    hessian = np.linalg.inv(inverse)
    hessian = hessian - np.outer(hessian @ s, hessian @ s) / (s @ hessian @ s) + np.outer(y, y) / (y @ s)
    holds(
        "newton-bfgs",
        {
            r"\mathbf{x}": {2: x, 3: after},
            r"\eta": {2: eta},
            r"\mathbf{H}": {2: inverse, 3: np.linalg.inv(hessian)},
            r"\nabla f": lambda x: curvature @ x,
            r"\mathbf{s}": {2: s},
            r"\mathbf{y}": {2: y},
            r"\rho": {2: 1 / float(s @ y)},
            r"\mathbf{I}": np.eye(3),
            "t": 2,
        },
    )


def test_conjugate_gradients_are_best_on_the_space_so_far() -> None:
    a, b, start = covariance(4), vector(4), vector(4)
    x, directions = [start], [b - a @ start]
    for size in (1, 2):
        # The minimum over start + span(p₀, …), then the new residual without its part along the old directions.
        basis = np.array(directions).T
        x.append(start + basis @ np.linalg.solve(basis.T @ a @ basis, basis.T @ (b - a @ start)))
        r = b - a @ x[size]
        directions.append(r - basis @ np.linalg.solve(basis.T @ a @ basis, basis.T @ a @ r))
    r = [b - a @ one for one in x]
    p = directions[1]
    holds(
        "cg-update",
        {
            r"\mathbf{A}": a,
            r"\mathbf{b}": b,
            r"\mathbf{x}": dict(enumerate(x)),
            r"\mathbf{r}": dict(enumerate(r)),
            r"\mathbf{p}": dict(enumerate(directions)),
            r"\alpha": {1: float((x[2] - x[1]) @ p / (p @ p))},
            r"\beta": {1: float(-(p @ a @ r[2]) / (p @ a @ p))},
            "t": 1,
        },
    )


def test_step_decay_and_exponential_decay() -> None:
    start, factor, period = 0.4, 0.3, 4
    rates = [start]
    for t in range(1, 12):
        rates.append(rates[-1] * factor if t % period == 0 else rates[-1])
    for t in (0, 3, 4, 10):
        shared = {r"\eta_{0}": start, r"\gamma": factor, "T": period, "t": t}
        holds("lr-step", {**shared, r"\eta_{t}": rates[t]}, rows=[1])
        line = float(np.interp(t, [0, 8, 16], np.log([start, start * factor**2, start * factor**4])))
        holds("lr-step", {**shared, r"\eta_{t}": math.exp(line)}, rows=[2])
