"""Neural differential equations and learned physics against solutions that are known."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from tests.equations.bindings import Array, covariance, each, given, holds, matrix, vector
from tests.equations.reference import always, exponential, slope

STEP = 1e-5


def test_neural_ode_of_a_linear_field() -> None:
    field, start, begin, end = matrix(2, 2), vector(2), 0.3, 1.1

    def state(t: float) -> Array:
        return exponential((t - begin) * field) @ start

    for t in (0.5, 0.9):
        holds(
            "node-forward",
            {
                r"\frac{\mathrm{d}\mathbf{z}(t)}{\mathrm{d}t}": (state(t + STEP) - state(t - STEP)) / (2 * STEP),
                r"\mathbf{z}": state,
                "f": lambda z, *_: field @ z,
                r"\theta": 0.0,
                "t": t,
                "t_{0}": begin,
                "t_{1}": end,
            },
        )


def test_adjoint_gradients() -> None:
    bases, theta, start, wanted = [matrix(2, 2), matrix(2, 2)], vector(2) / 2, vector(2), vector(2)
    begin, end = 0.2, 1.0

    def field(theta: Array) -> Array:
        return np.asarray(theta[0] * bases[0] + theta[1] * bases[1])

    def loss(state: Array, t: float, theta: Array) -> float:
        """Of the state at the end, which follows from that at t."""
        away = exponential((end - t) * field(theta)) @ state - wanted
        return float(away @ away / 2)

    def state(t: float) -> Array:
        return exponential((t - begin) * field(theta)) @ start

    def loss_from(t: float, state: Array) -> float:
        return loss(state, t, theta)

    def adjoint(t: float) -> Array:
        """The slope at the end, carried back by the transposed flow."""
        return np.asarray(exponential((end - t) * field(theta)).T @ (state(end) - wanted))

    for t in (0.4, 0.8):
        holds(
            "node-adjoint",
            {
                r"\mathbf{a}": adjoint,
                r"\frac{\partial \mathcal{L}}{\partial \mathbf{z}(t)}": slope(partial(loss_from, t), state(t)),
                r"\frac{\mathrm{d}\mathbf{a}(t)}{\mathrm{d}t}": (adjoint(t + 1e-3) - adjoint(t - 1e-3))[None, :] / 2e-3,
                r"\frac{\mathrm{d}\mathcal{L}}{\mathrm{d}\theta}": slope(
                    lambda theta: loss(start, begin, theta), theta
                )[None, :],
                r"\frac{\partial f(\mathbf{z}(t), t, \theta)}{\partial \mathbf{z}}": field(theta),
                r"\frac{\partial f(\mathbf{z}(t), t, \theta)}{\partial \theta}": given(
                    "t", function=lambda t: np.stack([base @ state(t) for base in bases], axis=1)
                ),
                "t": t,
                "t_{0}": begin,
                "t_{1}": end,
            },
            within=1e-5,
        )


def heat(t: float, x: float) -> float:
    return math.exp(-t) * math.sin(2 * x)


def test_physics_informed_loss() -> None:
    # The residual of uₜ − u_xx for a function that decays too slowly.
    def residual(t: float, x: float) -> float:
        return 3 * math.exp(-t) * math.sin(2 * x)

    seen, measured, inside = matrix(3, 2), vector(3), matrix(5, 2)
    expected = float(np.mean([(heat(*at) - u) ** 2 for at, u in zip(seen, measured, strict=True)]))
    expected += float(np.mean([residual(*at) ** 2 for at in inside]))
    names = {
        r"\mathcal{L}": always(expected),
        r"u_{\theta}": heat,
        r"f_{\theta}": residual,
        "t_{u}^{i}": given("i", function=lambda i: seen[i - 1, 0]),
        "x_{u}^{i}": given("i", function=lambda i: seen[i - 1, 1]),
        "t_{f}^{i}": given("i", function=lambda i: inside[i - 1, 0]),
        "x_{f}^{i}": given("i", function=lambda i: inside[i - 1, 1]),
        "u^{i}": given("i", function=lambda i: measured[i - 1]),
        "N_{u}": 3,
        "N_{f}": 5,
        r"\theta": 0.0,
    }
    holds("pinn-loss", names, rows=[1])
    for t, x in matrix(3, 2):
        by_time = (heat(t + STEP, x) - heat(t - STEP, x)) / (2 * STEP)
        bend = (heat(t, x + 1e-4) - 2 * heat(t, x) + heat(t, x - 1e-4)) / 1e-8
        holds(
            "pinn-loss",
            {
                r"f_{\theta}": residual(t, x),
                r"\frac{\partial u_{\theta}}{\partial t}": by_time,
                r"\mathcal{N}": lambda _, bend=bend: -bend,
                r"u_{\theta}": 0.0,
            },
            rows=[2],
            within=1e-5,
        )


VISCOSITY = 0.2
NODES, WEIGHTS = np.polynomial.hermite.hermgauss(80)


def burgers(t: float, x: float) -> float:
    """The solution that Cole's and Hopf's transformation to the heat equation gives."""
    y = x - math.sqrt(4 * VISCOSITY * t) * NODES
    heat = WEIGHTS * np.exp(-np.cos(math.pi * y) / (2 * math.pi * VISCOSITY))
    return float(-(heat * np.sin(math.pi * y)).sum() / heat.sum())


def test_burgers() -> None:
    for t, x in ((0.2, 0.3), (0.5, -0.7), (0.9, 0.1)):
        up, here, down = (burgers(t, x + h) for h in (1e-3, 0, -1e-3))
        holds(
            "pde-burgers",
            {
                r"\frac{\partial u}{\partial t}": (burgers(t + STEP, x) - burgers(t - STEP, x)) / (2 * STEP),
                r"\frac{\partial u}{\partial x}": (up - down) / 2e-3,
                r"\frac{\partial^{2} u}{\partial x^{2}}": (up - 2 * here + down) / 1e-6,
                r"\nu": VISCOSITY,
                "u": here,
                "x": x,
                "t": t,
                r"\in": lambda one, ends: ends[0] <= one <= ends[1],
            },
            rows=[1],
            within=1e-4,
        )
        holds("pde-burgers", {"u": burgers, "x": x, "t": t}, rows=[2])


def test_deeponet_of_an_integral() -> None:
    # The integral from 0 to y of a parabola, which its values at three sensors determine, plus a constant.
    sensors, coefficients, constant = np.array([-1.0, 0.2, 1.0]), vector(3), 0.4
    basis = np.linalg.inv(np.vander(sensors, 3, increasing=True))
    values = np.polynomial.polynomial.polyval(sensors, coefficients)

    def trunk(k: int, y: float) -> float:
        return float(sum(basis[power, k - 1] * y ** (power + 1) / (power + 1) for power in range(3)))

    def expected(y: float) -> float:
        return constant + float(sum(a * y ** (power + 1) / (power + 1) for power, a in enumerate(coefficients)))

    for y in (-0.6, 1.4):
        holds(
            "deeponet-operator",
            {
                r"G(u)(\mathbf{y})": expected(y),
                r"b_{k}\bigl( u(\mathbf{x}_{1}), \ldots, u(\mathbf{x}_{m}) \bigr)": given(
                    "k", function=lambda k: values[k - 1]
                ),
                "t_{k}": given("k", function=lambda k: partial(trunk, k), is_function=True),
                "b_{0}": constant,
                r"\mathbf{y}": y,
                "p": 3,
            },
        )


def test_fourier_layer_is_a_convolution() -> None:
    size, kernel, v, w = 8, np.stack([matrix(2, 2) for _ in range(8)]), matrix(8, 2), matrix(2, 2)
    modes = np.fft.fft(v, axis=0)
    weights = np.fft.fft(kernel, axis=0)

    def convolved(x: int) -> Array:
        """Over the whole domain, which is a ring."""
        return np.asarray(sum(kernel[(x - y) % size] @ v[y] for y in range(size)))

    holds(
        "fno-layer",
        {
            "v_{l+1}": lambda x: np.tanh(w @ v[x] + convolved(x)),
            "v_{l}": lambda x: v[x],
            r"\mathcal{K} v_{l}": convolved,
            r"\mathcal{F} v_{l}": dict(enumerate(modes)),
            r"\mathcal{F}^{-1}": lambda of_modes: np.fft.ifft(list(of_modes.values()), axis=0).__getitem__,
            r"\cdot": lambda by, of_modes: {k: by[k] @ mode for k, mode in of_modes.items()},
            r"\mathbf{R}": dict(enumerate(weights)),
            r"\mathbf{W}": w,
            r"\sigma": np.tanh,
            "x": each(0, 3, 7),
            "k": each(0, 2, 5),
        },
    )


def test_hamiltonian_of_coupled_springs() -> None:
    masses, springs = covariance(2), covariance(2)
    # q' = M p and p' = −K q, which a linear flow solves.
    flow = np.block([[np.zeros((2, 2)), masses], [-springs, np.zeros((2, 2))]])
    start, t = vector(4) / 2, 0.2

    def energy(q: Array, p: Array) -> float:
        return float(p @ masses @ p + q @ springs @ q) / 2

    def learned(q: Array, p: Array) -> float:
        return energy(q, p) + 0.3 * float(q @ q) * float(p[0] + 2 * p[1])

    z = exponential(t * flow) @ start
    rates = (exponential((t + STEP) * flow) - exponential((t - STEP) * flow)) @ start / (2 * STEP)
    q, p = z[:2], z[2:]
    by_p, by_q = np.array([0.3, 0.6]) * (q @ q), 0.6 * q * (p[0] + 2 * p[1])
    holds(
        "hnn-dynamics",
        {
            r"\frac{\mathrm{d}\mathbf{q}}{\mathrm{d}t}": rates[:2],
            r"\frac{\mathrm{d}\mathbf{p}}{\mathrm{d}t}": rates[2:],
            r"\frac{\partial H}{\partial \mathbf{p}}": slope(lambda p: energy(q, p), p),
            r"\frac{\partial H}{\partial \mathbf{q}}": slope(lambda q: energy(q, p), q),
            r"\frac{\partial H_{\theta}}{\partial \mathbf{p}}": slope(lambda p: learned(q, p), p),
            r"\frac{\partial H_{\theta}}{\partial \mathbf{q}}": slope(lambda q: learned(q, p), q),
            r"\mathcal{L}": always(math.hypot(*by_p) + math.hypot(*by_q)),
            r"\theta": 0.0,
        },
        within=1e-6,
    )


def test_siren_keeps_the_variance_of_what_its_sines_take() -> None:
    n, frequency = 50, 30.0
    w, x, b = matrix(3, 4), vector(4), vector(3)
    # The sine of a wide uniform phase has the variance ½: then n weights from ±a have to make a variance of one.
    edge = math.sqrt(1 / (n * frequency**2 * 0.5 / 3))
    holds(
        "siren-layer",
        {
            r"\phi_{l}": lambda x: np.array([math.sin(frequency * (w[j] @ x + b[j])) for j in range(3)]),
            r"\omega_{0}": frequency,
            r"\mathbf{W}_{l}": w,
            r"\mathbf{b}_{l}": b,
            r"\mathbf{x}": x,
        },
        rows=[1],
    )
    holds(
        "siren-layer",
        {
            r"\mathbf{W}_{1}": (-1 / n, 1 / n),
            r"\mathbf{W}_{l}": (-edge, edge),
            r"\mathcal{U}": lambda low, high: (low, high),
            r"\sim": lambda ends, law: bool(np.allclose(ends, law)),
            r"\omega_{0}": frequency,
            "n": n,
            "l": each(2, 3),
        },
        rows=[2],
    )
