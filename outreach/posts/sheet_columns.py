"""Which column of a table is which, by the names that people give them in English and Spanish. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outreach.posts.sheet_dates import plain

ABOVE = 20  # rows in which the header is looked for
# field -> its names, in English and in Spanish; the first of each stands in what we export
NAMES: Mapping[str, tuple[str, str]] = {
    "date": ("Date|Day|When|Publish date|Post date|Goes out", "Fecha|Día|Cuándo|Fecha de publicación"),
    "time": ("Time|Hour|Clock|Publish time|Post time", "Hora|Hora de publicación"),
    "kind": ("Kind|Type|Kind of post|Post type|Category", "Tipo|Clase|Tipo de publicación|Categoría"),
    "words": (
        "Words|Text|Post|Message|Caption|Copy|Content|Question|Trivia question|Question text|Body",
        "Texto|Palabras|Mensaje|Contenido|Publicación|Pregunta|Pregunta de trivia",
    ),
    "link": ("Link|URL|Web address|Website|Address|Web page", "Enlace|Vínculo|Página|Página web|Sitio web|Liga"),
    "places": (
        "Places|Place|Where|Accounts|Account|Networks|Network|Social network|Platforms|Platform|Post to|Channels",
        "Lugares|Lugar|Dónde|Cuentas|Cuenta|Redes|Red|Redes sociales|Plataformas|Plataforma",
    ),
    "picture": ("Picture|Pictures|Image|Images|Photo|File|Image file", "Imagen|Imágenes|Foto|Archivo"),
    "alt": (
        "Picture description|Description|Description of the picture|Alt text|Alt|Image description|Picture alt"
        "|Image alt text",
        "Descripción de la imagen|Texto alternativo|Descripción de la foto",
    ),
    "choices": ("Choices|Options|Possible answers|Answers", "Opciones|Respuestas|Respuestas posibles|Alternativas"),
    "a": ("Choice A|A|Option A|Answer A|Choice 1|Option 1|Answer 1|1", "Opción A|Respuesta A|Opción 1|Respuesta 1"),
    "b": ("Choice B|B|Option B|Answer B|Choice 2|Option 2|Answer 2|2", "Opción B|Respuesta B|Opción 2|Respuesta 2"),
    "c": ("Choice C|C|Option C|Answer C|Choice 3|Option 3|Answer 3|3", "Opción C|Respuesta C|Opción 3|Respuesta 3"),
    "d": ("Choice D|D|Option D|Answer D|Choice 4|Option 4|Answer 4|4", "Opción D|Respuesta D|Opción 4|Respuesta 4"),
    "right": (
        "Right answer|Right|Answer|Correct answer|Correct|Right choice|Correct choice|Solution|Key",
        "Respuesta correcta|Correcta|Respuesta|Opción correcta|Solución",
    ),
    "explanation": ("Explanation|Explain|Because|Why|Note", "Explicación|Por qué|Porque|Nota"),
    "hint": ("Hint|Clue", "Pista|Ayuda"),
    "how": ("How to answer|How", "Cómo responder|Cómo contestar|Cómo"),
    "hashtags": ("Hashtags|Hashtag|Tags", "Etiquetas|Etiqueta"),
    "visibility": ("Visibility|Who sees it", "Visibilidad|Quién lo ve"),
    "warning": ("Content warning|Warning", "Aviso de contenido|Aviso|Advertencia"),
    "language": ("Language", "Idioma|Lengua"),
    "second": ("Second language", "Segundo idioma"),
    "event": ("Event|Event name|Name of the event", "Evento|Nombre del evento"),
    "event_day": ("Event day|Day of the event|Event date|Date of the event", "Día del evento|Fecha del evento"),
    "event_time": ("Event time|Time of the event|Begins at", "Hora del evento|Empieza a las"),
    "event_place": ("Event place|Place of the event", "Lugar del evento"),
}
OWN_WORDS = ("Words for", "Texto para")  # and the name of a place
_KNOWN = {plain(name): field for field, both in NAMES.items() for names in both for name in names.split("|")}
_OWN = re.compile("(?:" + "|".join(plain(word) for word in OWN_WORDS) + r")\s+(.+)")
_MARKS = re.compile(r"[^\w\s]+|_+")


@dataclass(frozen=True)
class Columns:
    """Of a table: where its rows begin, and what stands where."""

    first: int  # the index of its first row below the header
    fields: Mapping[str, int]
    own_words: Mapping[str, int]  # a place, as it is written -> its column
    more: Mapping[str, int]  # other headers, plain


def name_of(field: str, language: str) -> str:
    """Its header in what we write."""
    english, spanish = NAMES[field]
    return (spanish if language.startswith("es") else english).partition("|")[0]


def own_words_of(place: str, language: str) -> str:
    return f"{OWN_WORDS[language.startswith('es')]} {place}"


def header(cell: str) -> str:
    """`Alt-text:` and `alt text` are one."""
    return " ".join(_MARKS.sub(" ", plain(cell[:100])).split())


def columns_of(rows: Sequence[Sequence[str]], needed: str = "words") -> Columns | None:
    """By the row with most names that we know, among the first ones; None where no column is called as `needed`."""
    best: Columns | None = None
    for at, cells in enumerate(rows[:ABOVE]):
        found = _columns(at + 1, cells)
        if needed in found.fields and (best is None or len(found.fields) > len(best.fields)):
            best = found
    return best


def _columns(first: int, cells: Sequence[str]) -> Columns:
    fields: dict[str, int] = {}
    own: dict[str, int] = {}
    more: dict[str, int] = {}
    for column, cell in enumerate(cells):
        name = header(cell)
        if field := _KNOWN.get(name):
            fields.setdefault(field, column)
        elif place := _OWN.fullmatch(plain(cell)):
            own[place[1]] = column
        elif name:
            more.setdefault(name, column)
    return Columns(first, fields, own, more)


def cell(row: Sequence[str], columns: Columns, field: str) -> str:
    """What a row says of a field; an apostrophe that kept a spreadsheet from calculating it is none of it."""
    return _at(row, columns.fields.get(field))


def _at(row: Sequence[str], column: int | None) -> str:
    return bare(row[column]) if column is not None and column < len(row) else ""


def others(row: Sequence[str], some: Mapping[str, int]) -> dict[str, str]:
    return {name: told for name, column in some.items() if (told := _at(row, column))}


_CALCULATED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # OWASP's list for CSV injection


_INSIDE = re.compile(r"([;\n])(?=[ ']*[=+\-@\t\r＝＋－＠])")  # where semicolons part the cells, or lines the rows
_OUTSIDE = re.compile(r"([;\n])'(?=[ ']*[=+\-@\t\r＝＋－＠])")


def neutral(text: str) -> str:
    """With an apostrophe before it, if a spreadsheet would calculate it; `bare` takes it off again.

    >>> neutral("=1+1"), neutral("Open;=1+1")
    ("'=1+1", "Open;'=1+1")
    """
    text = _INSIDE.sub(r"\1'", text)
    return f"'{text}" if text.lstrip(" '").startswith(_CALCULATED) else text


def bare(text: str) -> str:
    text = _OUTSIDE.sub(r"\1", text.strip())
    return text[1:].strip() if text.startswith("'") and text.lstrip(" '").startswith(_CALCULATED) else text
