"""The fonts of title cards, and which of them sets which letters.

All come from PyPI, are under the SIL Open Font License 1.1 and are used as they are, 25 MB together:
`fontpkg-literata` (a book face for Latin, Greek, Cyrillic), `manimgx-fonts` (Noto Sans for twenty scripts, Noto Emoji
in one ink) and `noto-cjk-sans-jp-regular` (Chinese, Japanese, Korean in one file).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import regex
from PIL import ImageFont, features

from outreach.drawing.cmap import Coverage, coverage

Order = tuple[str, ...]  # names of faces; the first that has a character sets it


@dataclass(frozen=True)
class Face:
    package: str
    file: str
    axes: tuple[int, ...] = ()  # optical size and weight, or weight
    leading: float = 1.2  # from line to line, in sizes
    needs_shaping: bool = False  # a letter's place depends on its neighbours, so without Raqm it would be misspelt


def _literata(size: int, weight: int, style: str = "") -> Face:
    return Face("fontpkg_literata", f"files/Literata{style}[opsz,wght].ttf", (size, weight), 1.16)


def _noto(script: str, weight: int = 500, leading: float = 1.4, needs_shaping: bool = False) -> Face:
    return Face("manimgx_fonts", f"Noto{script}[wght].ttf", (weight,), leading, needs_shaping)


_SHAPED = (
    *("Bengali", "Devanagari", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya"),
    *("Sinhala", "Tamil", "Telugu", "Thai"),
)
_PICTURES = ("symbols", "emoji")
FACES: dict[str, Face] = {
    "display": _literata(60, 480),
    "text": _literata(24, 500),  # the same face cut for small sizes: its thin strokes hold
    "italic": _literata(30, 450, "-Italic"),
    "sans": _noto("Sans", 520, 1.25),
    **{name: _noto(f"Sans{name}") for name in ("Arabic", "Armenian", "Ethiopic", "Georgian", "Hebrew")},
    **{name: _noto(f"Sans{name}", 500, 1.5, needs_shaping=True) for name in _SHAPED},
    "cjk": Face("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf", (), 1.32),
    "symbols": _noto("SansSymbols"),
    "emoji": _noto("Emoji", 400),
}
_OTHERS: Order = tuple(name for name in FACES if name not in ("display", "text", "italic", "sans"))
DISPLAY: Order = ("display", "sans", *_OTHERS)
TEXT: Order = ("text", "sans", *_OTHERS)
ITALIC: Order = ("italic", "text", "sans", *_OTHERS)
SANS: Order = ("sans", *_OTHERS)

# What steers other characters and is not seen itself: joiners, choice of emoji or text, direction marks.
_UNSEEN = regex.compile(r"[\u200b-\u200f\u2060\ufe00-\ufe0f\U000e0020-\U000e007f]")


@dataclass(frozen=True)
class Run:
    """A stretch of one line in one face."""

    text: str
    face: str
    backwards: bool = False  # runs from right to left


def shapes() -> bool:
    """Whether Pillow shapes text: its wheels carry Raqm, but need the FriBiDi of the machine for it."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=256)
def font(name: str, size: float) -> ImageFont.FreeTypeFont:
    """One size of one face, in pixels. Not for two threads at once: FreeType's faces are not."""
    face = FACES[name]
    engine = ImageFont.Layout.RAQM if shapes() else ImageFont.Layout.BASIC
    found = ImageFont.truetype(_path(face), size, layout_engine=engine)
    if face.axes:
        found.set_variation_by_axes(list(face.axes))
    return found


def runs_of(text: str, order: Sequence[str]) -> tuple[Run, ...]:
    """`text` in stretches, each in the first face that has it; spaces and signs stay in the face before them."""
    runs: list[Run] = []
    for cluster in regex.findall(r"\X", text):
        before = runs[-1] if runs else None
        face = before.face if before and _stays(cluster, before.face) else _first(cluster, tuple(order))
        if face is None:
            continue
        cluster = cluster if shapes() else _UNSEEN.sub("", cluster)
        if before and before.face == face:
            runs[-1] = Run(before.text + cluster, face)
        else:
            runs.append(Run(cluster, face))
    return tuple(runs)


def settable(text: str) -> str:
    """`text` without what no font has; empty if that leaves no true title.

    Signs go alone, a letter takes its word with it; if more than a third of the letters go, nothing is left.
    """
    words = []
    for word in unicodedata.normalize("NFC", text).split():
        kept = "".join(cluster for cluster in regex.findall(r"\X", word) if _first(cluster, TEXT))
        if _letters(kept) == _letters(word):
            words.append(kept)
    result = " ".join(word for word in words if word)
    return result if 3 * _letters(result) >= 2 * _letters(text) else ""


def _letters(text: str) -> int:
    return sum(unicodedata.category(character)[0] in "LN" for character in unicodedata.normalize("NFC", text))


def _stays(cluster: str, face: str) -> bool:
    if cluster.isspace():
        return True
    is_sign = all(unicodedata.category(character)[0] not in "LM" for character in cluster)
    return is_sign and face not in _PICTURES and _has(face, cluster)


@lru_cache(maxsize=8192)
def _first(cluster: str, order: Order) -> str | None:
    if "\ufe0f" in cluster and _has("emoji", cluster):
        return "emoji"
    return next((name for name in order if _has(name, cluster)), None)


def _has(name: str, cluster: str) -> bool:
    if FACES[name].needs_shaping and not shapes():
        return False
    have = _coverage(name)
    seen = _UNSEEN.sub("", cluster)
    if all(ord(character) in have for character in seen):
        return True
    apart = unicodedata.normalize("NFD", seen)  # a shaper makes an accented letter of its parts
    return shapes() and all(ord(character) in have for character in apart)


@cache
def _coverage(name: str) -> Coverage:
    return coverage(_path(FACES[name]))


def _path(face: Face) -> Path:
    spec = find_spec(face.package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the fonts of the package {face.package} are not installed")
    return Path(spec.submodule_search_locations[0]) / face.file
