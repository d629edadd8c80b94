"""More of what textbooks hold: distributions, divergences, inequalities, least squares and quadratic minimisation."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    STATED,
    Array,
    covariance,
    distribution,
    each,
    given,
    grid,
    holds,
    matrix,
    mean,
    number,
    points,
    positive,
    vector,
)
from tests.equations.scope import Operator

# Distributions


def test_poisson_from_its_generating_function() -> None:
    # E[z^x] = exp(λ(z − 1)) on the roots of unity, taken back.
    rate, size = 1.7, 64
    roots = np.exp(2j * np.pi * np.arange(size) / size)
    masses = np.fft.fft(np.exp(rate * (roots - 1))).real / size
    holds("dist-poisson", {r"\operatorname{Poi}": lambda x, _: masses[x], "x": each(0, 1, 4), r"\lambda": rate})


def test_gamma_density_of_the_fourth_event() -> None:
    # The fourth event is later than x if there are fewer than four until x.
    h = 1e-4

    def later(x: float, events: float, rate: float) -> float:
        return sum((rate * x) ** j / math.factorial(j) for j in range(int(events))) * math.exp(-rate * x)

    holds(
        "dist-gamma",
        {
            r"\operatorname{Gam}": lambda x, a, b: (later(x - h, a, b) - later(x + h, a, b)) / (2 * h),
            "x": each(0.6, 2.3),
            r"\alpha": 4,
            r"\beta": 1.7,
            r"\Gamma": math.gamma,
        },
    )


def test_laplace_density_of_a_difference_of_waiting_times() -> None:
    u, weights = grid(0, 40)

    def density(x: float, mu: float, b: float) -> float:
        return float(weights @ (np.exp(-u / b) / b * np.exp(-(u + abs(x - mu)) / b) / b))

    holds("dist-laplace", {r"\operatorname{Lap}": density, "x": each(-0.9, 0.6), r"\mu": 0.4, "b": 0.7})


def test_student_density_as_a_mixture_of_gaussians() -> None:
    # Of precision τ/σ², with τ a chi-squared variable with five degrees of freedom divided by five.
    tau, weights = grid(0, 30)
    chi = 5 * np.exp(-5 * tau / 2) * (5 * tau) ** 1.5 / (3 * math.sqrt(2 * math.pi))

    def density(x: float, mu: float, square: float, _: float) -> float:
        return float(
            weights @ (chi * np.sqrt(tau / (2 * np.pi * square)) * np.exp(-tau * (x - mu) ** 2 / (2 * square)))
        )

    holds(
        "dist-student-t",
        {
            r"\operatorname{St}": density,
            "x": each(-1.1, 2.0),
            r"\mu": 0.4,
            r"\sigma": 1.3,
            r"\nu": 5,
            r"\Gamma": math.gamma,
        },
    )


def test_multinomial_by_all_sequences_of_outcomes() -> None:
    p, counts = distribution(3), [2, 0, 3]
    sequences = itertools.product(range(3), repeat=5)
    total = sum(math.prod(p[k] for k in one) for one in sequences if [one.count(k) for k in range(3)] == counts)
    holds(
        "dist-multinomial",
        {
            r"\operatorname{Mult}": lambda *_: total,
            r"\mathbf{m}": counts,
            "m": np.array(counts),
            "N": 5,
            r"\boldsymbol{\pi}": p,
            r"\pi": p,
            "K": 3,
        },
    )


def test_total_expectation_and_total_variance() -> None:
    joint, values = distribution(3, 4), vector(3)  # of X in the rows and Y in the columns
    px, py = joint.sum(1), joint.sum(0)
    average = float(px @ values)

    def moments(y: int) -> tuple[float, float]:
        p = joint[:, y] / py[y]
        return float(p @ values), float(p @ (values[:, None] - values) ** 2 @ p) / 2

    def spread(found: list[float]) -> float:
        return float(py @ np.square(found) - (py @ np.array(found)) ** 2)

    holds(
        "prob-total-variance",
        {
            r"\mathbb{E}[X]": average,
            r"\operatorname{Var}[X]": float(px @ (values - average) ** 2),
            r"\mathbb{E}[X \mid Y]": given("Y", function=lambda y: moments(y)[0]),
            r"\operatorname{Var}[X \mid Y]": given("Y", function=lambda y: moments(y)[1]),
            r"\mathbb{E}": mean("Y", range(4), py),
            r"\operatorname{Var}": Operator(points("Y", range(4)), spread),
        },
    )


# Information and divergences


def information(joint: Array) -> float:
    return float((joint * np.log(joint / np.outer(joint.sum(1), joint.sum(0)))).sum())


def test_data_processing() -> None:
    channels = [distribution(3, 4), distribution(4, 4), np.eye(4)[[2, 0, 3, 1]] + 1e-15]
    start, *kernels = (one / one.sum(1, keepdims=True) for one in channels)
    xy = distribution(3)[:, None] * start
    informations = [information(xy @ kernel) for kernel in kernels]  # the second only gives other names
    holds(
        "info-data-processing",
        {
            r"\to": STATED,
            r"\Longrightarrow": STATED,
            "I(X; Y)": information(xy),
            "I(X; Z)": each(*informations),
            "X": None,
            "Y": None,
            "Z": None,
        },
        reached=1e-9,
    )


def bell(x: Array, mean: float, deviation: float) -> Array:
    return np.exp(-((x - mean) ** 2) / (2 * deviation**2)) / (deviation * np.sqrt(2 * np.pi))


def test_chi_square_divergence_as_the_best_signal_to_noise_ratio() -> None:
    # The largest squared difference of the means of one function over its variance under Q.
    p, q = distribution(4), distribution(4)
    away, spread = (p - q)[:3], np.diag(q[:3]) - np.outer(q[:3], q[:3])
    holds(
        "fdiv-chi-square",
        {
            r"\chi^{2}(P \,\|\, Q)": float(away @ np.linalg.solve(spread, away)),
            "p": lambda x: p[x],
            "q": lambda x: q[x],
        },
        over=[points("x", range(4), [1.0] * 4)],
    )


def test_hellinger_distance_of_gaussians() -> None:
    x, weights = grid(-20, 20)
    a, b, s, t = 0.3, -0.6, 0.8, 1.3
    both = s**2 + t**2
    holds(
        "fdiv-hellinger",
        {
            "H^{2}(P, Q)": 2 - 2 * math.sqrt(2 * s * t / both) * math.exp(-((a - b) ** 2) / (4 * both)),
            "p": lambda x: bell(x, a, s),
            "q": lambda x: bell(x, b, t),
        },
        over=[points("x", x, weights)],
    )


def test_bounds_between_divergences() -> None:
    # What the notes say of them, the Hellinger distance in the convention without the half.
    for _ in range(20):
        p, q = distribution(4) ** 3, distribution(4) ** 3
        p, q = p / p.sum(), q / q.sum()
        square, half = float(((np.sqrt(p) - np.sqrt(q)) ** 2).sum()), float(np.abs(p - q).sum()) / 2
        kl, chi = float((p * np.log(p / q)).sum()), float((p**2 / q).sum()) - 1
        assert square / 2 <= half <= math.sqrt(square)
        assert kl <= math.log1p(chi) <= chi


def test_renyi_divergence_of_gaussians() -> None:
    x, weights = grid(-20, 20)
    a, b, s, t = 0.3, -0.4, 0.8, 1.1

    def closed(order: float) -> float:
        mixed = order * t**2 + (1 - order) * s**2
        return math.log(t / s) + math.log(t**2 / mixed) / (2 * (order - 1)) + order * (a - b) ** 2 / (2 * mixed)

    holds(
        "renyi-divergence",
        {
            r"D_{\alpha}(P \,\|\, Q)": given(r"\alpha", function=closed),
            r"\alpha": each(0.4, 1.5),
            "p": lambda x: bell(x, a, s),
            "q": lambda x: bell(x, b, t),
        },
        over=[points("x", x, weights)],
    )


def test_renyi_divergence_at_the_orders_of_the_note() -> None:
    p, q = distribution(4), distribution(4)
    square = float(((np.sqrt(p) - np.sqrt(q)) ** 2).sum())
    kl = float(sum(a * math.log(a / b) for a, b in zip(p, q, strict=True)))
    known = {0.5: -2 * math.log(1 - square / 2), 1 - 1e-6: kl, 1 + 1e-6: kl, 2.0: math.log(float((p**2 / q).sum()))}
    for order, expected in known.items():
        holds(
            "renyi-divergence",
            {
                r"D_{\alpha}(P \,\|\, Q)": expected,
                r"\alpha": order,
                "p": lambda x: p[x],
                "q": lambda x: q[x],
            },
            over=[points("x", range(4), [1.0] * 4)],
            within=1e-5,
        )


# Inequalities


def test_markov_inequality() -> None:
    # Variables that are not negative, as values with their probabilities; the first has only 0 and the threshold.
    variables = [(np.array([0.0, 1.5]), distribution(2)), *((positive(4), distribution(4)) for _ in range(5))]
    holds(
        "ineq-markov",
        {
            r"\mathbb{P}(X \geq a)": given(
                "X", "a", function=lambda x, a: float(variables[x][1][variables[x][0] >= a].sum())
            ),
            r"\mathbb{E}[X]": given("X", function=lambda x: float(variables[x][0] @ variables[x][1])),
            "X": each(*range(6)),
            "a": each(0.4, 1.5),
        },
        reached=1e-9,
    )


def test_chebyshev_inequality() -> None:
    variables = [
        (np.array([-1.5, 0.0, 1.5]) + 2, np.array([0.2, 0.6, 0.2])),
        *((vector(4), distribution(4)) for _ in range(5)),
    ]

    def centre(x: int) -> float:
        values, p = variables[x]
        return float(values @ p)

    def beyond(x: int, t: float) -> float:
        values, p = variables[x]
        return float(p[np.abs(values - centre(x)) >= t - 1e-12].sum())

    holds(
        "ineq-chebyshev",
        {
            r"\mathbb{P}\bigl( \lvert X - \mathbb{E}[X] \rvert \geq t \bigr)": given("X", "t", function=beyond),
            r"\operatorname{Var}[X]": given(
                "X", function=lambda x: float(variables[x][0] ** 2 @ variables[x][1]) - centre(x) ** 2
            ),
            "X": each(*range(6)),
            "t": each(0.4, 1.5),
        },
        reached=1e-9,
    )


def test_cauchy_schwarz_inequality_of_vectors() -> None:
    x = vector(3)
    holds(
        "ineq-cauchy-schwarz",
        {r"\mathbf{x}": x, r"\mathbf{y}": each(vector(3), vector(3), -2 * x)},
        rows=[1],
        reached=1e-9,
    )


def test_cauchy_schwarz_inequality_of_random_variables() -> None:
    p, xs = distribution(4), vector(4)
    for ys, gap in ((vector(4), None), (-2 * xs, 1e-9)):
        holds(
            "ineq-cauchy-schwarz",
            {r"\mathbb{E}": mean(("X", "Y"), list(zip(xs, ys, strict=True)), p)},
            rows=[2],
            reached=gap,
        )


# Criteria, steps and schedules


def test_akaike_criterion_is_the_loss_on_another_sample() -> None:
    # Of least squares with the variance 1: both on average over noise of all signs, whose covariance is I.
    n, k = 5, 2
    design = matrix(n, k)
    onto = design @ np.linalg.pinv(design)
    noises = [np.array(signs) for signs in itertools.product((-1.0, 1.0), repeat=n)]

    def log_likelihood(y: Array, fit: Array) -> float:
        return float(-((y - fit) ** 2).sum() / 2 - n * math.log(2 * math.pi) / 2)

    again = np.mean([-2 * log_likelihood(new, onto @ old) for old in noises for new in noises])
    holds(
        "bayes-aic",
        {
            r"\operatorname{AIC}": again,
            r"\log p(\mathcal{D} \mid \hat{\theta})": np.mean([log_likelihood(one, onto @ one) for one in noises]),
            "k": k,
        },
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
