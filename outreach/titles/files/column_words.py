"""What the programs of school libraries call their columns, in English, Spanish, French and German."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from outreach.titles.text import tidy

FIELDS = (
    "title",
    "subtitle",
    "author",
    "isbn",
    "format",
    "audience",
    "call_number",
    "link",
    "record",
    "cover",
)

# Folded as `fold` does it; the surer name first. Numbers are MARC tags, as OPALS and Alexandria have them.
_WORDS: dict[str, str] = {
    "title": "title|titel|titre|titulo|book title|title name|item title|title proper|main title|full title|"
    "title of book|titles|245 a|245a|245|buchtitel|haupttitel|titre du livre|titre propre|titulo del libro|"
    "titulo propio|bezeichnung|name of book|book|book name|title author|title and author|title subtitle",
    "subtitle": "subtitle|sub title|remainder of title|other title information|untertitel|zusatz zum titel|"
    "sous titre|complement du titre|subtitulo|245 b|245b",
    "author": "author|autor|verfasser|auteur|authors|author name|main author|primary author|author s|first author|"
    "author last first|author illustrator|creator|writer|by|autoren|verfasserin|autorin|autor in|urheber|"
    "autora|autores|autor a|auteurs|auteur e|auteur principal|autor principal|100 a|100a|100",
    "isbn": "isbn|isbn 13|isbn13|ean isbn|isbn 10 or 13|isbn number|isbns|isbn s|isbn 10|isbn10|isbn issn|isbn nr|"
    "isbn nummer|numero isbn|no isbn|n isbn|020 a|020a|020|standard number|ean",
    "format": "material type|format|medium|item type|media type|type of material|resource type|medienart|"
    "materialart|medientyp|type de document|type de support|support|tipo de material|tipo de documento|formato|"
    "general material designation|gmd|bibliographic format|copy type|itemtype|type",
    "audience": "interest level|audience|target audience|age range|age group|interest grade level|grade level|grades|"
    "grade|ages|age|reading interest|altersstufe|zielgruppe|klassenstufe|alter|lesealter|public|public vise|"
    "public cible|niveau|tranche d age|age de lecture|publico|publico destinatario|"
    "nivel de interes|edad|grado|nivel|521 a",
    "call_number": "call number|call no|callnumber|call|shelf mark|shelfmark|signatur|standort signatur|cote|"
    "signatura|signatura topografica|cota|852 h|852h|spine label|classification|dewey",
    "link": "link|url|web address|web link|catalog link|opac link|permalink|record url|title link|lien|enlace|website|"
    "adresse|webadresse|856 u|856u",
    "record": "record number|record id|bib id|bib record|bib record number|biblionumber|bib number|title id|"
    "control number|title number|title control number|catalog id|datensatznummer|katalognummer|"
    "numero de notice|id notice|numero de registro|001|bibid|titleid|title record number",
    "cover": "cover|cover url|cover image|cover link|jacket|image|image url|thumbnail|umschlag|titelbild|couverture|"
    "image de couverture|portada|cubierta|imagen",
}
# Columns that we leave alone. They tell a header from a row of data, and are never taken for a title by their length.
_OTHERS = (
    "copies|copy|barcode|copy barcode|barcode number|pub year|publication year|year|date|date acquired|acquired|"
    "date added|added|reading level|reading program|lexile|publisher|publication date|pub date|copyright|price|cost|"
    "replacement price|status|circulation status|location|home location|sublocation|site|site name|library|series|"
    "series title|subject|subjects|lccn|issn|notes|note|summary|description|annotation|edition|language|pages|"
    "bibliographic level|total circulations|circs|circulations|last checkout|vendor|funding source|category|genre|"
    "collection|volume|volumes|number|no|quantity|qty|available|id|holdings|illustrator|place of publication|"
    "points|ar level|ar points|fountas and pinnell|condition|content|physical description|extent|tags|condition|"
    "exemplare|anzahl|exemplarnummer|verlag|jahr|erscheinungsjahr|erscheinungsdatum|preis|bestand|sprache|reihe|"
    "schlagwort|schlagworter|auflage|inhalt|zusammenfassung|zugangsdatum|zugangsnummer|mediennummer|strichcode|"
    "exemplaires|nombre d exemplaires|code barres|code a barres|editeur|annee|annee de publication|date de parution|"
    "prix|langue|collection serie|serie|resume|sujet|sujets|mots cles|date d acquisition|statut|emplacement|"
    "ejemplares|codigo de barras|editorial|ano|ano de publicacion|fecha|fecha de adquisicion|precio|idioma|resumen|"
    "materia|materias|estado|ubicacion|coleccion|numero de ejemplares|paginas|resena"
)
_RANK: dict[str, dict[str, int]] = {
    field: {word: rank for rank, word in enumerate(words.split("|"))} for field, words in _WORDS.items()
}
_KNOWN = {word for words in _RANK.values() for word in words} | set(_OTHERS.split("|"))
_NOT_OURS = set(_OTHERS.split("|")) - {word for words in _RANK.values() for word in words}
# "Book Title (245a)", "ISBN (if any)": the word is in it, and nothing that makes it another thing.
_INSIDE: dict[str, re.Pattern[str]] = {
    "isbn": re.compile(r"\bisbns?\b"),
    "title": re.compile(r"\b(?:title|titel|titre|titulo)\b"),
    "author": re.compile(r"\b(?:author|autor|auteur|verfasser)\b"),
    "call_number": re.compile(r"\bcall (?:number|no)\b"),
}
_SOMETHING_ELSE = re.compile(
    r"\b(?:series|serie|reihe|uniform|sort|count|number of|total|previous|original|parallel|added|dates?|dead|death|"
    r"code|id|level|type|status|second|invalid|cancell?ed|set|collection)\b"
)
_NO_LETTER = re.compile(r"[\W_]+")
_MOST = 60  # characters; a longer cell is no header


def fold(word: str) -> str:
    """A header without case, accents and punctuation: ``ISBN-13:`` and ``isbn 13`` are one."""
    plain = unicodedata.normalize("NFKD", tidy(word).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _NO_LETTER.sub(" ", plain).strip()


def field_of(header: str) -> tuple[str, int] | None:
    """The field a header names, and how sure that is: the lower, the surer."""
    word = fold(header[: 2 * _MOST])
    for field, ranks in _RANK.items():
        if word in ranks:
            return field, ranks[word]
    if len(word) > _MOST or word in _NOT_OURS or _SOMETHING_ELSE.search(word):
        return None
    return next(((field, 100) for field, inside in _INSIDE.items() if inside.search(word)), None)


def is_other(header: str) -> bool:
    """A column whose name we know, and want nothing of."""
    return fold(header[: 2 * _MOST]) in _NOT_OURS


def known_words(cells: Iterable[str]) -> int:
    """How many different names of columns are among the cells; none without a title or an ISBN."""
    words = {fold(cell): cell for cell in cells if 0 < len(cell) <= _MOST}
    named = {word: found[0] for word, cell in words.items() if (found := field_of(cell))}
    if not {"title", "isbn"} & set(named.values()):
        return 0
    return len(named) + len(words.keys() & (_KNOWN - named.keys()))
