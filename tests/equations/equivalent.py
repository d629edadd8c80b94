"""Mutants that say the same as the entry, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator

CENTRED = "the mean of what is centred is zero, so that a constant in the other factor changes nothing"
LEAST = "a norm and its powers are least at the same place"
LABEL = "the name of a part below its brace"
PROPORTIONAL = "a factor changes nothing in what is proportional"
SCALED = "a factor does not move the place of a maximum"
POWER_ZERO = "any number to the power of zero is one"

# Entry id -> what is written, what the mutant has in one place of it, and why that is no mistake.
EQUIVALENT: dict[str, tuple[tuple[str, str, str], ...]] = {
    "dqn-quantile": (
        (r"_{a'} \frac{1}{N}", r"_{a'} \frac{2}{N}", SCALED),
        (r"_{a'} \frac{1}{N}", r"_{a'} \frac{N}{1}", SCALED),
    ),
    "gmm-em": ((r"(\mathbf{x}_{i} - ", r"(\mathbf{x}_{i} + ", CENTRED),),
    "gnn-gcn": (("A}_{i j}", "A}_{j i}", "the graph has no directions"),),
    "gp-prior": (
        (r"E}[(f(\mathbf{x}) - m", r"E}[(f(\mathbf{x}) + m", CENTRED),
        (r"(f(\mathbf{x}') - m", r"(f(\mathbf{x}') + m", CENTRED),
    ),
    "gs-gaussian": ((r"\mathbf{S}^{\top}", r"\mathbf{S}", "a diagonal matrix is its own transpose"),),
    "kernel-rff": (
        (r"\mathrm{e}^{-\mathrm{i}", r"\mathrm{e}^{+\mathrm{i}", "a kernel is even, and so is its transform"),
    ),
    "kg-rotate": ((r"|r_{k}|", r"|r_{i}|", "any letter says it of every entry"),),
    "linreg-least-squares": (
        (r"\rVert_{2}^{2}", r"\rVert_{2}^{1}", LEAST),
        (r"\rVert_{2}^{2}", r"\rVert_{2}^{3}", LEAST),
        (r"\rVert_{2}^{2}", r"\rVert_{2}", LEAST),
    ),
    "matcalc-softmax": ((r"\delta_{i j}", r"\delta_{j i}", "the identity matrix is symmetric"),),
    "mup-scaling": (
        ("1 / n_", "2 / n_", PROPORTIONAL),
        ("} 1 &", "} 2 &", PROPORTIONAL),
        (r"\\ 1 &", r"\\ 2 &", PROPORTIONAL),
    ),
    "nerf-positional-encoding": (("2^{0}", "1^{0}", POWER_ZERO), ("2^{0}", "3^{0}", POWER_ZERO)),
    "pca-variance": ((r"(\mathbf{x}_{i} - ", r"(\mathbf{x}_{i} + ", CENTRED),),
    "pg-reinforce": (("- b(S_{t})", "+ b(S_{t})", "a baseline of either sign has the mean zero"),),
    "prob-covariance": ((r"(\mathbf{x} - ", r"(\mathbf{x} + ", CENTRED),),
    "rank-spearman": ((r"- \bar{r})", r"+ \bar{r})", CENTRED), (r"- \bar{s})", r"+ \bar{s})", CENTRED)),
    "risk-bias-variance": (
        (r"bias}^{2}", r"bias}^{1}", LABEL),
        (r"bias}^{2}", r"bias}^{3}", LABEL),
        (r"bias}^{2}", r"bias}", LABEL),
    ),
    "rot-kabsch": (
        (r"(\mathbf{y}_{i} - \bar", r"(\mathbf{y}_{i} + \bar", CENTRED),
        (r"(\mathbf{x}_{i} - \bar", r"(\mathbf{x}_{i} + \bar", CENTRED),
        (r"\mathbf{t}} \frac{1}{n}", r"\mathbf{t}} \frac{2}{n}", SCALED),
        (r"\mathbf{t}} \frac{1}{n}", r"\mathbf{t}} \frac{n}{1}", SCALED),
    ),
    "sde-fokker-planck": (("_{i j}", "_{j i}", "a matrix times its transpose is symmetric"),),
    "ssl-vicreg": (
        (r"(\mathbf{z}_{i} - ", r"(\mathbf{z}_{i} + ", CENTRED),
        ("_{i,j}", "_{j,i}", "a covariance is symmetric"),
    ),
    "tsne-loss": (
        ("p_{i j}", "p_{j i}", "the joint affinities are symmetric"),
        ("q_{i j}", "q_{j i}", "the joint affinities are symmetric"),
    ),
    "umap-loss": (("v_{i j}", "v_{j i}", "a distance is symmetric"), ("w_{i j}", "w_{j i}", "and so are the weights")),
}


def is_equivalent(entry_id: str, body: str, mutant: str) -> bool:
    """Whether a mutant is known to say the same as the entry."""
    return any(
        mutant == changed
        for written, other, _ in EQUIVALENT.get(entry_id, ())
        for changed in replaced_once(body, written, other)
    )


def replaced_once(text: str, written: str, other: str) -> Iterator[str]:
    """The text with the one in place of the other, at each place where it stands."""
    at = text.find(written)
    while at != -1:
        yield text[:at] + other + text[at + len(written) :]
        at = text.find(written, at + 1)
