"""What one e-mail says, from one or more rows of the outbox. Pure: text, and the same for eyes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

from outreach.words import Sentence

DECIDE = "/decide/"  # in the outbox with a post, in the letter with a token: that acts, once

BY_HAND = "/deliveries/"  # the page that helps somebody to post by hand

# mail programs read no stylesheet; no colour of paper or ink, since some have dark ones of their own
BODY = "margin:0;padding:24px 16px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
FRAME = "max-width:560px;margin:0 auto;border:1px solid #8b8578;border-radius:8px;padding:8px 24px 16px"
HEAD = "font:400 18px/1.5 Georgia,'Noto Serif',serif;margin:8px 0 16px"
BUTTON = "display:inline-block;border:1px solid #1f6f54;border-radius:8px;padding:10px 24px;margin:0 8px 8px 0"
MAIN, OTHER = (
    f"{BUTTON};font-weight:600;text-decoration:none;{more}"
    for more in ("background:#1f6f54;color:#ffffff", "border-color:#8b8578;color:inherit")
)
STYLES = {
    "<p>": "margin:0 0 12px",
    "<h2>": "font-size:18px;font-weight:600;margin:24px 0 12px",
    "<h3>": "font-size:14px;font-weight:600;margin:24px 0 8px;padding-top:12px;border-top:1px solid #8b8578",
    "<hr>": "border:0;border-top:1px solid #8b8578;margin:24px 0",
}


@dataclass(frozen=True)
class Item:
    subject: str
    body: str
    html: str = ""
    path: str = ""


Say = Callable[[Sentence], str]  # in the language of whoever reads it


def message(items: Sequence[Item], public_url: str, say: Say = str) -> EmailMessage:
    """One item is a letter of its own; several are a list, each with its own link."""
    made, titled = EmailMessage(), len(items) > 1
    many = Sentence("%(count)s things for you, and your day", count=len(items))
    made["Subject"] = say(many) if titled else items[0].subject
    made.set_content("\n\n\n".join(_text(item, public_url, titled, say) for item in items))
    if any(item.html for item in items):
        shown = "<hr>".join(_html(item, public_url, titled, say) for item in items)
        made.add_alternative(_framed(shown), subtype="html")
    return made


def _framed(shown: str) -> str:
    for tag, style in STYLES.items():
        shown = shown.replace(tag, f'{tag[:-1]} style="{style}">')
    head = '<meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    framed = f'<div style="{FRAME}"><div style="{HEAD}">Outreach</div>{shown}</div>'
    return f'<!doctype html><html><head>{head}</head><body style="{BODY}">{framed}</body></html>'


def _text(item: Item, public_url: str, titled: bool, say: Say) -> str:
    word, more = _link_words(item.path, public_url, say)
    link = f"{public_url}{item.path}" if public_url and item.path else ""
    pieces = [f"{item.subject}\n{'=' * len(item.subject)}" if titled else "", item.body]
    pieces.append("\n".join(filter(None, (word, link, more))))
    return "\n\n".join(piece for piece in pieces if piece)


def _html(item: Item, public_url: str, titled: bool, say: Say) -> str:
    word, more = map(escape, _link_words(item.path, public_url, say))
    head = f"<h2>{escape(item.subject)}</h2>" if titled else ""
    shown = item.html or f"<p>{lines(item.body)}</p>"
    if public_url and item.path:
        word = _buttons(public_url + item.path, say)
    said = "".join(f"<p>{one}</p>" for one in (word, more) if one)
    return head + shown + said


def _buttons(address: str, say: Say) -> str:
    """Where the link decides, both lead to its page, and only a press there does it: mail scanners follow links."""
    if DECIDE not in address:
        return _button(address, say(Sentence("Open it")), MAIN)
    back = _button(f"{address}?back=1", say(Sentence("Send back")), OTHER)
    return _button(address, say(Sentence("Approve")), MAIN) + back


def _button(address: str, word: str, style: str) -> str:
    return f'<a href="{escape(address)}" style="{style}">{escape(word)}</a>'


def _link_words(path: str, public_url: str, say: Say) -> tuple[str, str]:
    """What stands on a link, and below it."""
    if path.startswith(BY_HAND):
        return _by_hand_words(path, public_url, say)
    if not path.startswith(DECIDE):
        return "", ""
    if not public_url:
        return say(Sentence("To decide, sign in to Outreach and open Review.")), ""
    once = Sentence("The link is yours alone. It works once, within 7 days.")
    return say(Sentence("Look and decide")), say(once)


def _by_hand_words(path: str, public_url: str, say: Say) -> tuple[str, str]:
    if not public_url:
        return say(Sentence("To post it, sign in to Outreach: it stands under “Needs you”.")), ""
    told = Sentence("For your calendar: %(address)s", address=f"{public_url}{path}/reminder.ics")
    return say(Sentence("Open this page, copy the words and the pictures, and say when it is posted:")), say(told)


def lines(text: str) -> str:
    """Plain words as HTML."""
    return "<br>".join(map(escape, text.splitlines()))
