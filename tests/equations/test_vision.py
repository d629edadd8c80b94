"""Cameras, rotations and light along rays: by geometry, step by step, and by simulation of what is described."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import partial

import numpy as np

from tests.equations.bindings import (
    Array,
    covariance,
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
from tests.equations.reference import exponential, sigmoid, slope


def axes(size: int) -> Array:
    """Orthogonal unit vectors as rows, which a right hand would show."""
    found = np.linalg.qr(matrix(size, size))[0]
    return np.asarray(found * [*[1.0] * (size - 1), np.sign(np.linalg.det(found))])


# Boxes, cameras, rotations


def test_a_box_is_an_anchor_moved_and_stretched() -> None:
    anchor, shift, stretch = positive(4), vector(2), vector(2)
    x, y, width, height = anchor
    holds(
        "box-regression",
        {
            **dict(zip(("x_{a}", "y_{a}", "w_{a}", "h_{a}"), anchor, strict=True)),
            **dict(zip(("t_{x}", "t_{y}", "t_{w}", "t_{h}"), (*shift, *stretch), strict=True)),
            "x": x + width * shift[0],
            "y": y + height * shift[1],
            "w": width * math.exp(stretch[0]),
            "h": height * math.exp(stretch[1]),
        },
    )


class Camera:
    """Stands at a place and looks along the third of its axes; its pixels may be slanted."""

    def __init__(self, place: Array, directions: Array) -> None:
        self.place, self.axes = place, directions
        self.focal, self.middle, self.skew = (900.0, 850.0), (320.0, 240.0), 3.0

    def seen(self, point: Array) -> Array:
        """Where the point is for the camera: to the right, down, ahead."""
        return np.array([axis @ (point - self.place) for axis in self.axes])

    def scaled(self, seen: Array) -> Array:
        """Column and row times the depth, and the depth."""
        right, down, depth = seen
        (fx, fy), (cx, cy) = self.focal, self.middle
        return np.array([fx * right + self.skew * down + cx * depth, fy * down + cy * depth, depth])

    def pixel(self, point: Array) -> Array:
        found = self.scaled(self.seen(point))
        return np.asarray(found / found[2])

    @property
    def intrinsics(self) -> Array:
        return np.column_stack([self.scaled(one) for one in np.eye(3)])


def test_pinhole_projection() -> None:
    camera = Camera(vector(3), axes(3))
    point = camera.place + camera.axes.T @ [0.3, -0.2, 1.7]
    u, v, _ = camera.pixel(point)
    holds(
        "cam-projection",
        {
            r"\lambda": 1.7,
            "u": u,
            "v": v,
            r"\mathbf{K}": camera.intrinsics,
            r"\mathbf{R}": camera.axes,
            r"\mathbf{t}": camera.seen(np.zeros(3)),
            r"\mathbf{X}": point,
            r"\mathbf{C}": camera.place,
            "f_{x}": 900.0,
            "f_{y}": 850.0,
            "c_{x}": 320.0,
            "c_{y}": 240.0,
            "s": 3.0,
        },
    )


def crossing(t: Array) -> Array:
    """The matrix that takes a vector to its cross product with t."""
    return np.column_stack([np.cross(t, one) for one in np.eye(3)])


def bilinear(pairs: list[tuple[Array, Array]], like: Array) -> Array:
    """The form that is zero of all pairs, found from them alone, with the length and sign of another."""
    found = np.linalg.svd([np.outer(second, first).ravel() for first, second in pairs])[2][-1].reshape(3, 3)
    return np.asarray(found * np.linalg.norm(like) / np.linalg.norm(found) * np.sign((found * like).sum()))


def test_epipolar_constraint() -> None:
    first, second = (
        Camera(np.zeros(3), np.eye(3)),
        Camera(np.array([0.7, -0.2, 0.1]), exponential(crossing(vector(3) / 5))),
    )
    second.focal, second.skew = (700.0, 720.0), -2.0
    scene = [np.array([0, 0, 4.0]) + vector(3) for _ in range(12)]
    t = second.seen(np.zeros(3))
    rotated = [np.array([axis @ one for axis in second.axes]) for one in np.eye(3)]
    essential = bilinear(
        [(first.seen(one), second.seen(one)) for one in scene], np.column_stack([np.cross(t, one) for one in rotated])
    )
    # A pixel is the calibration of what the camera sees: the form of pixels is that of directions by finite maps.
    rays = [np.linalg.solve(camera.intrinsics, np.eye(3)) for camera in (first, second)]
    like = np.einsum("ai,ab,bj->ij", rays[1], essential, rays[0])
    scale = np.diag([1e-3, 1e-3, 1.0])  # for a well-conditioned search
    fundamental = bilinear(
        [(scale @ first.pixel(one), scale @ second.pixel(one)) for one in scene],
        np.linalg.inv(scale) @ like @ np.linalg.inv(scale),
    )
    for one in scene:
        holds(
            "cam-epipolar",
            {
                r"\mathbf{x}": first.pixel(one),
                r"\mathbf{x}'": second.pixel(one),
                r"\mathbf{F}": scale @ fundamental @ scale,
                r"\mathbf{E}": essential,
                r"\mathbf{K}": first.intrinsics,
                r"\mathbf{K}'": second.intrinsics,
                r"\mathbf{R}": np.column_stack(rotated),
                r"[\mathbf{t}]_{\times}": crossing(t),
            },
        )


def test_rotation_about_an_axis() -> None:
    angle = number()
    k, u, w = axes(3)  # w is k × u: in their plane u goes to w
    turned = math.cos(angle) * (np.outer(u, u) + np.outer(w, w)) + math.sin(angle) * (np.outer(w, u) - np.outer(u, w))
    holds(
        "rot-rodrigues",
        {
            r"\mathbf{R}": np.outer(k, k) + turned,
            r"\theta": angle,
            r"\sin \theta": math.sin(angle),
            r"\exp": exponential,
            r"\mathbf{K}": crossing(k),
            r"\mathbf{I}": np.eye(3),
            r"\mathbf{k}": k,
            "k": k,
        },
    )


def plane_rotation(angle: float) -> Array:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def test_alignment_of_point_sets() -> None:
    angles = [*np.linspace(-3, 3, 20), *np.linspace(-0.03, 0.03, 7)]
    for mirror in (1.0, -1.0):
        x = matrix(6, 2)
        y = x @ plane_rotation(0.8) * [1.0, mirror] + [2.0, -1.0] + 0.1 * matrix(6, 2)
        from_x, from_y = x - x.mean(0), y - y.mean(0)
        # In the plane the best angle is known by sums of products as of complex numbers.
        turned = complex(np.conj(from_x @ [1, 1j]) @ (from_y @ [1, 1j]))
        best = math.atan2(turned.imag, turned.real)
        rotation = plane_rotation(best)
        shift = y.mean(0) - rotation @ x.mean(0)
        u, d, v = np.linalg.svd(from_y.T @ from_x / 6)
        assert mirror == np.sign(np.linalg.det(u @ v))
        holds(
            "rot-kabsch",
            {
                r"\mathbf{R}": rotation,
                r"\mathbf{t}": shift,
                r"\operatorname{SO}": lambda _, best=best: [plane_rotation(best + one) for one in angles],
                r"\mathbf{x}": x,
                r"\mathbf{y}": y,
                r"\bar{\mathbf{x}}": x.mean(0),
                r"\bar{\mathbf{y}}": y.mean(0),
                r"\mathbf{U}": u,
                r"\mathbf{D}": np.diag(d),
                r"\mathbf{V}": v.T,
                r"\mathbf{S}": np.diag([1.0, mirror]),
                r"\operatorname{diag}": lambda *entries: np.diag(entries),
                r"1, \ldots, 1": 1.0,
                "d": 2,
                "n": 6,
            },
            over=[
                points(r"\mathbf{t}", [shift + one for one in itertools.product((-0.2, -0.01, 0, 0.01, 0.2), repeat=2)])
            ],
        )


def test_optical_flow() -> None:
    x, y, t, u, v = vector(5)

    def brightness(x: float, y: float, t: float) -> float:
        """A pattern that is moved as a whole."""
        right, down = x - u * t, y - v * t
        return math.sin(2 * right) * math.exp(-down) + right * down

    slopes = slope(lambda place: brightness(*place), np.array([x, y, t]))
    holds(
        "flow2d-brightness",
        {
            "I": brightness,
            **dict(zip("xytuv", (x, y, t, u, v), strict=True)),
            r"\Delta t": 0.7,
            r"\frac{\partial I}{\partial x}": slopes[0],
            r"\frac{\partial I}{\partial y}": slopes[1],
            r"\frac{\partial I}{\partial t}": slopes[2],
        },
    )


# Light along rays


def test_volume_rendering_is_the_mean_colour_where_a_ray_stops() -> None:
    near, far, steps = 0.4, 2.9, 20_000
    origin, direction, weights = vector(3), vector(3), matrix(3, 3)

    def ray(t: float) -> Array:
        return np.asarray(origin + t * direction)

    def density(place: Array) -> float:
        return 0.4 + 0.3 * math.sin(place.sum())

    def colour(place: Array, direction: Array) -> Array:
        return np.asarray(np.tanh(weights @ (place + direction)))

    def walk(end: float) -> tuple[float, Array]:
        """How likely the ray gets to the end, and the colour that it brings until then, in small steps."""
        size, left, brought = (end - near) / steps, 1.0, np.zeros(3)
        for step in range(steps):
            place = ray(near + (step + 0.5) * size)
            stops = left * density(place) * size
            left, brought = left - stops, brought + stops * colour(place, direction)
        return left, brought

    arrives = {far: walk(far), 1.3: walk(1.3)}
    ends = np.linspace(near, far, 26)
    left = [1.0]
    for start in ends[:-1]:
        middle = [ray(start + (k + 0.5) * 0.001) for k in range(100)]
        left.append(left[-1] * math.prod(1 - density(one) * 0.001 for one in middle))
    curve = np.polynomial.Polynomial.fit(ends, left, 12)
    holds(
        "nerf-volume-rendering",
        {
            r"\mathbf{C}": lambda _: arrives[far][1],
            r"\mathbf{r}": ray,
            r"\mathbf{o}": origin,
            r"\mathbf{d}": direction,
            "t_{n}": near,
            "t_{f}": far,
            "t": 1.3,
            "T": lambda t: arrives[t][0] if t in arrives else curve(t),
            r"\sigma": density,
            r"\mathbf{c}": colour,
        },
        within=1e-3,
    )


def composited(opacities: list[float], colours: Array) -> Array:
    """What comes through: each layer keeps its share of the light that is left."""
    left, found = 1.0, np.zeros(3)
    for opacity, colour in zip(opacities, colours, strict=True):
        found, left = found + left * opacity * colour, left * (1 - opacity)
    return found


def test_quadrature_of_volume_rendering() -> None:
    ends, density, colours = np.cumsum(positive(5)), positive(4), matrix(4, 3)
    opacities = [1 - math.exp(-s * d) for s, d in zip(density, np.diff(ends), strict=True)]
    holds(
        "nerf-quadrature",
        {
            r"\hat{\mathbf{C}}": lambda _: composited(opacities, colours),
            r"\mathbf{r}": 0,
            "T": np.cumprod([1.0, *(1 - one for one in opacities[:-1])]),
            r"\sigma": density,
            r"\delta": np.diff(ends),
            r"\mathbf{c}": colours,
            "t": ends,
            "N": 4,
            "i": each(1, 2, 3, 4),
        },
    )


def test_positional_encoding_doubles_the_angle() -> None:
    p = number(-1, 1)
    waves = [(math.sin(math.pi * p), math.cos(math.pi * p))]
    for _ in range(3):
        s, c = waves[-1]
        waves.append((2 * s * c, c * c - s * s))
    middle = (*waves[1], *waves[2])
    holds(
        "nerf-positional-encoding",
        {r"\gamma": lambda _: (*waves[0], middle, *waves[3]), r"\ldots": middle, "p": p, "L": 4},
    )


def jacobian(function: Callable[[Array], Array], x: Array) -> Array:
    def component(x: Array, at: int) -> float:
        return float(function(x)[at])

    return np.array([slope(partial(component, at=at), x) for at in range(len(function(x)))])


def test_gaussian_of_splatting() -> None:
    directions, sizes, centre, view = axes(3), positive(3), np.array([0.2, -0.1, 3.0]), axes(3)
    x = centre + vector(3)
    place = view.T @ np.array([0.3, -0.4, 2.5])  # of the Gaussian, in front of the camera

    def projected(seen: Array) -> Array:
        return np.array([seen[0] / seen[2], seen[1] / seen[2], math.hypot(*seen)])

    spread = sum(size**2 * np.outer(axis, axis) for size, axis in zip(sizes, directions, strict=True))
    slopes = jacobian(lambda place: projected(np.array([axis @ place for axis in view])), place)
    moved = sum(size**2 * np.outer(slopes @ axis, slopes @ axis) for size, axis in zip(sizes, directions, strict=True))
    along = [axis @ (x - centre) / size for size, axis in zip(sizes, directions, strict=True)]
    holds(
        "gs-gaussian",
        {
            "G": lambda _: math.exp(-sum(one**2 for one in along) / 2),
            r"\mathbf{x}": x,
            r"\boldsymbol{\mu}": centre,
            r"\boldsymbol{\Sigma}": spread,
            r"\mathbf{R}": directions.T,
            r"\mathbf{S}": np.diag(sizes),
            r"\boldsymbol{\Sigma}'": moved,
            r"\mathbf{J}": jacobian(projected, view @ place),
            r"\mathbf{W}": view,
            r"\boldsymbol{\Sigma}'_{2\mathrm{D}}": np.asarray(moved)[:2, :2],
            r"\boldsymbol{\Sigma}'_{1:2, 1:2}": np.asarray(moved)[:2, :2],
        },
        within=1e-6,
    )


def test_blending_of_splats() -> None:
    opacities, colours, picture, seen = [0.3, 0.8, 0.1, 0.5], matrix(4, 3), vector(10), vector(10)
    error, unlike = float(abs(picture - seen).mean()), 0.37
    holds(
        "gs-blending",
        {
            r"\mathbf{C}": composited(opacities, colours),
            r"\mathbf{c}": colours,
            r"\alpha": opacities,
            "N": 4,
            r"\mathcal{L}": np.average([error, unlike], weights=[4, 1]),
            r"\mathcal{L}_{1}": error,
            r"\mathcal{L}_{\text{D-SSIM}}": unlike,
            r"\lambda": 0.2,
        },
    )


def test_opacity_is_that_of_a_density_along_the_ray() -> None:
    sharpness, direction = 3.0, np.array([0.6, 0.8])
    ends = np.array([-2.0, -1.1, -0.7, 0.0, 0.5, 1.2, 1.9])  # nearest at 0: the distance falls, then it rises

    def ray(t: float) -> Array:
        return np.asarray(np.array([0.4, -0.3]) + t * direction)

    def distance(place: Array) -> float:
        return math.hypot(*place) - 0.9

    def step(u: float) -> float:
        return float(sigmoid(np.array(sharpness * u)))

    def opacity(start: float, end: float) -> float:
        """One less the chance to get through, by a density that is the relative fall of the step."""
        times = np.linspace(start, end, 2001)
        logs = [math.log(step(distance(ray(t)))) for t in times]
        return 1 - math.exp(-sum(max(before - after, 0.0) for before, after in itertools.pairwise(logs)))

    opacities = [opacity(*pair) for pair in itertools.pairwise(ends)]
    assert 0 < sum(one == 0 for one in opacities) < 6
    holds(
        "sdf-neus",
        {
            r"\alpha": opacities,
            r"\Phi_{s}": step,
            "f": distance,
            r"\mathbf{r}": ray,
            "t": ends,
            "s": sharpness,
            "u": each(-0.5, 0.2, 1.0),
            "i": each(*range(1, 7)),
        },
    )


def test_eikonal_loss() -> None:
    curvature, surface, space, weight = covariance(3), matrix(4, 3), matrix(5, 3), 0.1

    def network(x: Array) -> float:
        return float(x @ curvature @ x / 2 - x[0])

    lengths = [math.hypot(*(curvature @ x - np.eye(3)[0])) for x in space]
    eikonal = sum((1 - one) * (1 - one) for one in lengths) / 5
    holds(
        "sdf-eikonal",
        {
            r"\mathcal{L}_{\mathrm{eik}}": lambda _: eikonal,
            r"\mathcal{L}": lambda _: np.mean([max(network(x), -network(x)) for x in surface]) + weight * eikonal,
            r"\theta": 0,
            r"f_{\theta}": network,
            r"\mathbf{x}_{i}": given("i", function=lambda i: surface[i - 1]),
            r"\mathbb{E}_{\mathbf{x}}": mean(r"\mathbf{x}", space),
            r"\mathbf{x}": space[0],
            r"\lambda": weight,
            "n": 4,
        },
    )


def test_chamfer_distance() -> None:
    one, other = matrix(4, 3), matrix(6, 3)

    def distance(first: list[Array], second: list[Array]) -> float:
        apart = ((np.array(first)[:, None] - np.array(second)[None]) ** 2).sum(-1)
        return float(apart.min(0).sum() + apart.min(1).sum())

    sets = {r"\mathcal{S}_{1}": list(one), r"\mathcal{S}_{2}": list(other)}
    holds("pc-chamfer", {r"d_{\mathrm{CD}}": distance, **sets})
