"""A post's form: what a person typed, kept as it is when something is wrong. What it means is in `meaning.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from outreach import clock
from outreach.models import Library, Post
from outreach.posts.fields import MOST_ROWS, Field, is_day
from outreach.posts.hashtag_sets import with_sets
from outreach.posts.kinds import KINDS
from outreach.posts.listing import PICTURES
from outreach.posts.schedule import FAR
from outreach.posts.versions import written_of
from outreach.posts.written import Written

VISIBILITIES = ("", "public", "unlisted", "private")
MOST_NUMBERS = 1_000  # of one name in a form; PostgreSQL takes 65,535 in a question
TEXTS = (
    *("words", "link", "right", "answer_day", "answer_clock", "warning", "day", "clock", "second_words"),
    "codes",
)
REPEAT = ("every", "end", "until", "count", "draws")
ROOM = 2  # empty rows below those that are filled


@dataclass
class Typed:
    kind: str
    words: str = ""
    link: str = ""
    fields: dict[str, Any] = field(default_factory=dict)  # of its kind, as posts/fields.py takes them
    choices: list[str] = field(default_factory=lambda: [""] * 4)
    right: str = ""
    answer: str = "auto"  # auto, at
    answer_day: str = ""
    answer_clock: str = ""
    accounts: list[int] = field(default_factory=list)
    own_words: dict[int, str] = field(default_factory=dict)
    media: list[tuple[int, str]] = field(default_factory=list)
    coming: list[str] = field(default_factory=list)  # alt texts of pictures that are chosen and not sent yet
    alts: list[str] = field(default_factory=list, init=False)  # of pictures that were refused
    titles: list[int] = field(default_factory=list)
    find: str = ""  # what is searched for one more title
    pictures: str = "collage"  # of a list of titles: collage, four, none
    real_covers: bool = False
    kept: dict[str, Any] = field(default_factory=dict)  # fields of a saved post that this form does not show
    permitted: bool = False  # "I checked the school's permission list today"
    old_tick: bool = False  # as the page came; ticked anew it covers what is written now
    codes: str = ""  # of the students whose work it is, where the library keeps a register of consents
    hashtags: str = ""
    visibility: str = ""
    warning: str = ""
    language: str = ""
    second_language: str = ""
    second_words: str = ""
    second: dict[str, Any] = field(default_factory=dict)  # fields of its kind in the second language
    timing: str = "slot"
    day: str = ""
    clock: str = ""
    revision: int = 0
    form_key: str = ""  # of a new form: sent twice, it is one post
    repeat: dict[str, str] = field(default_factory=dict)  # how it shall repeat once it is sent: REPEAT
    mixed: bool = False  # practice and real places in one post: meant so

    @property
    def begun(self) -> bool:
        """Is there anything that would be missed?"""
        told = [self.words, self.link, *self.choices, *(v for v in self.fields.values() if isinstance(v, str))]
        usual = {str(one.begins()) for one in KINDS[self.kind].fields}
        return bool(self.media or self.titles) or any(text.strip() and text not in usual for text in told)

    @property
    def has_options(self) -> bool:
        """Is anything chosen behind "Options"?"""
        own = any(words.strip() for words in self.own_words.values())
        return own or bool(self.warning or self.visibility or self.language or self.second_language or self.hashtags)


def blank(kind: str, library: Library, accounts: Sequence[int], at: datetime | None) -> Typed:
    """A new form, with the defaults that need no decision."""
    typed = Typed(kind=kind, accounts=list(accounts), form_key=token_urlsafe(16))
    typed.fields = {one.name: one.begins() for one in KINDS[kind].fields}
    if at is not None:
        typed.timing = "at"
        _set_time(typed, at, library)
    return typed


def asked_time(text: str, now: datetime) -> datetime | None:
    """The moment in the address of an empty place of the week; None for what is none, or beyond all plans."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo and abs(at - now) < FAR else None


def of_post(post: Post) -> Typed:
    """The form of a saved post."""
    typed = of_written(written_of(post), post.library)
    typed.permitted, typed.revision = post.permission_at is not None, post.revision
    typed.old_tick = typed.permitted and request.form.get("permitted") != "1"  # not ticked in this form a moment ago
    return typed


