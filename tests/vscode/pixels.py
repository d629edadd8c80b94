"""Colours as they are seen on a screen."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

from PIL import Image

Color = tuple[int, int, int]


def ground_and_ink(png: bytes) -> tuple[Color, Color]:
    """The colour that most of a picture has, and the one in it that stands out most against that."""
    counted = Counter(Image.open(BytesIO(png)).convert("RGB").get_flattened_data())
    ground = counted.most_common(1)[0][0]
    return ground, max(counted, key=lambda color: contrast(color, ground))


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
