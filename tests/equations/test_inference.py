"""Designs, criteria, samplers and approximations of a posterior, over few states or in closed form."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    Array,
    covariance,
    distribution,
    each,
    given,
    holds,
    matrix,
    mean,
    points,
    vector,
)
from tests.equations.reference import always, density, entropy, slope


def test_information_gain_of_a_design() -> None:
    prior, likelihood = distribution(3), np.array([distribution(2) for _ in range(3)])
    joint = prior[:, None] * likelihood
    outcomes = joint.sum(0)
    # The other way round: what the unknown tells of the outcome.
    gain = entropy(outcomes) - float(prior @ [entropy(row) for row in likelihood])
    holds(
        "boed-eig",
        {
            r"\operatorname{EIG}": always(gain),
            r"\xi": 0.0,
            r"\mathbb{E}_{p(y \mid \xi)}": mean("y", (0, 1), outcomes),
            r"\mathbb{E}_{p(\theta) p(y \mid \theta, \xi)}": mean(
                (r"\theta", "y"), list(itertools.product(range(3), range(2))), joint.ravel()
            ),
            "H": entropy,
            r"p(\theta)": prior,
            r"p(\theta \mid y, \xi)": given("y", function=lambda y: joint[:, y] / outcomes[y]),
            r"p(y \mid \theta, \xi)": given(r"\theta", "y", function=lambda theta, y: likelihood[theta, y]),
            r"p(y \mid \xi)": given("y", function=lambda y: outcomes[y]),
        },
    )


def test_the_input_on_which_models_disagree() -> None:
    for _ in range(5):
        posterior = distribution(3)
        guesses = {x: np.array([distribution(2) for _ in range(3)]) ** 4 for x in range(5)}
        guesses = {x: g / g.sum(1, keepdims=True) for x, g in guesses.items()}
        information = {}
        for x, g in guesses.items():
            joint = posterior[:, None] * g
            information[x] = float((joint * np.log(joint / np.outer(posterior, joint.sum(0)))).sum())
        holds(
            "boed-bald",
            {
                r"H[y \mid \mathbf{x}, \mathcal{D}]": given(
                    r"\mathbf{x}", function=lambda x, g=guesses, p=posterior: entropy(p @ g[x])
                ),
                r"H[y \mid \mathbf{x}, \theta]": given(
                    r"\mathbf{x}", r"\theta", function=lambda x, theta, g=guesses: entropy(g[x][theta])
                ),
                r"\mathbb{E}_{\theta \sim p(\theta \mid \mathcal{D})}": mean(r"\theta", range(3), posterior),
            },
            over=[points(r"\mathbf{x}", range(5))],
            objective=int(np.argmax(list(information.values()))),
        )


def test_straight_through() -> None:
    z, step = vector(3), 0.1 * vector(3)
    names = {r"\mathbf{z}": z, "Q": np.round, r"\operatorname{sg}": lambda x: x}
    holds("gradest-straight-through", {**names, r"\tilde{\mathbf{z}}": np.round(z)})
    # With the gradient stopped, what is passed on moves as the input does.
    held = np.round(z) - z
    moved = {r"\mathbf{z}": z + step, r"\tilde{\mathbf{z}}": np.round(z) + step, r"\operatorname{sg}": always(held)}
    holds("gradest-straight-through", {**names, **moved})


def test_bic_is_the_evidence_under_a_prior_of_one_sample() -> None:
    for n, k in ((3000, 1), (3000, 2)):
        data = matrix(n, k)
        best = data.mean(0)
        # The evidence, sample by sample, from a prior at the estimate that is worth one sample.
        total, seen, count = 0.0, best, 1
        for x in data:
            total += math.log(density(x, seen, np.eye(k) * (1 + 1 / count)))
            seen, count = (count * seen + x) / (count + 1), count + 1
        likely = sum(math.log(density(x, best, np.eye(k))) for x in data)
        holds(
            "bayes-bic",
            {
                r"\operatorname{BIC}": -2 * total,
                r"\log p(\mathcal{D} \mid \hat{\theta})": likely,
                "k": k,
                "n": n,
            },
            within=1e-6,
        )


def test_stochastic_langevin_step() -> None:
    data, theta, size, shake = matrix(6, 2), vector(2), 0.03, vector(2)
    spread = covariance(2)
    batch = [1, 4]

    def estimate(theta: Array) -> float:
        """The log posterior, with the samples of the batch standing for three times as many."""
        return math.log(density(theta, np.zeros(2), spread)) + 3 * sum(
            math.log(density(data[k], theta, np.eye(2))) for k in batch
        )

    def log_slope(x: Array, at: Array | None = None) -> Array:
        if at is None:
            return slope(lambda x: math.log(density(x, np.zeros(2), spread)), x)
        return slope(lambda at: math.log(density(x, at, np.eye(2))), at)

    holds(
        "langevin-sgld",
        {
            r"\theta_{t+1}": theta + size / 2 * slope(estimate, theta) + shake,
            r"\theta_{t}": theta,
            r"\varepsilon_{t}": size,
            r"\nabla \log p": log_slope,
            "x_{t i}": given("i", function=lambda i: data[batch[i - 1]]),
            r"\eta_{t}": shake,
            r"\sim": lambda _, law: law == (0, size),
            r"\mathcal{N}": lambda m, v: (m, v),
            "N": 6,
            "n": 2,
        },
        within=1e-6,
    )


def test_mean_field_factor_is_the_best() -> None:
    joint, q = distribution(2, 3), distribution(3)

    def divergence(share: float) -> float:
        approximate = np.outer([share, 1 - share], q)
        return float((approximate * np.log(approximate / joint)).sum())

    low, high = 1e-9, 1 - 1e-9
    for _ in range(90):
        one, two = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, two) if divergence(one) < divergence(two) else (one, high)

    def proportional(left: Array, right: Array) -> bool:
        return bool(np.isclose(left[0] / left[1], right[0] / right[1], rtol=1e-5))

    holds(
        "vi-mean-field",
        {
            "q_{j}^{*}(z_{j})": np.array([low, 1 - low]),
            r"\propto": proportional,
            r"\mathbb{E}_{-j}": mean(r"\mathbf{z}_{-j}", range(3), q),
            r"p(z_{j} \mid \mathbf{z}_{-j}, \mathbf{x})": given(
                r"\mathbf{z}_{-j}", function=lambda z: joint[:, z] / joint[:, z].sum()
            ),
            r"p(z_{j}, \mathbf{z}_{-j}, \mathbf{x})": given(r"\mathbf{z}_{-j}", function=lambda z: 0.3 * joint[:, z]),
        },
        rows=[2],
    )
    factors = [distribution(2), distribution(3), distribution(2)]
    for z in itertools.product((0, 1), (0, 1, 2), (0, 1)):
        holds(
            "vi-mean-field",
            {
                "q": always(float(np.einsum("a,b,c->abc", *factors)[z])),
                "q_{j}(z_{j})": given("j", function=lambda j, z=z: factors[j - 1][z[j - 1]]),
                r"\mathbf{z}": 0.0,
                "m": 3,
            },
            rows=[1],
        )


def test_bound_of_a_conditional_autoencoder() -> None:
    prior, decode = distribution(3), vector(3)
    likely = 1 / (1 + np.exp(-decode))
    joint = prior * likely
    holds(
        "vae-conditional",
        {
            r"p_{\theta}(\mathbf{y} \mid \mathbf{x})": float(joint.sum()),
            r"q_{\phi}(\mathbf{z} \mid \mathbf{x}, \mathbf{y})": given("q", function=lambda q: q),
            r"p_{\theta}(\mathbf{z} \mid \mathbf{x})": prior,
            r"D_{\mathrm{KL}}": lambda q, p: float(sum(q * np.log(q / p))),
            r"\mathbb{E}_{q_{\phi}(\mathbf{z} \mid \mathbf{x}, \mathbf{y})}": mean(
                r"\mathbf{z}", range(3), given("q", function=lambda q: q)
            ),
            r"p_{\theta}(\mathbf{y} \mid \mathbf{x}, \mathbf{z})": given(r"\mathbf{z}", function=lambda z: likely[z]),
            "q": each(joint / joint.sum(), distribution(3)),
        },
        reached=1e-9,
    )


def test_gibbs_sweep_keeps_the_joint() -> None:
    joint = distribution(2, 3, 2)

    def conditional(before: list[int], after: list[int]) -> Array:
        """Of the variable between these, by the joint."""
        raw = [joint.item(*before, x, *after) for x in range(joint.shape[len(before)])]
        return np.array(raw) / sum(raw)

    old, new = [1, 2, 0], [0, 1, 1]
    for j in (1, 2, 3):
        # With the newest values of all others: those before the j-th are new, those after it old.
        state = [*new[: j - 1], *old[j - 1 :]]
        chances = np.array(
            [joint[tuple(x if k == j - 1 else one for k, one in enumerate(state))] for x in range(joint.shape[j - 1])]
        )
        holds(
            "mcmc-gibbs",
            {
                "x_{j}^{(t+1)}": chances / chances.sum(),
                r"\sim": lambda one, two: bool(np.allclose(one, two)),
                "p": lambda _, before, after: conditional(before, after),
                "x_{j}": 0.0,
                r"x_{1}^{(t+1)}, \dots, x_{j-1}^{(t+1)}": new[: j - 1],
                r"x_{j+1}^{(t)}, \dots, x_{d}^{(t)}": old[j:],
                "j": j,
                "d": 3,
            },
        )
