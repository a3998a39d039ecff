"""What a thing is, when the title says so in brackets ("Wonder [electronic resource]").

AACR2 and its translations had a closed list of such words; only these are taken out of a title. Other brackets are
part of it: "[Untitled sketchbook]", "Diary of a wimpy kid. [3]".
"""

from __future__ import annotations

import re

_BRACKETS = re.compile(r"\[([^\[\]]{2,60})\]")

_WORDS: dict[str, str] = {
    "e-book/audio": "electronic resource|computer file|computer resource|internet resource|ebook|e-book|eaudiobook|"
    "ressource électronique|recurso electrónico|elektronische ressource|risorsa elettronica|recurso eletrônico|"
    "elektronisk resurs|elektronische bron",
    "audio recording": "sound recording|audiobook|audio book|talking book|spoken word|book on cd|cd audiobook|"
    "sound disc|playaway|enregistrement sonore|grabación sonora|tonträger|registrazione sonora",
    "video": "videorecording|video recording|video|dvd|blu-ray|motion picture|filmstrip|vidéo|enregistrement vidéo|"
    "images animées|videograbación|bildtonträger|videoregistrazione",
    "music": "music|notated music|printed music|music recording|musique imprimée|partition",
    "large print": "large print|large type|text (large print)|gros caractères|letra grande|grossdruck",
    "graphic novel": "graphic novel|graphic novels|comic|comic book|comics|manga|bande dessinée",
    "braille": "braille|text (braille)|tactile",
    "kit": "kit|book club kit|book kit|multimedia|multimédia",
    "game": "game|board game|video game|videogame|jeu|juego|spiel",
    "jigsaw puzzle": "jigsaw|jigsaw puzzle|puzzle",
    "toy": "toy|toys|puppet|model",
    "map": "map|atlas|cartographic material|document cartographique|karte",
    "picture": "picture|graphic|art original|art reproduction|art print|chart|poster|photograph|slide|flash card|"
    "flash cards|activity card|technical drawing|study print|transparency|image fixe|material gráfico",
    "object": "realia|object|equipment|diorama|microscope slide",
    "microform": "microform|microfilm|microfiche|microforme",
    "manuscript": "manuscript|manuscrit|texte manuscrit|manuscrito",
    "magazine": "periodical|magazine|serial|périodique",
    "book": "text|book|texte imprimé|texto impreso|testo a stampa|druckschrift",
}
_FORMATS = {word: name for name, words in _WORDS.items() for word in words.split("|")}
# "sound recording (CD)" is as good as "sound recording"; these say more than the word before them
_QUALIFIERS = ("large print", "braille", "jigsaw", "graphic novel")


def take_format(title: str) -> tuple[str, str | None]:
    """The title without a bracketed format, and the format; a title that is nothing else keeps it."""
    if "[" not in title:
        return title, None
    found: list[str] = []

    def drop(brackets: re.Match[str]) -> str:
        name = known_format(brackets[1])
        found.extend([name] if name else [])
        return " " if name else brackets[0]

    rest = " ".join(_BRACKETS.sub(drop, title).split())
    return (rest, found[0]) if found and any(c.isalnum() for c in rest) else (title, None)


def known_format(words: str) -> str | None:
    """The name we use for a general material designation, or None if it is not one."""
    words = words.casefold().strip(" .:;,/")
    if words in _FORMATS:
        return _FORMATS[words]
    word, paren, qualifier = words.partition("(")
    if not paren or (name := _FORMATS.get(word.strip())) is None:
        return None
    return next((_FORMATS[q] for q in _QUALIFIERS if q in qualifier), name)
