"""Colours as they are seen on a screen."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

from PIL import Image

Color = tuple[int, int, int]


def ground_and_ink(png: bytes) -> tuple[Color, Color]:
    """The colour that most of a picture has, and the one in it that stands out most against that."""
    counted = Counter(Image.open(BytesIO(png)).convert("RGB").get_flattened_data())
    ground = counted.most_common(1)[0][0]
    return ground, max(counted, key=lambda color: contrast(color, ground))


def keep_small(png: bytes, file: Path) -> int:
    """Keeps a picture with no more colours than a screen of text has, and says how many bytes it has."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(png)).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)
    return file.stat().st_size


def contrast(one: Color, other: Color) -> float:
    """How well two colours are told apart, from 1 to 21, as the Web Content Accessibility Guidelines measure it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: Color) -> float:
    """How bright a colour is to the eye, from 0 to 1."""
    red, green, blue = (linear(channel / 255) for channel in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(channel: float) -> float:
    """An sRGB channel as an amount of light."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
