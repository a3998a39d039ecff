"""The colours of a card: paper, ink, and shades of the library's accent that text can be read on."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

Colour = tuple[int, int, int]

PAPER: Colour = (0xFA, 0xF8, 0xF4)
INK: Colour = (0x1F, 0x23, 0x28)
ENOUGH = 4.5  # contrast of text to its ground: WCAG 2.2, success criterion 1.4.3
_DEFAULT: Colour = (0x1F, 0x6F, 0x54)
_LOUDEST = 0.66  # saturation: screens have colours that no printer's ink has


@dataclass(frozen=True)
class Palette:
    accent: Colour  # text of `on_accent` can be read on it
    on_accent: Colour
    deep: Colour  # a dark shade; paper-coloured text can be read on it
    middle: Colour
    soft: Colour  # a light tint; ink can be read on it
    paper: Colour = PAPER
    ink: Colour = INK


def parse(colour: str) -> Colour:
    """ "#1f6f54" or "#1f6"; anything else is our own green, for a card without a colour is worse than a wrong one."""
    digits = colour.strip().lstrip("#")
    if re.fullmatch(r"[0-9a-fA-F]{3}", digits):
        digits = "".join(2 * digit for digit in digits)
    if not re.fullmatch(r"[0-9a-fA-F]{6}", digits):
        return _DEFAULT
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def palette(colour: str) -> Palette:
    """Shades are mixtures with paper and ink, so that they look printed on one sheet with them."""
    accent = _printable(parse(colour))
    on_accent = INK if contrast(accent, INK) > 1.4 * contrast(accent, PAPER) else PAPER
    accent = readable(accent, on_accent)
    return Palette(
        accent=accent,
        on_accent=on_accent,
        deep=readable(mixed(accent, INK, 0.58 if on_accent == PAPER else 0.86), PAPER),  # a dark yellow would be olive
        middle=mixed(accent, PAPER, 0.5),
        soft=mixed(accent, PAPER, 0.84),
    )


def contrast(one: Colour, other: Colour) -> float:
    """1 to 21, as WCAG 2.2 counts it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of `other`, the rest of `one`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def readable(colour: Colour, against: Colour, least: float = ENOUGH) -> Colour:
    """`colour`, or the nearest darker or lighter shade of it that has enough contrast to `against`."""
    target: Colour = (0, 0, 0) if _luminance(against) > 0.18 else (255, 255, 255)
    shades = (mixed(colour, target, step / 40) for step in range(41))
    return next((shade for shade in shades if contrast(shade, against) >= least), target)


def _printable(colour: Colour) -> Colour:
    """Less loud if it is a screen's neon, never as light as the paper nor so dark that it has no darker shade."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    calm = colorsys.hls_to_rgb(hue, min(max(lightness, 0.2), 0.86), min(saturation, _LOUDEST))
    red, green, blue = (round(255 * part) for part in calm)
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
