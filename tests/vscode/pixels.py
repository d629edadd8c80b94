"""Colours as they are seen on a screen."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.contrast import contrast

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
