"""A file of MARC records as school libraries have them, of any length; the same each time.

Fields and their number are those of a cataloged children's book; every third record is a short one of a vendor, every
fifth is a sound recording, every seventh has MARC-8 letters.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.koha import ADJECTIVES, NOUNS, SURNAMES, isbn10, isbn13

GRADES = ("Ages 8-12.", "Grades 4-6.", "12+.", "Young adult.", "K-3.")
SUBJECTS = ("Friendship", "Libraries", "Voyages and travels", "Brothers and sisters", "Space flight", "Gardens")


def marc(count: int) -> bytes:
    return b"".join(record(n) for n in range(count))


def record(n: int) -> bytes:
    letters = "marc-8" if n % 7 == 6 else "utf-8"
    fields = [(tag, _encoded(content, letters)) for tag, content in (_short(n) if n % 3 == 2 else _full(n))]
    directory, data = b"", b""
    for tag, content in fields:
        directory += b"%s%04d%05d" % (tag.encode(), len(content), len(data))
        data += content
    base = 24 + len(directory) + 1
    kind, coding = ("i" if n % 5 == 4 else "a"), (" " if letters == "marc-8" else "a")
    leader = f"{base + len(data) + 1:05}n{kind}m {coding}22{base:05} i 4500"
    return leader.encode() + directory + b"\x1e" + data + b"\x1d"


def _encoded(content: str, letters: str) -> bytes:
    """Of ANSEL, MARC-8's Latin letters, an acute accent (E2) and a hacek (E9) stand before their letter."""
    content = content.replace("$", "\x1f") + "\x1e"
    if letters == "utf-8":
        return content.encode()
    marks = {"á": b"\xe2a", "ä": b"\xe8a", "é": b"\xe2e"}
    return b"".join(marks.get(letter) or letter.encode("ascii") for letter in content)


def _short(n: int) -> Iterator[tuple[str, str]]:
    """What comes with an order: no more than a spine label needs."""
    yield "001", f"v{n:08}"
    yield "008", _fixed(n)
    yield "020", f"  $a{isbn13(n)}"
    yield "100", f"1 $a{SURNAMES[n // 3 % 10]}, {'ABCDEFGH'[n % 8]}."
    yield "245", f"14$a{_title(n)} /$cby {SURNAMES[n // 3 % 10]}."
    yield "852", f"  $hF {SURNAMES[n // 3 % 10][:3].upper()}$p3123400{n:07}"


def _full(n: int) -> Iterator[tuple[str, str]]:
    surname, other = SURNAMES[n // 3 % 10], SURNAMES[n // 5 % 10]
    yield "001", f"ocn{n:09}"
    yield "003", "OCoLC"
    yield "005", "20261110093012.0"
    yield "008", _fixed(n)
    yield "010", f"  $a  20260{n:05}"
    yield "020", f"  $a{isbn13(n)}$q(hardcover) :$c$18.99"
    yield "020", f"  $a{isbn10(n)}$q(paperback)"
    yield "020", f"  $z{isbn13(n + 500_000)}$q(e-book)"
    yield "035", f"  $a(OCoLC){n:09}"
    yield "040", "  $aDLC$beng$erda$cDLC$dOCLCF$dYDX"
    yield "050", f"00$aPZ7.1.{surname[:3]}$b{n % 900} 2026"
    yield "082", f"00$a[{'Fic' if n % 2 else 'E'}]$223"
    yield "100", f"1 $a{surname}, {'ABCDEFGH'[n % 8]}.,$d{1940 + n % 50}-$eauthor."
    yield "245", f"14$a{_title(n)} :$ba novel of the {NOUNS[n // 7 % 11]} /$c{surname} ; illustrated by {other}."
    yield "250", "  $aFirst edition."
    yield "264", f" 1$aNew York :$bPenguin & Sons,$c{1990 + n % 37}."
    yield "300", f"  $a{24 + n % 600} pages :$billustrations ;$c22 cm"
    yield "336", "  $aspoken word$bspw$2rdacontent" if n % 5 == 4 else "  $atext$btxt$2rdacontent"
    yield "337", "  $aunmediated$bn$2rdamedia"
    yield "338", "  $avolume$bnc$2rdacarrier"
    yield "490", f"1 $aThe {NOUNS[n // 9 % 11]} books ;$v{n % 9 + 1}"
    yield "520", f"  $aWhen the {NOUNS[n % 11]} is {ADJECTIVES[n % 11]}, {surname}'s daughter leaves the valley. " * 3
    yield "521", f"1 $a{GRADES[n % 5]}"
    for at in range(3):
        yield "650", f" 0$a{SUBJECTS[(n + at) % 6]}$vJuvenile fiction."
    yield "655", " 7$aNovels.$2lcgft"
    yield "700", f"1 $a{other}, {'HGFEDCBA'[n % 8]}.,$eillustrator."
    yield "830", f" 0$aThe {NOUNS[n // 9 % 11]} books ;$v{n % 9 + 1}."
    yield "852", f"  $aMaple$bMain$hFIC {surname[:3].upper()}$p3123400{n:07}$d20261120"


def _fixed(n: int) -> str:
    return f"261110s{1990 + n % 37}    nyua   {'abcdej '[n % 7]}      000 1 eng d".ljust(40)


def _title(n: int) -> str:
    return f"The {ADJECTIVES[n // 11 % 11]} {NOUNS[n % 11]} of number {n}"
