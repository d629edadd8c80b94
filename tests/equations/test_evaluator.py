"""What LaTeX comes to, and what is refused rather than guessed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.equations import bindings
from tests.equations.arithmetic import Value
from tests.equations.bindings import STATED, chance, each, given, holds, mean, points
from tests.equations.evaluate import close, statements, value_of
from tests.equations.mutants import difference, is_seen, mutants
from tests.equations.nodes import EvaluationError

A = np.array([[1.0, 2.0], [3.0, 5.0]])
V, W = np.array([1.0, 2.0]), np.array([3.0, 5.0])
NAMES: dict[str, Value] = {
    "x": 2.0,
    "y": 3.0,
    "n": 3,
    "t": 2,
    "i": 1,
    "z": np.array([1.0, 4.0, 9.0]),
    "f": lambda *given: sum(given),
    r"f'": lambda x: 2 * x,
    r"\mathbf{A}": A,
    r"\mathbf{J}": np.array([[0.0, 1.0], [-1.0, 0.0]]),
    r"\mathbf{v}": V,
    r"\mathbf{w}": W,
    r"\mathbf{s}": {0: V, 1: W, 2: V + W},
    r"\bar{x}": 7.0,
    r"\mathcal{S}": [1, 2, 4],
    "g": [lambda x: x, lambda x: -x],
    r"D_{\mathrm{KL}}": lambda p, q: 10 * p + q,
}


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        # Arithmetic
        ("1 + 2 - 4", -1),
        ("-x + y", 1),
        ("2x y", 12),
        (r"x \cdot y / 4", 1.5),
        (r"\frac{x}{y}", 2 / 3),
        ("x^{2} y", 12),
        ("(x + y)^{2}", 25),
        (r"\left( x + y \right)^{2}", 25),
        (r"\sqrt{x + 2} + \sqrt[3]{8}", 4),
        (r"10^{-2}", 0.01),
        ("x!", 2),
        (r"\binom{4}{2}", 6),
        (r"\lfloor 2.5 \rfloor + \lceil 2.5 \rceil", 5),
        # Names
        (r"\bar{x}", 7),
        ("z_{2}", 4),
        ("z_{i + 1}", 4),
        ("z_{n}^{2}", 81),
        (r"\pi", math.pi),
        ("e^{x}", math.e**2),
        (r"\mathbf{s}_{t-1}", [3, 5]),
        (r"\mathbf{A}_{1,2}", 2),
        (r"(\mathbf{A})_{-t}", [[1]]),
        ("z_{-t}", [1, 9]),
        (r"\mathbf{A}_{2 1}", 3),
        # Functions
        ("f(x, y) + f(x; y) + f(x \\mid y)", 15),
        ("f(x)(y)", 6),
        ("f'(x)", 4),
        ("g_{2}(x)", -2),
        (r"D_{\mathrm{KL}}(x \,\|\, y)", 23),
        (r"D_{\mathrm{KL}}(x \,\|\, |y|)", 23),
        (r"\log x + \exp(y)", math.log(2) + math.exp(3)),
        (r"\log \frac{x}{y}", math.log(2 / 3)),
        (r"\log 2 x", math.log(4)),
        (r"x \log x \, \log y", 2 * math.log(2) * math.log(3)),
        (r"\log_{2} 8", 3),
        (r"\cos^{2} x + \sin^{2} x", 1),
        (r"\max(x, y) - \min\{x, y\}", 1),
        # Vectors and matrices
        (r"\mathbf{v}^{\top} \mathbf{w}", 13),
        (r"\mathbf{v} \mathbf{w}^{\top}", [[3, 5], [6, 10]]),
        (r"\mathbf{v} \odot \mathbf{w}", [3, 10]),
        (r"\mathbf{v} \cdot \mathbf{w}", 13),
        (r"\langle \mathbf{v}, \mathbf{w} \rangle", 13),
        (r"\mathbf{A} \mathbf{v}", [5, 13]),
        (r"\mathbf{v}^{\top} \mathbf{A} \mathbf{w}", 81),
        (r"e^{\mathbf{J}}", [[math.cos(1), math.sin(1)], [-math.sin(1), math.cos(1)]]),
        (r"\mathbf{A}^{-1} \mathbf{A} \mathbf{v}", [1, 2]),
        (r"\mathbf{A}^{-\top} \mathbf{A}^{\top}", [[1, 0], [0, 1]]),
        (r"(\mathbf{A} \mathbf{A}^{\top})^{1/2} (\mathbf{A} \mathbf{A}^{\top})^{1/2}", [[5, 13], [13, 34]]),
        (r"\det \mathbf{A} + \operatorname{tr}(\mathbf{A})", 5),
        (r"|\mathbf{A}| + |-x| + |\mathcal{S}|", 4),
        (r"\lVert \mathbf{w} - \mathbf{v} \rVert_{2}^{2} + \|\mathbf{v}\|_{1}", 16),
        (r"\operatorname{diag}(\mathbf{v})", [[1, 0], [0, 2]]),
        (r"\mathbf{1}_{2}^{\top} \mathbf{v}", 3),
        (r"\begin{pmatrix} 1 & x \\ y & 4 \end{pmatrix} \mathbf{v}", [5, 11]),
        (r"\begin{bmatrix} \mathbf{A} & \mathbf{w} \end{bmatrix}", [[1, 2, 3], [3, 5, 5]]),
        # Ranges
        (r"\sum_{i=1}^{n} z_{i} - 1", 13),
        (r"\sum_{i=1}^{n} i \prod_{j=1}^{i} j", 23),
        (r"\sum_{i=2}^{1} i", 0),
        (r"\sum_{k \in \mathcal{S}} k^{2}", 21),
        (r"\sum_{k \in \{1, \dots, n\}} k", 6),
        (r"\sum_{j=1}^{n} \sum_{k=1}^{j} k", 10),
        (r"\sum_{k \in \{0, 0.25, \dots, 1\}} k^{2}", 1.875),
        (r"\max_{k \in \mathcal{S}} (3 - k)^{2}", 4),
        (r"\max_{k \in \mathcal{S}} k + \sum_{k \in \mathcal{S}} k", 11),
        (r"1 + \min_{k \in \mathcal{S}} k^{2} - 6 k", -7),
        (r"\min_{t \in \mathcal{S}} t^{2} - 6 t", -11),
        (r"\operatorname*{arg\,min}_{k \in \mathcal{S}} (3 - k)^{2} - k", 4),
        (r"\min_{k = 1, 2} g_{k}(x)", -2),
        (r"\int_{0}^{x} u^{2} \,\mathrm{d}u", 8 / 3),
        (r"\int_{-\infty}^{\infty} e^{-u^{2}} \,\mathrm{d}u", math.sqrt(math.pi)),
        (r"\nabla_{\mathbf{v}} (\mathbf{v}^{\top} \mathbf{A} \mathbf{v})", [12, 25]),
        (r"\mathbb{1}[x < y] + \mathbf{1}\{x = y\}", 1),
        # Structures
        (r"\begin{cases} 1 & \text{if } x = y \text{ or } x < y \\ 5 & \text{otherwise} \end{cases}", 1),
        (r"\begin{cases} 1 & \text{if } x > y \\ 5 & \text{otherwise} \end{cases}", 5),
        (r"\begin{cases} x & \text{if } 0 < x \leq 2 \\ 5 & \text{if } x > 2 \end{cases}", 2),
        (r"\underbrace{x + 1}_{\text{more}} y", 9),
        (r"\underbrace{x}_{2} + \overbrace{y}^{3}", 5),
        (r"\bigl[ x + \bigl( y \bigr) \bigr]", 5),
        (r"(x - y)_{+}", 0),
        (r"\tfrac{1}{2} x \; \textstyle y", 3),
    ],
)
def test_value(latex: str, expected: Value) -> None:
    assert close(value_of(latex, NAMES), np.asarray(expected), 1e-6)


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"\mathbf{v} \mathbf{w}", "neither is transposed, at `v w`"),
        (r"\mathbf{v} + x", "a sum of shapes (2,) and ()"),
        (r"\mathbf{v}^{2}", "a power of a vector"),
        (r"x / \mathbf{v}", "not a number"),
        (r"\exp(\mathbf{A})", "on a matrix"),
        ("1 / x y", "could end in two places, at `y`"),
        (r"\log f(x) \, y", "could end in two places, at `y`"),
        (r"\log(x)^{2}", "a power after the argument of a logarithm"),
        (r"\operatorname{nobody}(x)", "a function without a meaning, at `nobody ( x )`"),
        ("x + q", "this has no value, at `q`"),
        ("x^{*}", "the name with * is not bound"),
        (r"z_{4}", "z_{4} has no index 4"),
        (r"z_{0}", "z_{0} has no index 0"),
        (r"\mathbf{s}_{t+1}", "no index 3"),
        (r"\sum_{k} k", "does not say what this runs over, at `k`"),
        (r"\sum_{k=1} k", "this has no value, at `k`"),
        (r"\sum_{k=1}^{1.5} k", "with the bound 1.5"),
        (r"\int u \,\mathrm{d}u", "no points with weights"),
        (r"\int_{0}^{1} u", "without a differential"),
        (r"x \otimes y", "the operation ⊗ has no meaning here"),
        (r"x + \cdots", "has no value"),
        (r"\begin{cases} 1 & \text{if } x > y \end{cases}", "no case is true"),
        (r"\begin{cases} 1 & \text{sometimes} \end{cases}", "words without a meaning"),
        (r"|\mathbf{v}|", "bars about a vector"),
        (r"\lVert \mathbf{A} \rVert", "does not say which"),
        ("(x", "cannot be read inside of (, at `the end of ( x`"),
        ("x +", "something is missing"),
        ("x)", "this cannot be read here, at `)`"),
        (r"x \nobody", "unknown"),
        (r"\oint x", "a sign without a meaning"),
        (r"f^{2}(x)", "a power of a function"),
        (r"f x", "a function without its argument"),
    ],
)
def test_what_is_not_certain_is_an_error(latex: str, said: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        value_of(latex, NAMES)

    assert said in str(caught.value)


def test_a_function_that_is_a_value_takes_what_is_in_parentheses() -> None:
    assert value_of("(D f)(x) (y + 1)", {"D f": lambda x: 10 * x, "x": 2.0, "y": 3.0}) == 80


def test_elementwise_only_where_it_is_said() -> None:
    assert value_of(r"\sqrt{\mathbf{v}^{2}} + 1", NAMES, elementwise=True).tolist() == [2, 3]


def test_a_longer_name_goes_before_a_shorter_one() -> None:
    names = {"x": 1.0, "x_{i}": 10.0, "f(x)": 100.0, "x^{*}": 1000.0, r"\mathbf{v}'": V}

    assert value_of("x + x_{i} + f(x) + x^{*} + x_{i}^{2}", names) == 1211
    assert value_of(r"\mathbf{v}'^{\top} \mathbf{v}'", names) == 5


def test_a_name_with_a_number_of_letters() -> None:
    assert value_of(r"\mathrm{TP} + \mathrm{T}", {r"\mathrm{TP}": 5.0, r"\mathrm{T}": 1.0}) == 6


def test_a_sum_over_what_the_test_says() -> None:
    ranges = [points("i", (1, 2, 3)), points("j", (1, 2, 3))]

    assert value_of(r"\sum_{i \neq j} i j", {}, ranges) == 22
    assert value_of(r"\sum_{j \neq i} j", {"i": 2}, ranges) == 4
    assert value_of(r"\sum_{j \neq i}^{4} j", {"i": 2}) == 8
    assert value_of(r"\sum_{(a, b) \in S} a b", {"S": [(1, 2), (3, 4)]}) == 14
    assert value_of(r"\sum_{i, j} 1", {}, ranges) == 9
    assert value_of(r"\sum_{i : i \neq 2} i", {}, ranges) == 4
    assert value_of(r"\{ i : i \neq 2 \}", {}, ranges) == [1, 3]
    assert value_of(r"\{ i \in S : i \neq 2, i > 1 \}", {"S": [1, 2, 3, 5]}, ranges) == [3, 5]
    assert value_of(r"\left\{ i \;\middle|\; i \neq 2 \right\}", {}, ranges) == [1, 3]
    assert value_of(r"\min \{ i^{2} : 1 < i \leq 3 \}", {}, ranges) == 4
    assert value_of(r"\operatorname*{arg\,max}_{1 \leq i \leq 2} i", {}, ranges) == 2
    assert value_of(r"\min_{1 < i \leq 3} i", {}, ranges) == 2


def test_brackets_whose_scripts_the_test_knows() -> None:
    assert value_of("1 + [x]_{0}^{1}", {"x": 3.0, "]_{0}^{1}": lambda x: min(max(x, 0), 1)}) == 2


def test_an_expectation_over_points() -> None:
    names = {r"\mathbb{E}_{x \sim p}": mean("x", (1.0, 3.0), (0.25, 0.75)), "y": 2.0}

    assert value_of(r"\mathbb{E}_{x \sim p}[x y] + 1", names) == 6
    assert value_of(r"\mathbb{E}_{x \sim p}[x]^{2}", names) == 6.25


def test_an_expectation_whose_weights_depend_on_a_name() -> None:
    names = {r"\mathbb{E}_{x \sim p}": mean("x", (1.0, 3.0), given("p", function=lambda p: (p, 1 - p)))}

    assert value_of(r"\max_{p \in S} \mathbb{E}_{x \sim p}[x]", {**names, "S": [0.25, 0.5]}) == 2.5


def test_a_probability_over_points() -> None:
    names = {r"\mathbb{P}": chance("x", (1.0, 2.0, 3.0), (0.25, 0.25, 0.5)), "y": 2.0}

    assert value_of(r"1 - \mathbb{P}(x \geq y)^{2}", names) == 1 - 0.75**2
    assert value_of(r"\mathbb{P} \bigl( x = y \bigr)", names) == 0.25


def test_what_is_known_stands_after_a_bar() -> None:
    dice = [(x, y) for x in (1, 2) for y in (1, 2, 3)]
    names = {r"\mathbb{E}": mean(("x", "y"), dice), r"\mathbb{P}": chance(("x", "y"), dice)}

    assert value_of(r"\mathbb{E}[x y \mid y > 1]", names) == 3.75
    assert value_of(r"\mathbb{E} \bigl[ x y \bigm| y > 1 \bigr]", names) == 3.75
    assert value_of(r"\mathbb{P}(x + y = 3 \mid x = 1, y \neq 3)", names) == 0.5


def test_a_place_of_several_variables() -> None:
    ranges = [points("i", (1, 2, 3)), points("j", (1, 2, 3))]

    assert value_of(r"\operatorname*{arg\,min}_{i, j} (i - 2)^{2} + (j - i - 1)^{2}", {}, ranges) == (2, 3)


def test_a_comma_in_an_inner_product_parts_no_statements() -> None:
    assert [str(one) for one in statements(r"x = \langle a, b \rangle = y")] == ["x = ⟨ a , b ⟩ = y"]


def test_a_set_has_each_value_once() -> None:
    assert value_of(r"|\{ i^{2} : i \in S \}|", {"S": [1, -1, 2]}) == 2


def test_a_condition_in_words_that_the_test_knows() -> None:
    latex = r"\begin{cases} 1 & \text{if } x \text{ is good} \\ 2 & \text{bad} \end{cases}"

    assert value_of(latex, {r"\text{if } x \text{ is good}": False, r"\text{bad}": True}) == 2


def test_an_integral_over_points() -> None:
    assert value_of(r"\int x^{2} \,\mathrm{d}x + 1", {}, [points("x", (1.0, 2.0), (0.5, 0.25))]) == 2.5


def test_a_value_that_depends_on_another() -> None:
    names = {"p(x)": given("x", function=lambda x: x**2), "n": 3}

    assert value_of(r"\sum_{x=1}^{n} p(x)", names) == 14


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        ("a = b = c", ["a = b = c"]),
        (r"a &= b \\ &= c", ["a = b = c"]),
        (r"&a \\ &\quad = b \\ &\quad + c", ["a = b + c"]),
        (r"a &= b, \quad c = d \\ &\leq e", ["a = b ≤ e", "c = d"]),
        (r"a = b \quad \text{for } c \leq d", ["a = b", "c ≤ d"]),
        (r"a = b \quad \text{(discrete)}", ["a = b"]),
        (r"a = b, \; c \in d", ["a = b", "c ∈ d"]),
        (r"a = b, \dots, c", ["a = b , … , c"]),
        (r"a = \langle b, c \rangle = d", ["a = ⟨ b , c ⟩ = d"]),
        (r"a := b", ["a ≔ b"]),
        (r"p(x = 1) = b", ["p ( x = 1 ) = b"]),
        (r"p(\text{if } x) = b", ["p ( if x ) = b"]),
        (r"\text{score} = b", ["score = b"]),
    ],
)
def test_statements(latex: str, said: list[str]) -> None:
    assert [str(statement) for statement in statements(latex)] == said


# Questions about an entry, with a body of the test's own


def ask(latex: str, names: dict[str, Value], **options: Value) -> None:
    bindings.REPLACED["asked"] = latex
    try:
        holds("asked", names, **options)
    finally:
        del bindings.REPLACED["asked"]


def test_what_is_true_holds() -> None:
    ask(r"x &= y + 1 \\ x &\geq y", {"x": 3.0, "y": 2.0})
    ask("x = y^{2}", {"x": 4.0, "y": each(2.0, -2.0)})
    ask(r"x \leftarrow x + y", {"x": 1.0, "y": 2.0}, after={"x": 3.0})
    ask(r"y = x^{2}, \quad x \sim p", {"y": 4.0, "x": 2.0, r"\sim": STATED})
    ask(r"f(x) \propto x^{2}", {"f": lambda x: 3 * x * x, "x": each(1.0, 2.0, 5.0)})
    ask(r"\mathbf{v} \propto \mathbf{w}", {r"\mathbf{v}": V, r"\mathbf{w}": -2 * V})


def test_one_statement_of_a_row() -> None:
    ask(r"x = 4, \quad y = 2", {"x": 3.0, "y": 2.0}, rows=[(1, 2)])
    with pytest.raises(AssertionError):
        ask(r"x = 4, \quad y = 2", {"x": 3.0, "y": 2.0}, rows=[(1, 1)])


@pytest.mark.parametrize(
    "latex",
    [
        "x = y",
        "y \\geq x",
        r"\mathbf{v} = x",
        r"x = 3, \quad y = 1",
        "x = 3 = y",
        r"x &= 3 \\ &= y",
        r"x = 3 = \cdots = y",
    ],
)
def test_what_is_false_does_not(latex: str) -> None:
    with pytest.raises(AssertionError):
        ask(latex, {"x": 3.0, "y": 2.0, r"\mathbf{v}": np.array([3.0, 3.0])})


def test_what_an_expression_comes_to() -> None:
    ask(r"&\min_{k \in S} (k - 2)^{2} \\ &\text{s.t. } x \leq 1", {"S": [0, 3], "x": 1.0}, objective=1)
    ask(r"\min_{k \in S} \max_{l \in S} k^{2} - 6 k + l", {"S": [0, 3, 5]}, objective=-4)
    with pytest.raises(AssertionError, match="not 4"):
        ask(r"\min_{k \in S} (k - 2)^{2}", {"S": [0, 3]}, objective=4)


def test_small_values_are_compared_in_proportion() -> None:
    ask("x = y", {"x": 1e-4, "y": 1e-4 + 1e-13})
    with pytest.raises(AssertionError):
        ask("x = y", {"x": 1e-4, "y": 1e-4 + 1e-9})


def test_a_bound_that_is_not_reached_does_not_hold_where_the_test_says_it_is() -> None:
    ask("x \\leq y", {"x": each(1.0, 2.0), "y": 2.0}, reached=1e-9)
    with pytest.raises(AssertionError, match="is not reached"):
        ask("x \\leq y", {"x": each(1.0, 1.9), "y": 2.0}, reached=1e-9)


def test_what_is_not_proportional_does_not_hold() -> None:
    with pytest.raises(AssertionError, match="not proportional"):
        ask(r"f(x) \propto x^{2}", {"f": lambda x: x, "x": each(1.0, 2.0, 5.0)})


def test_an_entry_that_is_missing_is_an_error() -> None:
    with pytest.raises(AssertionError, match="there is no entry"):
        holds("no-such-entry", {})


def test_a_relation_without_a_meaning_is_an_error() -> None:
    with pytest.raises(EvaluationError, match="the relation ∼"):
        ask(r"x \sim p", {"x": 1, "p": 1})


# Mutants


def test_mutants_are_small_mistakes() -> None:
    found = mutants(r"\mu_{t} = -\frac{1}{2} x_{t-1}^{\top}")

    assert r"\mu_{t} = +\frac{1}{2} x_{t-1}^{\top}" in found
    assert r"\mu_{t} = -\frac{2}{1} x_{t-1}^{\top}" in found
    assert r"\mu_{t} = -\frac{1}{2} x_{t}^{\top}" in found
    assert r"\mu_{t} = -\frac{1}{2} x_{t-1}" in found
    assert r"\mu_{t-1} = -\frac{1}{2} x_{t-1}^{\top}" in found
    assert len(found) == len(set(found))


def test_a_mutant_is_seen_by_a_test_that_fails() -> None:
    def right() -> None:
        holds("asked", {"x": 3.0, "y": 2.0})

    assert is_seen("asked", "x = y - 1", [right])
    assert is_seen("asked", "x = q", [right])
    assert not is_seen("asked", "x = y + 1", [right])


def test_a_mutant_is_named_by_what_was_changed() -> None:
    assert difference("x = y + 1", "x = y - 1") == "'x = y + 1' -> 'x = y - 1'"
