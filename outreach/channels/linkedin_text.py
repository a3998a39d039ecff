"""LinkedIn's `little` text: what goes in comes out whole. Pure.

`commentary` of a post is a small language. A reserved letter that is not escaped ends the text there, and LinkedIn says
201 all the same; so every one of them is escaped, also in links (it reads the escapes before it looks for links). Only
a hashtag becomes an element of that language, since an escaped one cannot be pressed.

learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format; what happens otherwise:
n8n-io/n8n#10179, brightbeanxyz/brightbean-studio#121. Comments and titles are plain text (gitroomhq/postiz-app#1847).
"""

from __future__ import annotations

import re

RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
# Of letters and digits, with a letter among them; not inside of a word or a link, where # means something else.
HASHTAG = re.compile(r"(?<![\w/&#?=.\-])#(?=\d*[^\W\d_])([^\W_]+)(?![\w#])")
LINK = re.compile(r"https?://\S+", re.IGNORECASE)
TEMPLATE = re.compile(r"\{hashtag\|\\?([#\uff03])\|((?:\\.|[^\\}])*)\}")
MENTION = re.compile(r"@\[((?:\\.|[^\\\]])*)\]\(urn:li:[^)]*\)")
ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")


def little(text: str) -> str:
    r"""
    >>> little("Read_me (now) at https://x.example/a_b#c #NewBooks!")
    'Read\\_me \\(now\\) at https://x.example/a\\_b\\#c {hashtag|\\#|NewBooks}!'
    """
    made, at = [], 0
    for found in HASHTAG.finditer(text):
        if not _in_link(text, found.start()):
            made += [_escaped(text[at : found.start()]), rf"{{hashtag|\#|{found[1]}}}"]
            at = found.end()
    return "".join([*made, _escaped(text[at:])])


def plain(commentary: str) -> str:
    r"""What people read of a commentary that LinkedIn gave back.

    >>> plain(little(r"a\b{c}@[d](e) #NewBooks"))
    'a\\b{c}@[d](e) #NewBooks'
    """
    kinds = re.compile(f"{TEMPLATE.pattern}|{MENTION.pattern}|{ESCAPED.pattern}")
    return kinds.sub(lambda m: m[4] or (f"{m[1]}{plain(m[2])}" if m[1] else plain(m[3] or "")), commentary)


def _escaped(text: str) -> str:
    return RESERVED.sub(r"\\\g<0>", text)


def _in_link(text: str, place: int) -> bool:
    return any(found.start() < place < found.end() for found in LINK.finditer(text))
