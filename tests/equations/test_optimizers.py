"""Update rules against loops over coordinates and unrolled sums."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import (
    Array,
    covariance,
    distribution,
    each,
    holds,
    matrix,
    mean,
    positive,
    vector,
)
from tests.equations.reference import Quadratic


def steps(size: int, count: int = 5) -> dict[int, Array]:
    """Gradients of some steps, from one on."""
    return {t: vector(size) for t in range(1, count + 1)}


def decayed(gradients: dict[int, Array], rate: float, power: int = 1) -> dict[int, Array]:
    """The exponential average from zero as the sum that it unrolls to."""
    zero = np.zeros_like(gradients[1])
    return {
        t: sum(((1 - rate) * rate ** (t - s) * gradients[s] ** power for s in range(1, t + 1)), zero)
        for t in range(len(gradients) + 1)
    }


def test_adagrad() -> None:
    g, t, eta, epsilon, theta = steps(3), 4, 0.1, 1e-2, vector(3)
    sums = {t: np.sum([g[s] ** 2 for s in range(1, t + 1)], axis=0) for t in range(1, 6)}
    after = np.array([theta[j] - eta * g[t][j] / (math.sqrt(sums[t][j]) + epsilon) for j in range(3)])
    holds(
        "adagrad-update",
        {
            r"\mathbf{g}": g,
            r"\mathbf{s}": sums,
            r"\theta": {t: theta, t + 1: after},
            r"\eta": eta,
            r"\epsilon": epsilon,
            "t": t,
        },
        elementwise=True,
    )


def test_rmsprop() -> None:
    g, t, eta, gamma, epsilon, theta = steps(3), 4, 0.1, 0.8, 1e-2, vector(3)
    v = decayed(g, gamma, 2)
    after = np.array([theta[j] - eta * g[t][j] / (math.sqrt(v[t][j]) + epsilon) for j in range(3)])
    holds(
        "rmsprop-update",
        {
            r"\mathbf{g}": g,
            r"\mathbf{v}": v,
            r"\theta": {t: theta, t + 1: after},
            r"\eta": eta,
            r"\gamma": gamma,
            r"\epsilon": epsilon,
            "t": t,
        },
        elementwise=True,
    )


def adam_averages(g: dict[int, Array], t: int) -> dict[str, object]:
    """The moments of Adam as weighted means: what the correction of the bias comes to."""
    one, two = 0.7, 0.9
    hats = [
        sum(rate ** (t - s) * g[s] ** power for s in range(1, t + 1)) / sum(rate ** (t - s) for s in range(1, t + 1))
        for rate, power in ((one, 1), (two, 2))
    ]
    return {
        r"\mathbf{g}": g,
        r"\mathbf{m}": decayed(g, one),
        r"\mathbf{v}": decayed(g, two, 2),
        r"\hat{\mathbf{m}}_{t}": hats[0],
        r"\hat{\mathbf{v}}_{t}": hats[1],
        r"\beta_{1}": one,
        r"\beta_{2}": two,
        r"\epsilon": 1e-2,
        "t": t,
    }


def test_adam() -> None:
    g, t, alpha, before = steps(3), 4, 0.05, vector(3)
    averages = adam_averages(g, t)
    m, v = np.asarray(averages[r"\hat{\mathbf{m}}_{t}"]), np.asarray(averages[r"\hat{\mathbf{v}}_{t}"])
    after = np.array([before[j] - alpha * m[j] / (math.sqrt(v[j]) + 1e-2) for j in range(3)])
    holds(
        "adam-update",
        {
            **averages,
            r"\nabla_{\theta} \mathcal{L}": {t: lambda theta: g[t] if theta is before else np.full(3, np.nan)},
            r"\theta": {t - 1: before, t: after},
            r"\alpha": alpha,
        },
        elementwise=True,
    )


def test_adamw_decays_apart_from_the_gradient() -> None:
    g, t, alpha, eta, decay, before = steps(3), 4, 0.05, 0.6, 0.3, vector(3)
    averages = adam_averages(g, t)
    m, v = np.asarray(averages[r"\hat{\mathbf{m}}_{t}"]), np.asarray(averages[r"\hat{\mathbf{v}}_{t}"])
    after = np.array([before[j] * (1 - eta * decay) - eta * alpha * m[j] / (math.sqrt(v[j]) + 1e-2) for j in range(3)])
    holds(
        "adamw-update",
        {**averages, r"\theta": {t - 1: before, t: after}, r"\alpha": alpha, r"\lambda": decay, r"\eta_{t}": eta},
        elementwise=True,
    )


def test_adafactor() -> None:
    adafactor(3, 1e-4)


def test_adafactor_after_many_steps_with_small_weights() -> None:
    adafactor(40_000, 5.0)


def adafactor(t: int, least: float) -> None:
    n, m, size = 2, 3, 0.7
    g, x, row, column = matrix(n, m), matrix(n, m), positive(n), positive(m)
    beta, tiny = 1 - 1 / math.exp(0.8 * math.log(t)), (1e-2, least)
    squares = [[g[i, j] ** 2 + tiny[0] for j in range(m)] for i in range(n)]
    rows = np.array([beta * row[i] + (1 - beta) * sum(squares[i]) for i in range(n)])
    columns = np.array([beta * column[j] + (1 - beta) * sum(squares[i][j] for i in range(n)) for j in range(m)])
    v = np.array([[rows[i] * columns[j] / rows.sum() for j in range(m)] for i in range(n)])
    u = g / np.sqrt(v)
    rms = math.sqrt((u**2).mean())
    step = max(tiny[1], math.sqrt((x**2).mean())) * min(0.01, 1 / math.sqrt(t))
    holds(
        "adafactor-update",
        {
            r"\alpha_{t}": step,
            r"\rho_{t}": min(0.01, 1 / math.sqrt(t)),
            r"\hat{\beta}_{2,t}": beta,
            r"\epsilon_{1}": tiny[0],
            r"\epsilon_{2}": tiny[1],
            r"\operatorname{RMS}": lambda x: math.sqrt((np.asarray(x) ** 2).mean()),
            r"\mathbf{X}": {t - 1: x, t: x - step * u / max(1, rms / size)},
            r"\mathbf{G}_{t}": g,
            r"\mathbf{R}": {t - 1: row, t: rows},
            r"\mathbf{C}": {t - 1: column[None, :], t: columns[None, :]},
            r"\hat{\mathbf{V}}_{t}": v,
            r"\mathbf{U}_{t}": u,
            r"\hat{\mathbf{U}}_{t}": u / max(1, rms / size),
            "t": t,
            "n": n,
            "m": m,
            "d": size,
        },
        elementwise=True,
    )


def test_lion() -> None:
    g, t, eta, decay, one, two, before = vector(3), 4, 0.1, 0.3, 0.6, 0.8, vector(3)
    m = vector(3)
    mixed = [one * m[j] + (1 - one) * g[j] for j in range(3)]
    after = np.array([before[j] * (1 - eta * decay) - eta * (1 if mixed[j] > 0 else -1) for j in range(3)])
    holds(
        "lion-update",
        {
            r"\mathbf{g}_{t}": g,
            r"\mathbf{c}_{t}": np.array(mixed),
            r"\mathbf{m}": {t - 1: m, t: np.array([two * m[j] + (1 - two) * g[j] for j in range(3)])},
            r"\theta": {t - 1: before, t: after},
            r"\beta_{1}": one,
            r"\beta_{2}": two,
            r"\eta_{t}": eta,
            r"\lambda": decay,
            "t": t,
        },
    )


# First-order steps, on ½ xᵀAx − bᵀx


def test_gradient_descent() -> None:
    f, theta = Quadratic(), vector(3)
    after = np.array([theta[j] - 0.1 * (f.a[j] @ theta - f.b[j]) for j in range(3)])
    holds(
        "gd-update",
        {r"\theta": {4: theta, 5: after}, r"\eta": {4: 0.1, 5: 0.3}, r"\nabla_{\theta} \mathcal{L}": f.slope, "t": 4},
    )


def test_gradient_descent_by_differences() -> None:
    f, theta = Quadratic(), vector(3)
    holds(
        "gd-update",
        {
            r"\theta": {4: theta, 5: theta - 0.1 * f.slope(theta)},
            r"\eta_{t}": 0.1,
            r"\nabla_{\theta} \mathcal{L}": lambda at: np.array(
                [(f.value(at + h) - f.value(at - h)) / 2e-4 for h in 1e-4 * np.eye(3)]
            ),
            "t": 4,
        },
    )


def test_sgd_on_a_minibatch() -> None:
    losses, theta, batch = [Quadratic() for _ in range(4)], vector(3), [1, 3, 4]
    slope = sum(losses[i - 1].slope(theta) for i in batch) / 3
    holds(
        "sgd-minibatch",
        {
            r"\theta": {4: theta, 5: theta - 0.1 * slope},
            r"\eta": {4: 0.1, 5: 0.3},
            r"\mathcal{B}": {4: batch, 3: [2]},
            r"\nabla_{\theta} \ell": [loss.slope for loss in losses],
            "t": 4,
        },
    )


def with_velocity(entry_id: str, f: Quadratic, steps: tuple[Array, Array, Array], mu: float, eta: float) -> None:
    """An update with momentum on three steps in a row, whose differences are the velocities."""
    before, now, after = steps
    holds(
        entry_id,
        {
            r"\theta": {3: before, 4: now, 5: after},
            r"\mathbf{v}": {4: now - before, 5: after - now},
            r"\mu": mu,
            r"\eta": eta,
            r"\nabla_{\theta} \mathcal{L}": f.slope,
            "t": 4,
        },
    )


def test_heavy_ball() -> None:
    # In one recursion: θ' = θ − η∇L(θ) + μ(θ − θ before).
    f, before, now, mu, eta = Quadratic(), vector(3), vector(3), 0.8, 0.1
    after = now - eta * f.slope(now) + mu * (now - before)
    with_velocity("momentum-heavy-ball", f, (before, now, after), mu, eta)


def test_nesterov_looks_ahead() -> None:
    f, before, now, mu, eta = Quadratic(), vector(3), vector(3), 0.8, 0.1
    ahead = now + mu * (now - before)
    after = ahead - eta * f.slope(ahead)
    with_velocity("nesterov-momentum", f, (before, now, after), mu, eta)


def test_ema_of_weights() -> None:
    weights, rate = {t: vector(2) for t in range(1, 5)}, 0.9
    holds("ema-weights", {r"\theta": weights, r"\theta'": decayed(weights, rate), r"\alpha": rate, "t": 3})


def test_lars() -> None:
    f, w, v, mu, eta, beta, trust = Quadratic(), vector(3), vector(3), 0.9, 0.1, 0.2, 0.01
    g = f.slope(w)
    rate = trust * math.hypot(*w) / (math.hypot(*g) + beta * math.hypot(*w))
    after = mu * v + eta * rate * (g + beta * w)
    holds(
        "lars-update",
        {
            r"\nabla_{\mathbf{w}} \mathcal{L}": f.slope,
            r"\mathbf{g}": {2: g, 1: f.b},
            r"\mathbf{w}": {2: w, 3: w - after, 1: v},
            r"\mathbf{v}": {2: v, 3: after, 1: w},
            r"\lambda": {2: rate, 1: 0.3},
            r"\eta": {2: eta, 1: 0.3},
            r"\mu": mu,
            r"\beta": beta,
            r"\kappa": trust,
            "t": 2,
        },
    )


def test_lamb() -> None:
    m, v, w, eta, decay = vector(3), positive(3), vector(3), 0.1, 0.2
    r = np.array([m[j] / (math.sqrt(v[j]) + 0.01) for j in range(3)])
    direction = r + decay * w
    after = w - eta * (math.hypot(*w) / (1 + math.hypot(*w))) * direction / math.hypot(*direction)
    holds(
        "lamb-update",
        {
            r"\hat{\mathbf{m}}": {2: m, 1: w},
            r"\hat{\mathbf{v}}": {2: v, 1: v + 1},
            r"\mathbf{r}": {2: r, 1: w},
            r"\mathbf{w}": {2: w, 3: after, 1: m},
            r"\phi": lambda length: length / (1 + length),
            r"\eta": {2: eta, 1: 0.3},
            r"\lambda": decay,
            r"\epsilon": 0.01,
            "t": 2,
        },
        elementwise=True,
    )


def symmetric_root(a: Array, power: float) -> Array:
    values, vectors = np.linalg.eigh(a)
    return np.asarray(vectors @ np.diag(values**power) @ vectors.T)


def test_shampoo() -> None:
    g, w, left, right = matrix(2, 3), matrix(2, 3), covariance(2), covariance(3)
    lefts = left + np.array([[g[i] @ g[j] for j in range(2)] for i in range(2)])
    rights = right + np.array([[g[:, i] @ g[:, j] for j in range(3)] for i in range(3)])
    # The fourth root by two square roots.
    half = [np.linalg.inv(symmetric_root(symmetric_root(a, 0.5), 0.5)) for a in (lefts, rights)]
    holds(
        "shampoo-update",
        {
            r"\mathbf{L}": {1: left, 2: lefts},
            r"\mathbf{R}": {1: right, 2: rights},
            r"\mathbf{G}": {2: g, 1: w},
            r"\mathbf{W}": {2: w, 3: w - 0.1 * half[0] @ g @ half[1], 1: g},
            r"\eta": 0.1,
            "t": 2,
        },
    )


def test_muon() -> None:
    g, before, w, mu, (a, b, c) = matrix(2, 3), matrix(2, 3), matrix(2, 3), 0.9, (3.4445, -4.775, 2.0315)
    momentum = mu * before + g
    # By singular values, on which the odd polynomial acts one by one.
    u, s, v = np.linalg.svd(momentum, full_matrices=False)
    sizes = [s / np.sqrt((s**2).sum())]
    for _ in range(5):
        sizes.append(a * sizes[-1] + b * sizes[-1] ** 3 + c * sizes[-1] ** 5)
    holds(
        "muon-update",
        {
            r"\mathbf{B}": {1: before, 2: momentum},
            r"\mathbf{G}": {2: g, 1: w},
            r"\mathbf{X}": {k: u @ np.diag(size) @ v for k, size in enumerate(sizes)},
            r"\mathbf{W}": {1: w, 2: w - 0.1 * u @ np.diag(sizes[5]) @ v},
            r"\mu": mu,
            r"\eta": 0.1,
            "a": a,
            "b": b,
            "c": c,
            "k": each(1, 3, 5),
            "K": 5,
            "t": 2,
        },
    )


def test_sam() -> None:
    f, theta, rho, eta = Quadratic(), vector(3), 0.3, 0.1
    slope = f.slope(theta)
    up = rho * slope / math.hypot(*slope)
    holds(
        "sam-update",
        {
            r"\nabla_{\theta} \mathcal{L}": f.slope,
            r"\nabla_{\theta} \mathcal{L}(\theta) \big|_{\theta = \theta_{t} + \hat{\boldsymbol{\epsilon}}_{t}}": f.a
            @ (theta + up)
            - f.b,
            r"\hat{\boldsymbol{\epsilon}}_{t}": up,
            r"\theta": {2: theta, 3: theta - eta * (f.a @ (theta + up) - f.b), 1: up},
            r"\rho": rho,
            r"\eta": eta,
            "t": 2,
        },
    )


# Second order


def test_newton_step_reaches_the_minimum_of_a_quadratic() -> None:
    f, x = Quadratic(), vector(3)
    holds(
        "newton-step",
        {
            r"\Delta \mathbf{x}_{t}": f.best - x,
            r"\nabla^{2} f": lambda _: f.a,
            r"\nabla f": f.slope,
            r"\mathbf{x}": {2: x, 3: x + 0.7 * (f.best - x), 1: f.b},
            r"\eta": {2: 0.7, 1: 0.3},
            "t": 2,
        },
    )


def test_natural_gradient() -> None:
    # Of logistic regression, whose Fisher matrix is Σ p(1 − p) x xᵀ.
    xs, weights, theta = matrix(4, 2), distribution(4), vector(2)
    p = 1 / (1 + np.exp(-xs @ theta))
    fisher = (xs.T * (weights * p * (1 - p))) @ xs
    slope = vector(2)
    pairs = [(x, y) for x in range(4) for y in (0, 1)]
    holds(
        "natgrad-update",
        {
            r"\mathbf{F}": lambda _: fisher,
            r"\theta": theta,
            r"\theta_{t}": theta,
            r"\theta_{t+1}": theta - 0.1 * np.linalg.solve(fisher, slope),
            r"\nabla_{\theta} \mathcal{L}": lambda _: slope,
            r"\nabla_{\theta} \log p_{\theta}": lambda y, x: (y - p[x]) * xs[x],
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}, \, y \sim p_{\theta}(y \mid \mathbf{x})}": mean(
                (r"\mathbf{x}", "y"), pairs, [weights[x] * (p[x] if y else 1 - p[x]) for x, y in pairs]
            ),
            r"\eta": 0.1,
        },
    )


# Schedules and clipping


def test_cosine_schedule_halves_the_angle() -> None:
    low, high, now, end = 0.1, 0.9, 3.0, 7.0
    holds(
        "lr-cosine",
        {
            r"\eta_{t}": low + (high - low) * math.cos(math.pi * now / end / 2) ** 2,
            r"\eta_{\min}": low,
            r"\eta_{\max}": high,
            r"T_{\mathrm{cur}}": now,
            "T_{i}": end,
        },
    )


def test_noam_schedule() -> None:
    for t in (3, 10, 40):
        holds(
            "lr-noam",
            {
                r"\eta_{t}": (t / 10**1.5 if t < 10 else 1 / math.sqrt(t)) / math.sqrt(64),
                r"d_{\mathrm{model}}": 64,
                r"T_{\mathrm{warm}}": 10,
                "t": t,
            },
        )


def test_linear_warm_up_and_decay() -> None:
    for t in (0, 2, 4, 10, 12):
        holds(
            "lr-warmup-linear",
            {
                r"\eta_{t}": float(np.interp(t, [0, 4, 12], [0, 0.3, 0])),
                r"\eta_{\max}": 0.3,
                r"T_{\mathrm{warm}}": 4,
                "T": 12,
                "t": t,
            },
        )


def test_warm_up_stable_decay() -> None:
    for t in (0, 2, 4, 6, 9, 12):
        holds(
            "lr-wsd",
            {
                r"\eta_{t}": float(np.interp(t, [0, 4, 8, 12], [0, 0.3, 0.3, 0.1])),
                r"\eta": 0.3,
                "f": lambda since: 1 - since / 6,
                "W": 4,
                "T": 8,
                "S": 12,
                "t": t,
            },
        )


def test_clipping_by_norm() -> None:
    for length in (0.5, 1.0, 3.0):
        g = vector(3)
        g = g / math.hypot(*g) * length
        holds(
            "clip-norm", {r"\hat{\mathbf{g}}": g * min(1, 1.2 / length), r"\mathbf{g}": g, "c": 1.2}, elementwise=True
        )
