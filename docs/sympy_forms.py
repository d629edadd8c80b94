"""The forms that SymPy's expressions of docs/previews.md are put together from, and how they are drawn."""

from __future__ import annotations

from typing import Any

from sympy import Add, Eq, Function, HadamardProduct, MatrixSymbol, Mul, Pow, Symbol, pretty, sqrt

Expression = Any  # SymPy comes without types


def draw(rows: list[Expression], width: int = 88) -> str:
    """The rows below each other, each as SymPy draws it, in the order its parts are given in."""
    pictures = [pretty(row, use_unicode=True, num_columns=width, order="none") for row in rows]
    return "\n\n".join("\n".join(line.rstrip() for line in picture.split("\n")).strip("\n") for picture in pictures)


def name(text: str) -> Expression:
    return Symbol(text)


def matrix(text: str) -> Expression:
    """A symbol that keeps its place in a product."""
    return Symbol(text, commutative=False)


def call(function: str, *arguments: str | Expression) -> Expression:
    return Function(function)(*(Symbol(one) if isinstance(one, str) else one for one in arguments))


# SymPy puts a sum or a product in an order of its own, unless it is told not to evaluate it.
def plus(*terms: Expression) -> Expression:
    return Add(*terms, evaluate=False)


def times(*factors: Expression) -> Expression:
    return Mul(*factors, evaluate=False)


def over(top: Expression, bottom: Expression) -> Expression:
    return Mul(top, Pow(bottom, -1, evaluate=False), evaluate=False)


def minus(term: Expression) -> Expression:
    return Mul(-1, term, evaluate=False)


def root(radicand: Expression) -> Expression:
    return sqrt(radicand, evaluate=False)


def equal(left: Expression, right: Expression) -> Expression:
    return Eq(left, right, evaluate=False)


def vector(text: str) -> Expression:
    return MatrixSymbol(text, Symbol("n"), 1)


def elementwise(left: str, right: str) -> Expression:
    return HadamardProduct(vector(left), vector(right))