def of_written(written: Written, library: Library) -> Typed:
    """The form of what was kept: of a post, a version of it, a start."""
    fields, second, kind = written.fields, written.second, KINDS[written.kind]
    typed = Typed(
        kind=written.kind,
        words=written.words,
        link=written.link,
        fields={one.name: fields.get(one.name, one.meaning(None)) for one in kind.fields},
        choices=(list(fields.get("choices", [])) + [""] * 4)[:4],
        right=str(fields.get("right", "")),
        accounts=list(written.accounts),
        own_words=dict(written.accounts),
        media=list(written.media),
        titles=list(written.titles),
        pictures=str(fields.get("pictures", "none")),
        real_covers=bool(fields.get("real_covers")),
        kept=dict(fields) if kind.titles else {},
        codes=", ".join(map(str, fields.get("codes") or ())),
        hashtags=str(fields.get("hashtags") or ""),
        repeat=dict(fields.get("repeat") or {}),
        visibility=written.visibility,
        warning=written.warning,
        language=written.language,
        second_language=str(second.get("language") or ""),
        second_words=str(second.get("words") or ""),
        second=dict(second.get("fields") or {}),
        timing=written.timing,
        form_key=token_urlsafe(16),
    )
    if written.wished_at:
        _set_time(typed, written.wished_at, library)
    if fields.get("answer_at"):
        local = clock.to_local(datetime.fromisoformat(fields["answer_at"]), library.timezone)
        typed.answer, typed.answer_day, typed.answer_clock = "at", local.date().isoformat(), f"{local:%H:%M}"
    return typed


def _set_time(typed: Typed, at: datetime, library: Library) -> None:
    local = clock.to_local(at, library.timezone)
    typed.day, typed.clock = local.date().isoformat(), f"{local:%H:%M}"


def of_form(form: MultiDict[str, str], kind: str, post: Post | None = None) -> Typed:
    """Whatever was sent, as text; nothing is refused here, so that it can be shown again. `post`: what it changes."""
    kind = kind if kind in KINDS else "news"
    accounts, asked = ids(form, "account"), KINDS[kind].fields
    return Typed(
        kind=kind,
        fields={one.name: _of_field(form, one) for one in asked},
        second={one.name: _of_field(form, one, "second") for one in asked if one.spoken},
        choices=(form.getlist("choice") + [""] * 4)[:4],
        accounts=accounts,
        own_words={n: form.get(f"words-{n}", "") for n in accounts},
        media=[(n, form.get(f"alt-{n}", "")) for n in ids(form, "media") if not form.get(f"drop-{n}")],
        coming=form.getlist("new_alt")[: len(form.getlist("new_picture"))],
        titles=ids(form, "title"),
        find=form.get("find", "")[:200],
        pictures=_one_of(form.get("pictures"), PICTURES),
        real_covers=bool(form.get("real_covers")),
        kept=dict(post.fields) if post and KINDS[kind].titles else {},
        permitted=bool(form.get("permitted")),
        old_tick=form.get("permitted") == "before",
        revision=next(iter(ids(form, "revision")), 0),
        form_key=form.get("form_key", "")[:40],
        **{name: form.get(name, "") for name in TEXTS},
        hashtags=with_sets(form.get("hashtags", ""), form.getlist("set")[:MOST_NUMBERS]),
        answer=_one_of(form.get("answer"), ("auto", "at")),
        visibility=_one_of(form.get("visibility"), VISIBILITIES),
        language=form.get("language", "")[:10],
        second_language=form.get("second_language", "")[:10],
        repeat={name: form.get(name, "")[:20] for name in REPEAT} if form.get("every") else {},
        mixed=bool(form.get("mixed")),
        timing=_one_of(form.get("timing"), ("slot", "at", "now")),
    )


def _of_field(form: MultiDict[str, str], one: Field, side: str = "of") -> Any:
    name = f"{side}-{one.name}"
    if one.sort == "ticks":
        return form.getlist(name)
    if one.sort == "rows":
        days, words = form.getlist(f"{name}-day"), form.getlist(f"{name}-words")
        return [{"day": day, "words": said} for day, said in zip(days, words, strict=False)][:MOST_ROWS]
    return form.get(name, "")


def ids(form: MultiDict[str, str], name: str) -> list[int]:
    return [int(v) for v in form.getlist(name)[:MOST_NUMBERS] if v.isdecimal() and len(v) < 10]


def seen() -> int | None:
    """The revision of the post that was on the page of the form that is being sent."""
    return next(iter(ids(request.form, "revision")), None)


def _one_of(value: str | None, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else allowed[0]


def rows_shown(rows: Sequence[Mapping[str, str]] | None, first: date) -> list[dict[str, str]]:
    """Those that are filled, and a few empty ones a week apart from each other."""
    shown = [dict(row) for row in rows or ()]
    days = [row["day"] for row in shown if is_day(row.get("day", ""))]
    last = date.fromisoformat(max(days)) if days else first - timedelta(days=7)
    for n in range(max(ROOM, 3 - len(shown))):
        shown.append({"day": (last + timedelta(days=7 * (n + 1))).isoformat(), "words": ""})
    return shown


def uploads() -> list[tuple[bytes, str, str]]:
    """The files of the form that is being sent: bytes, name, alt text."""
    alts = request.form.getlist("new_alt")
    files = request.files.getlist("new_image")
    return [(f.read(), f.filename or "", alts[n] if n < len(alts) else "") for n, f in enumerate(files) if f.filename]
