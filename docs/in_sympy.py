"""The formulas of previews.md as SymPy expressions: one row of a formula, one expression.

Names are spelled as SymPy draws names: subscript characters where Unicode has them, `_` and braces where it has none.
What SymPy has no form for is written with the nearest that it has, as the page says under each formula.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import (
    Derivative,
    Function,
    Ge,
    KroneckerDelta,
    Le,
    MatAdd,
    Matrix,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
)

from sympy_forms import Expression, call, elementwise, equal, matrix, minus, name, over, plus, root, times, vector


def gan() -> list[Expression]:
    data = call("𝔼_{x∼p_data(x)}", log(call("D", "x")))
    noise = call("𝔼_{z∼p_z(z)}", log(plus(1, minus(call("D", call("G", "z"))))))
    return [equal(times(name("min_G"), name("max_D"), call("V", "D", "G")), plus(data, noise))]


def vae_likelihood() -> list[Expression]:
    left = log(call("p_θ", "x"))
    joint, prior, posterior = call("p_θ", "x", "z"), call("p_θ", "z|x"), call("qᵩ", "z|x")
    kl = call("D_KL", posterior, prior)

    def mean(inside: Expression) -> Expression:
        return call("𝔼_{qᵩ(z|x)}", log(inside, evaluate=False))

    return [
        equal(left, mean(call("p_θ", "x"))),
        equal(left, mean(over(joint, prior))),
        equal(left, mean(times(over(joint, posterior), over(posterior, prior)))),
        equal(left, plus(mean(over(joint, posterior)), kl)),
    ]


def vae_elbo() -> list[Expression]:
    inside = plus(log(call("p_θ", "𝐱", "𝐳")), minus(log(call("qᵩ", "𝐳|𝐱"))))
    return [equal(call("𝕃_{θ,ϕ}", "𝐱"), call("𝔼_{qᵩ(𝐳|𝐱)}", inside))]


def vae_reparameterization() -> list[Expression]:
    return [equal(name("z"), plus(name("μ"), times(name("ϵ"), name("σ"))))]


def ddpm_forward() -> list[Expression]:
    mean = times(root(plus(1, minus(name("βₜ")))), name("xₜ₋₁"))
    step = call("q", "xₜ|xₜ₋₁")
    return [
        equal(step, call("𝒩", "xₜ", mean, times(name("βₜ"), name("I")))),
        equal(call("q", "x_{1:T}|x₀"), Product(step, (name("t"), 1, name("T")))),
    ]


def ddpm_forward_reparameterized() -> list[Expression]:
    left, both = name("xₜ"), times(name("αₜ"), name("αₜ₋₁"))
    bar = name("ᾱₜ")

    def step(scale: Expression, x: str, noise: str) -> Expression:
        rest = root(plus(1, minus(scale)))
        return equal(left, plus(times(root(scale), name(x)), times(rest, name(noise))))

    return [
        step(name("αₜ"), "xₜ₋₁", "ϵₜ₋₁"),
        step(both, "xₜ₋₂", "ϵ̄ₜ₋₂"),
        equal(left, name("...")),
        step(bar, "x₀", "ϵ"),
        equal(name("αₜ"), plus(1, minus(name("βₜ")))),
        equal(bar, Product(name("αₜ"), (name("t"), 1, name("T")))),
    ]


def ddpm_reverse() -> list[Expression]:
    step = call("p_θ", "𝐱ₜ₋₁|𝐱ₜ")
    mean, covariance = call("𝛍_θ", "𝐱ₜ", "t"), call("𝚺_θ", "𝐱ₜ", "t")
    chain = times(call("p", "𝐱_T"), Product(step, (name("t"), 1, name("T"))))
    return [equal(call("p_θ", "𝐱_{0:T}"), chain), equal(step, call("𝒩", "𝐱ₜ₋₁", mean, covariance))]


def ddpm_vlb() -> list[Expression]:
    left = minus(log(call("p_θ", "𝐱₀")))
    forward, joint = call("q", "𝐱_{1:T}|𝐱₀"), call("p_θ", "𝐱_{0:T}")
    kl = call("D_KL", forward, call("p_θ", "𝐱_{1:T}|𝐱₀"))
    ratio = log(over(forward, joint), evaluate=False)
    nested = log(over(forward, over(joint, call("p_θ", "𝐱₀"))), evaluate=False)
    bound = call("𝔼_{q(𝐱_{0:T})}", ratio)
    return [
        Le(left, plus(left, kl), evaluate=False),
        equal(left, plus(left, call("𝔼_{𝐱_{1:T}∼q(𝐱_{1:T}|𝐱₀)}", nested))),
        equal(left, plus(left, call("𝔼_q", plus(ratio, log(call("p_θ", "𝐱₀")))))),
        equal(left, call("𝔼_q", ratio)),
        equal(name("L_VLB"), bound),
        Ge(bound, minus(call("𝔼_{q(𝐱₀)}", log(call("p_θ", "𝐱₀")))), evaluate=False),
    ]


def ddpm_vlb_kl() -> list[Expression]:
    left, steps = name("L_VLB"), (name("t"), 1, name("T"))
    ratio = over(call("q", "𝐱_{1:T}|𝐱₀"), call("p_θ", "𝐱_{0:T}"))
    bottom = times(call("p_θ", "𝐱_T"), Product(call("p_θ", "𝐱ₜ₋₁|𝐱ₜ"), steps))
    products = over(Product(call("q", "𝐱ₜ|𝐱ₜ₋₁"), steps), bottom)
    return [
        equal(left, call("𝔼_{q(𝐱_{0:T})}", log(ratio, evaluate=False))),
        equal(left, call("𝔼_q", log(products, evaluate=False))),
        equal(left, call("𝔼_q", bound_terms("p_θ"))),
    ]


def bound_terms(prior: str) -> Expression:
    """The terms of the bound that stand over underbraces, which SymPy has not."""
    first = call("D_KL", call("q", "𝐱_T|𝐱₀"), call(prior, "𝐱_T"))
    step = call("D_KL", call("q", "𝐱ₜ₋₁|𝐱ₜ,𝐱₀"), call("p_θ", "𝐱ₜ₋₁|𝐱ₜ"))
    return plus(first, Sum(step, (name("t"), 2, name("T"))), minus(log(call("p_θ", "𝐱₀|𝐱₁"))))


def ddpm_vlb_terms() -> list[Expression]:
    terms = plus(name("L_T"), name("L_{T-1}"), name("…"), name("L₀"))
    step = call("D_KL", call("q", "𝐱ₜ|𝐱ₜ₊₁,𝐱₀"), call("p_θ", "𝐱ₜ|𝐱ₜ₊₁"))
    return [
        equal(name("L_VLB"), terms),
        equal(name("L_T"), call("D_KL", call("q", "𝐱_T|𝐱₀"), call("p_θ", "𝐱_T"))),
        equal(name("Lₜ"), step),
        equal(name("L₀"), minus(log(call("p_θ", "𝐱₀|𝐱₁")))),
    ]


def attention() -> list[Expression]:
    scores = over(times(name("Q"), name("Kᵀ")), root(name("dₖ")))
    return [equal(call("Attention", "Q", "K", "V"), times(call("softmax", scores), name("V")))]


def lstm() -> list[Expression]:
    def gate(left: str, function: str, index: str) -> Expression:
        inside = plus(
            times(matrix(f"W{index}"), matrix("xₜ")), times(matrix(f"U{index}"), matrix("hₜ₋₁")), matrix(f"b{index}")
        )
        return equal(matrix(left), call(function, inside))

    return [
        gate("fₜ", "σ", "_f"),
        gate("iₜ", "σ", "ᵢ"),
        gate("oₜ", "σ", "ₒ"),
        gate("c̃ₜ", "tanh", "_c"),
        equal(vector("cₜ"), MatAdd(elementwise("fₜ", "cₜ₋₁"), elementwise("iₜ", "c̃ₜ"))),
        equal(vector("hₜ"), elementwise("oₜ", "tanh(cₜ)")),
    ]


def kalman() -> list[Expression]:
    gain, seen, before = matrix("𝐊ₖ"), matrix("𝐇ₖ"), matrix("𝐏_{k|k-1}")
    state = matrix("𝐱̂_{k|k-1}")
    innovation = plus(times(seen, before, matrix("𝐇ₖᵀ")), matrix("𝐑ₖ"))
    update = times(gain, plus(matrix("𝐳ₖ"), minus(times(seen, state))))
    return [
        equal(gain, times(before, matrix("𝐇ₖᵀ"), Pow(innovation, -1))),
        equal(matrix("𝐱̂_{k|k}"), plus(state, update)),
        equal(matrix("𝐏_{k|k}"), times(plus(matrix("𝐈"), minus(times(gain, seen))), before)),
    ]


def gp_posterior() -> list[Expression]:
    def covariance(left: str, right: str) -> Expression:
        return Function("K", commutative=False)(Symbol(left), Symbol(right))

    noisy = Pow(plus(covariance("X", "X"), times(name("σₙ") ** 2, matrix("I"))), -1)
    mean = times(covariance("X_*", "X"), noisy, matrix("𝐲"))
    explained = times(covariance("X_*", "X"), noisy, covariance("X", "X_*"))
    return [call("𝒩", mean, plus(covariance("X_*", "X_*"), minus(explained)))]


def ppo() -> list[Expression]:
    ratio, advantage, small = call("rₜ", "θ"), name("Âₜ"), name("ϵ")
    clipped = call("clip", ratio, plus(1, minus(small)), plus(1, small))
    inside = call("min", times(ratio, advantage), times(clipped, advantage))
    return [equal(call("L_CLIP", "θ"), call("𝔼̂ₜ", inside))]


def ddpm_posterior_mean() -> list[Expression]:
    left = plus(1, minus(name("ᾱₜ")))
    first = over(times(root(name("ᾱₜ₋₁")), name("βₜ")), left)
    second = over(times(root(name("αₜ")), plus(1, minus(name("ᾱₜ₋₁")))), left)
    return [equal(call("𝛍̃ₜ", "𝐱ₜ", "𝐱₀"), plus(times(first, name("𝐱₀")), times(second, name("𝐱ₜ"))))]


def vlb_underbraces() -> list[Expression]:
    return [equal(name("L"), call("𝔼_q", bound_terms("p")))]


def softmax_jacobian() -> list[Expression]:
    left = Derivative(call("softmaxᵢ", "z₁", "…", "zⱼ"), name("zⱼ"))
    delta = KroneckerDelta(name("i"), name("j"))
    return [equal(left, times(call("softmaxᵢ", "𝐳"), plus(delta, minus(call("softmaxⱼ", "𝐳")))))]


def bellman_optimality() -> list[Expression]:
    gain = plus(name("r"), times(name("γ"), call("v_*", "s′")))
    summand = times(call("p", "s′", "r|s", "a"), gain)
    total = Sum(summand, (name("s′"), 1, name("n")), (name("r"), 1, name("m")))
    return [equal(call("v_*", "s"), times(name("maxₐ"), total))]


def sinkhorn() -> list[Expression]:
    def at(vector: str, step: str) -> Expression:
        return Pow(name(vector), name(step))

    return [
        equal(at("𝐮", "(ℓ+1)"), over(name("𝐚"), times(name("𝐊"), at("𝐯", "(ℓ)")))),
        equal(at("𝐯", "(ℓ+1)"), over(name("𝐛"), times(name("𝐊ᵀ"), at("𝐮", "(ℓ+1)")))),
    ]


def kl_gaussian() -> list[Expression]:
    difference, inverse = plus(matrix("μ₁"), minus(matrix("μ₀"))), Pow(matrix("Σ₁"), -1)
    quadratic = times(Pow(difference, name("T")), inverse, difference)
    determinants = log(over(call("det", "Σ₁"), call("det", "Σ₀")), evaluate=False)
    inside = plus(call("tr", times(inverse, matrix("Σ₀"))), quadratic, minus(name("k")), determinants)
    return [equal(call("D_KL", "𝒩₀", "𝒩₁"), times(Rational(1, 2), inside))]


def batch_norm() -> list[Expression]:
    deviation = root(plus(name("σ_ℬ") ** 2, name("ϵ")))
    return [
        equal(name("x̂ᵢ"), over(plus(name("xᵢ"), minus(name("μ_ℬ"))), deviation)),
        equal(name("yᵢ"), plus(times(name("γ"), name("x̂ᵢ")), name("β"))),
    ]


def nt_xent() -> list[Expression]:
    def likeness(other: str) -> Expression:
        return call("exp", over(call("sim", "𝐳ᵢ", other), name("τ")))

    others = Sum(times(name("𝟙_[k≠i]"), likeness("𝐳ₖ")), (name("k"), 1, times(2, name("N"))))
    return [equal(name("ℓ_{i,j}"), minus(log(over(likeness("𝐳ⱼ"), others), evaluate=False)))]


def hessian() -> list[Expression]:
    f, across, down, slanted = name("f"), name("⋯"), name("⋮"), name("⋱")

    def second(one: str, other: str) -> Expression:
        return Derivative(f, name(other), name(one), evaluate=False)

    def row(one: str) -> list[Expression]:
        return [second(one, "x₁"), second(one, "x₂"), across, second(one, "xₙ")]

    return [equal(name("𝐇_f"), Matrix([row("x₁"), row("x₂"), [down, down, slanted, down], row("xₙ")]))]


def elu_cases() -> list[Expression]:
    x = name("x")
    below = times(name("α"), plus(exp(x), -1))
    return [equal(call("ELU", "x"), Piecewise((x, x > 0), (below, True)))]


# By the title of the formula on the page.
EXPRESSIONS: dict[str, Callable[[], list[Expression]]] = {
    "GAN": gan,
    "VAE: log-likelihood and posterior": vae_likelihood,
    "VAE: evidence lower bound": vae_elbo,
    "VAE: reparameterization trick": vae_reparameterization,
    "DDPM: forward process": ddpm_forward,
    "DDPM: forward process, reparameterized": ddpm_forward_reparameterized,
    "DDPM: reverse process": ddpm_reverse,
    "DDPM: variational lower bound": ddpm_vlb,
    "DDPM: the bound as several KL terms": ddpm_vlb_kl,
    "DDPM: the terms of the bound": ddpm_vlb_terms,
    "Scaled dot-product attention": attention,
    "LSTM cell with a forget gate": lstm,
    "Update of the Kalman filter": kalman,
    "Posterior of a Gaussian process": gp_posterior,
    "PPO: the clipped objective": ppo,
    "DDPM: mean of the posterior": ddpm_posterior_mean,
    "DDPM: the decomposed bound with underbraces": vlb_underbraces,
    "Jacobian of the softmax": softmax_jacobian,
    "Bellman optimality equation": bellman_optimality,
    "Sinkhorn's iterations": sinkhorn,
    "KL divergence between two Gaussians": kl_gaussian,
    "Batch normalization": batch_norm,
    "NT-Xent loss": nt_xent,
    "Hessian matrix": hessian,
    "Cases: the exponential linear unit": elu_cases,
}
