"""Effects in small populations of which all outcomes are known, and interventions in small models."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from tests.equations.bindings import (
    RANDOM,
    Array,
    distribution,
    each,
    given,
    holds,
    matrix,
    mean,
    number,
    points,
    positive,
    vector,
)
from tests.equations.reference import slope

# Treatment effects


def test_average_effect_is_what_a_randomised_trial_finds() -> None:
    treated, untreated, chosen = vector(5), vector(5), 0.3
    seen = [(d, treated[i] if d else untreated[i], chosen if d else 1 - chosen) for i in range(5) for d in (0, 1)]
    arms = [sum(y * w for d, y, w in seen if d == arm) / sum(w for d, _, w in seen if d == arm) for arm in (0, 1)]
    holds(
        "causal-ate",
        {
            r"\tau": arms[1] - arms[0],
            r"\mathbb{E}": mean(("Y(1)", "Y(0)"), list(zip(treated, untreated, strict=True))),
        },
    )


class Study:
    """Units of three strata, in each of which both arms are seen, and the propensity of each stratum."""

    def __init__(self) -> None:
        self.x = np.repeat([0, 1, 2], [5, 8, 4])
        self.d = np.array([1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0])
        self.y = vector(17) + self.x + 2 * self.d
        self.strata = np.array([5, 8, 4]) / 17
        self.propensity = np.array([1 / 5, 6 / 8, 2 / 4])
        self.arms = np.array([[self.y[(self.d == d) & (self.x == x)].mean() for x in range(3)] for d in (0, 1)])
        self.effect = float(self.strata @ (self.arms[1] - self.arms[0]))  # by standardisation

    @property
    def names(self) -> dict[str, object]:
        return {"D": self.d, "Y": self.y, r"\mathbf{X}": self.x, "n": 17}


def regressed(y: Array, columns: list[Array], weights: Array) -> Array:
    """Coefficients of weighted least squares with an intercept, which comes first."""
    design, root = np.column_stack([np.ones(len(y)), *columns]), np.sqrt(weights)
    return np.asarray(np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0])


def test_inverse_propensity_weights() -> None:
    study = Study()
    e = study.propensity
    # With the shares of each stratum both estimators standardise; with others only Hájek's is a weighted regression.
    exact = {r"\hat{\tau}_{\mathrm{HT}}": study.effect, r"\hat{\tau}_{\mathrm{Haj}}": study.effect}
    holds("causal-ipw", {**study.names, **exact, r"\hat{e}": lambda x: e[x]}, over=[points("i", range(1, 18))])
    other = np.array([0.6, 0.3, 0.45])
    weights = np.where(study.d == 1, 1 / other[study.x], 1 / (1 - other[study.x]))
    normalised = {r"\hat{\tau}_{\mathrm{Haj}}": regressed(study.y, [study.d], weights)[1]}
    names = {**study.names, **normalised, r"\hat{e}": lambda x: other[x]}
    holds("causal-ipw", names, over=[points("i", range(1, 18))], rows=[2])


def test_augmented_weights_need_one_of_both_models() -> None:
    study = Study()
    for arms, e in ((study.arms, np.array([0.6, 0.3, 0.45])), (matrix(2, 3), study.propensity)):

        def guess(d: int, i: int, arms: Array = arms, e: Array = e) -> float:
            """The outcome in an arm: as the regression has it, corrected where the unit was seen in that arm."""
            x = study.x[i]
            error = (study.y[i] - arms[d, x]) / (e[x] if d else 1 - e[x]) if study.d[i] == d else 0.0
            return float(arms[d, x] + error)

        holds(
            "causal-aipw",
            {
                **study.names,
                r"\hat{\tau}": study.effect,
                r"\hat{\psi}": [guess(1, i) - guess(0, i) for i in range(17)],
                r"\hat{g}": lambda d, x, arms=arms: arms[int(d), x],
                r"\hat{e}": lambda x, e=e: e[x],
                "i": each(*range(1, 18)),
            },
        )


def test_residuals_on_residuals() -> None:
    x, effect, size = vector(12), number(), 12
    confounding, propensity = np.sin(3 * x), x**2
    v = vector(size)
    noise = vector(size)
    noise -= v * (noise @ v) / (v @ v)  # so that a finite sample finds the effect itself
    d = propensity + v
    y = effect * d + confounding + noise
    at = {float(one): k for k, one in enumerate(x)}
    holds(
        "causal-dml",
        {
            "Y": y[4],
            "D": d[4],
            "Y_{i}": given("i", function=lambda i: y[i - 1]),
            "D_{i}": given("i", function=lambda i: d[i - 1]),
            r"\mathbf{X}": x[4],
            r"\mathbf{X}_{i}": given("i", function=lambda i: x[i - 1]),
            r"\theta": effect,
            r"\hat{\theta}": effect,
            "g": lambda x: math.sin(3 * x),
            "m": lambda x: x * x,
            r"\zeta": noise[4],
            "V": v[4],
            r"\hat{m}": lambda x: propensity[at[x]],
            r"\hat{\ell}": lambda x: effect * propensity[at[x]] + confounding[at[x]],
            "n": size,
        },
    )


def test_instrument_finds_the_effect_on_compliers() -> None:
    # Whoever complies, always takes and never takes the treatment, each kind with its own outcomes.
    takes = {"complier": (0, 1), "always": (1, 1), "never": (0, 0)}
    kinds = [kind for kind in takes for _ in range(2)]
    shares, untreated, treated = distribution(6), vector(6), vector(6)
    units, weights = [], []
    for i, z in itertools.product(range(6), (0, 1)):
        without, with_it = takes[kinds[i]]
        d = with_it if z else without
        units.append((z, d, treated[i] if d else untreated[i], treated[i], untreated[i], with_it, without))
        weights.append(shares[i] * (0.35 if z else 0.65))
    compliers = [i for i in range(6) if kinds[i] == "complier"]
    late = sum(shares[i] * (treated[i] - untreated[i]) for i in compliers) / shares[compliers].sum()
    names = ("Z", "D", "Y", "Y(1)", "Y(0)", "D(1)", "D(0)")
    holds("causal-iv-wald", {r"\mathbb{E}": mean(names, units, weights)})
    found = r"\mathbb{E}[Y(1) - Y(0) \mid D(1) > D(0)]"
    holds("causal-iv-wald", {r"\mathbb{E}": mean(names, units, weights), found: late})


def test_difference_in_differences() -> None:
    treated = np.array([1, 1, 1, 0, 0, 0, 0])
    before, effects, trend = vector(7), vector(7), vector(7)
    trend[treated == 1] += trend[treated == 0].mean() - trend[treated == 1].mean()  # parallel on average
    untreated = before + trend
    after = np.where(treated == 1, untreated + effects, untreated)
    group, period = np.tile(treated, 2), np.repeat([0, 1], 7)
    product = regressed(np.concatenate([before, after]), [group, period, group * period], np.ones(14))[3]
    units = list(zip(treated, before, after, untreated + effects, untreated, strict=True))
    names = ("D", r"Y_{\mathrm{pre}}", r"Y_{\mathrm{post}}", r"Y_{\mathrm{post}}(1)", r"Y_{\mathrm{post}}(0)")
    holds("causal-did", {r"\tau": product, r"\mathbb{E}": mean(names, units)})


# Causal graphs

Assignment: TypeAlias = tuple[int, ...]
Model: TypeAlias = Mapping[Assignment, float]  # the chance of each assignment of 0 or 1 to all variables


def probability(model: Model, wanted: Mapping[int, int], known: Mapping[int, int] | None = None) -> float:
    """Of values of some variables, given those of others."""

    def total(fixed: Mapping[int, int]) -> float:
        return sum(share for values, share in model.items() if all(values[at] == value for at, value in fixed.items()))

    return total({**(known or {}), **wanted}) / total(known or {})


class Mechanisms:
    """Binary variables in the order of their causes; each is a table over its parents and a noise of five values."""

    def __init__(self, parents: tuple[tuple[int, ...], ...]) -> None:
        self.parents = parents
        self.tables = [RANDOM.integers(0, 2, size=(2,) * len(one) + (5,)) for one in parents]
        for table in self.tables:
            table[..., 0], table[..., 1] = 0, 1  # so that each value has a chance
        self.noises = [distribution(5) for _ in parents]

    def value(self, i: int, x: Assignment, u: int) -> int:
        return int(self.tables[i][(*(x[k] for k in self.parents[i]), u)])

    def model(self, set_to: Mapping[int, int] | None = None) -> Model:
        """The joint distribution, with some variables replaced by constants."""
        found: dict[Assignment, float] = {}
        for noises in itertools.product(range(5), repeat=len(self.parents)):
            x: Assignment = ()
            for i, u in enumerate(noises):
                x = (*x, (set_to or {}).get(i, self.value(i, x, u)))
            share = math.prod(chances[u] for chances, u in zip(self.noises, noises, strict=True))
            found[x] = found.get(x, 0.0) + share
        return found


def test_truncated_factorisation() -> None:
    scm = Mechanisms(((), (0,), (0, 1), (1, 2)))
    seen = scm.model()

    def factor(i: int, x: Assignment) -> float:
        return probability(seen, {i - 1: x[i - 1]}, {k: x[k] for k in scm.parents[i - 1]})

    for j, a in itertools.product((1, 2, 3, 4), (0, 1)):
        intervened = scm.model({j - 1: a})
        for values in itertools.product((0, 1), repeat=4):
            holds(
                "scm-definition",
                {
                    "x": values,
                    r"P(x_{1}, \ldots, x_{n} \mid \operatorname{do}(x_{j} = a))": intervened.get(values, 0.0),
                    r"P(x_{i} \mid \mathbf{x}_{\operatorname{pa}(i)})": given(
                        "i", function=lambda i, values=values: factor(i, values)
                    ),
                    "a": a,
                    "j": j,
                },
                over=[points("i", range(1, 5))],
                rows=[2],
            )


def test_variables_are_functions_of_their_parents_and_noises() -> None:
    scm = Mechanisms(((), (0,), (0, 1)))
    for u in itertools.product(range(5), repeat=3):
        x: Assignment = ()
        for i in range(3):
            x = (*x, scm.value(i, x, u[i]))
        holds(
            "scm-definition",
            {
                "x": x,
                "f": [lambda x, u, i=i: int(scm.tables[i][(*x, u)]) for i in range(3)],
                r"\mathbf{x}_{\operatorname{pa}(i)}": given(
                    "i", function=lambda i, x=x: tuple(x[k] for k in scm.parents[i - 1])
                ),
                "u": u,
                "i": each(1, 2, 3),
                "n": 3,
            },
            rows=[1],
        )


def by_count(*functions: Callable[..., float]) -> Callable[..., float]:
    """A sign such as P that stands for another function with each number of arguments."""
    return lambda *values: functions[len(values) - 1](*values)


def test_back_door() -> None:
    z, x, y = range(3)
    scm = Mechanisms(((), (z,), (z, x)))
    seen = scm.model()
    conditional = by_count(
        lambda stratum: probability(seen, {z: stratum}),
        lambda stratum, cause: probability(seen, {z: stratum}, {x: cause}),
        lambda outcome, cause, stratum: probability(seen, {y: outcome}, {x: cause, z: stratum}),
    )
    for cause, outcome in itertools.product((0, 1), repeat=2):
        effect = probability(scm.model({x: cause}), {y: outcome})
        assert not math.isclose(effect, probability(seen, {y: outcome}, {x: cause}))
        known = {r"P(y \mid \operatorname{do}(x))": effect, "P": conditional, "x": cause, "y": outcome}
        holds("docalc-backdoor", known, over=[points(r"\mathbf{z}", (0, 1))])


def test_front_door() -> None:
    hidden, x, z, y = range(4)
    scm = Mechanisms(((), (hidden,), (x,), (hidden, z)))
    seen = scm.model()
    conditional = by_count(
        lambda cause: probability(seen, {x: cause}),
        lambda mediator, cause: probability(seen, {z: mediator}, {x: cause}),
        lambda outcome, cause, mediator: probability(seen, {y: outcome}, {x: cause, z: mediator}),
    )
    for cause, outcome in itertools.product((0, 1), repeat=2):
        effect = probability(scm.model({x: cause}), {y: outcome})
        assert not math.isclose(effect, probability(seen, {y: outcome}, {x: cause}))
        known = {r"P(y \mid \operatorname{do}(x))": effect, "P": conditional, "x": cause, "y": outcome}
        holds("docalc-frontdoor", known, over=[points("z", (0, 1)), points("x'", (0, 1))])


def closed_walks(weights: Array) -> float:
    """Over all lengths, each length k with the weight 1/k!, by going from node to node."""
    total, walks = 0.0, np.eye(len(weights))
    for length in range(1, 30):
        walks = np.einsum("ij,jk->ik", walks, weights * weights) / length
        total += sum(walks[i, i] for i in range(len(weights)))
    return total


def test_acyclicity_of_notears() -> None:
    order = [2, 0, 3, 1]
    acyclic = np.triu(matrix(4, 4), 1)[np.ix_(order, order)]
    names = {"h": closed_walks, "d": 4, r"\circ": np.multiply}
    holds("notears-constraint", {**names, r"\mathbf{W}": acyclic}, rows=[1])
    cyclic = positive(4, 4) * np.sign(matrix(4, 4))
    # Of a graph with cycles all but the last side is the same.
    holds("notears-constraint", {**names, r"\mathbf{W}": cyclic, "0": closed_walks(cyclic)}, rows=[1])
    names |= {r"\nabla h(\mathbf{W})": slope(closed_walks, cyclic), r"\mathbf{W}": cyclic}
    holds("notears-constraint", names, rows=[2], within=1e-5)
