"""The catalog of the practice library, as the RSS of a Koha search would give it. Our own data."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

# classics, all in the public domain: title, subtitle, author as a catalog inverts it, ISBN-13 or none
BOOKS = (
    ("The secret garden /", "Burnett, Frances Hodgson, 1849-1924.", "9780141321066"),
    ("Anne of Green Gables /", "Montgomery, L. M. (Lucy Maud), 1874-1942.", "9780141321592"),
    ("Treasure Island /", "Stevenson, Robert Louis, 1850-1894.", "9780141321004"),
    ("The wind in the willows /", "Grahame, Kenneth, 1859-1932.", "9780141321134"),
    ("Little women /", "Alcott, Louisa May, 1832-1888.", "9780141321080"),
    ("Black Beauty : the autobiography of a horse /", "Sewell, Anna, 1820-1878.", "9780141321035"),
    ("The call of the wild /", "London, Jack, 1876-1916.", "9780141321059"),
    ("A little princess /", "Burnett, Frances Hodgson, 1849-1924.", "9780141321127"),
)


def catalog_feed(now: datetime) -> str:
    items = "".join(_item(number, *book) for number, book in enumerate(BOOKS, 101))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        "<title>Practice catalog: new books</title><link>https://catalog.example.org/cgi-bin/koha/opac-search.pl?idx=kw</link>"
        f"<description>Search results</description>{items}</channel></rss>\n"
    )


def _item(number: int, title: str, author: str, isbn: str) -> str:
    link = f"https://catalog.example.org/cgi-bin/koha/opac-detail.pl?biblionumber={number}"
    return (
        f"<item><title>{escape(title)}</title><dc:identifier>ISBN:{isbn}</dc:identifier><link>{link}</link>"
        f"<description>{escape(f'<p>By {author}</p>')}</description><guid>{link}</guid></item>"
    )
