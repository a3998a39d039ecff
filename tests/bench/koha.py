"""A feed shaped like Koha's search (tests/data/feeds/koha-search.rss.xml), of any length; the same each time."""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "data" / "feeds" / "koha-search.rss.xml"
NOUNS = ("river", "garden", "winter", "lantern", "orchard", "harbor", "comet", "whistle", "compass", "island", "kettle")
ADJECTIVES = ("quiet", "crooked", "silver", "hidden", "borrowed", "paper", "hungry", "last", "little", "brave", "blue")
SURNAMES = ("Okafor", "Lindqvist", "Nguyen", "Alvarez", "Novák", "Haddad", "Brennan", "Kaneko", "Dubois", "Schäfer")
ITEM = """     <item>
       <title>
    The {adjective} {noun} of number {n} /


</title>
       <dc:identifier>ISBN:{isbn} (hardcover) | {other} (pbk.)</dc:identifier>
        <link>{record}</link>
       <description><![CDATA[
<img src="https://images-na.ssl-images-amazon.com/images/P/{isbn10}.01.TZZZZZZZ.jpg" alt="" />



\t   <p>By {surname}, {initial}.
\t   New York : Penguin &amp; Sons, {year}
                        . {pages} p. ;
                         {isbn} (hardcover)
       </p>

<p><a href="{reserve}">Place hold on <em>The {adjective} {noun} of number {n} /</em></a></p>

\t\t\t\t\t\t]]></description>
       <guid>{record}</guid>
     </item>
"""
DETAIL = "https://opac.hillside-school.example.org/cgi-bin/koha/opac-{}.pl?biblionumber={}"


def koha(count: int, first: int = 0) -> bytes:
    """Items `first` to `count`."""
    head = SAMPLE.read_text("utf-8").partition("<item>")[0]
    return (head + "".join(_item(n) for n in range(first, count)) + "</channel></rss>").encode()


def _item(n: int) -> str:
    number = 10_000 + n
    return ITEM.format(
        n=n, isbn=isbn13(2 * n), other=isbn13(2 * n + 1), isbn10=isbn10(n), record=DETAIL.format("detail", number),
        reserve=DETAIL.format("reserve", number), noun=NOUNS[n % 11], adjective=ADJECTIVES[n // 11 % 11],
        surname=SURNAMES[n // 3 % 10], initial="ABCDEFGH"[n % 8], year=1990 + n % 37, pages=24 + n % 600,
    )  # fmt: skip


def isbn13(n: int) -> str:
    """The n-th of a publisher that owns them all; digits at even places count three times."""
    digits = f"9780{n:08d}"
    weighed = sum(int(d) * weight for d, weight in zip(digits, islice(cycle((1, 3)), 12), strict=True))
    return digits + str(-weighed % 10)


def isbn10(n: int) -> str:
    digits = f"0{n:08d}"
    rest = -sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
    return digits + ("X" if rest == 10 else str(rest))
