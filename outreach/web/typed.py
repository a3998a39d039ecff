"""A post's form: what a person typed (kept as it is when something is wrong), and what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe

from flask import request
from werkzeug.datastructures import MultiDict

from outreach import clock
from outreach.models import Library, Post
from outreach.posts.kinds import KINDS
from outreach.posts.listing import PICTURES
from outreach.posts.reading import default_answer_time
from outreach.posts.schedule import FAR
from outreach.posts.written import Written
from outreach.words import NotDone, Sentence

VISIBILITIES = ("", "public", "unlisted", "private")
MOST_PICTURES = 60  # of one post
MOST_NUMBERS = 1_000  # of one name in a form; PostgreSQL takes 65,535 in a question


@dataclass
class Typed:
    kind: str
    words: str = ""
    link: str = ""
    choices: list[str] = field(default_factory=list)
    right: str = ""
    explanation: str = ""
    how: str = ""
    answer: str = "auto"  # auto, at
    answer_day: str = ""
    answer_clock: str = ""
    accounts: list[int] = field(default_factory=list)
    own_words: dict[int, str] = field(default_factory=dict)
    media: list[tuple[int, str]] = field(default_factory=list)
    coming: list[str] = field(
        default_factory=list
    )  # alt texts of pictures that are chosen and not sent yet: for previews
    alts: list[str] = field(default_factory=list, init=False)  # of pictures that were refused
    titles: list[int] = field(default_factory=list)
    find: str = ""  # what is searched for one more title
    pictures: str = "collage"  # of a list of titles: collage, four, none
    real_covers: bool = False
    kept: dict[str, object] = field(default_factory=dict)  # fields of a weekly post that this form does not show
    visibility: str = ""
    warning: str = ""
    language: str = ""
    timing: str = "slot"
    day: str = ""
    clock: str = ""
    revision: int = 0
    form_key: str = ""  # of a new form: sent twice, it is one post
    mixed: bool = False  # practice and real places in one post: meant so


def blank(kind: str, library: Library, accounts: Sequence[int], at: datetime | None, how: str) -> Typed:
    """A new form, with the defaults that need no decision."""
    typed = Typed(kind=kind, accounts=list(accounts), how=how, choices=["", "", "", ""])
    typed.form_key = token_urlsafe(16)
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
    fields, library = post.fields, post.library
    typed = Typed(
        kind=post.kind,
        words=post.words,
        link=post.link,
        choices=(list(fields.get("choices", [])) + [""] * 4)[:4],
        right=str(fields.get("right", "")),
        explanation=fields.get("explanation", ""),
        how=fields.get("how", ""),
        accounts=[p.account_id for p in post.placements],
        own_words={p.account_id: p.words for p in post.placements},
        media=[(m.medium_id, m.alt) for m in post.media if not m.shape],
        titles=[t.title_id for t in post.titles],
        pictures=str(fields.get("pictures", "none")),
        real_covers=bool(fields.get("real_covers")),
        kept=dict(fields) if post.kind == "titles" else {},
        visibility=post.visibility,
        warning=post.warning,
        language=post.language,
        timing=post.timing,
        revision=post.revision,
    )
    if post.wished_at:
        _set_time(typed, post.wished_at, library)
    if fields.get("answer_at"):
        local = clock.to_local(datetime.fromisoformat(fields["answer_at"]), library.timezone)
        typed.answer, typed.answer_day, typed.answer_clock = "at", local.date().isoformat(), f"{local:%H:%M}"
    return typed


def _set_time(typed: Typed, at: datetime, library: Library) -> None:
    local = clock.to_local(at, library.timezone)
    typed.day, typed.clock = local.date().isoformat(), f"{local:%H:%M}"


def of_form(form: MultiDict[str, str], kind: str, post: Post | None = None) -> Typed:
    """Whatever was sent, as text; nothing is refused here, so that it can be shown again. `post`: what it changes."""
    media = [(n, form.get(f"alt-{n}", "")) for n in ids(form, "media") if not form.get(f"drop-{n}")]
    accounts = ids(form, "account")
    return Typed(
        kind=kind if kind in KINDS else "news",
        choices=(form.getlist("choice") + [""] * 4)[:4],
        accounts=accounts,
        own_words={n: form.get(f"words-{n}", "") for n in accounts},
        media=media,
        coming=form.getlist("new_alt")[: len(form.getlist("new_picture"))],
        titles=ids(form, "title"),
        find=form.get("find", "")[:200],
        pictures=_one_of(form.get("pictures"), PICTURES),
        real_covers=bool(form.get("real_covers")),
        kept=dict(post.fields) if post and post.kind == "titles" else {},
        revision=next(iter(ids(form, "revision")), 0),
        form_key=form.get("form_key", "")[:40],
        **{
            name: form.get(name, "")
            for name in (
                "words",
                "link",
                "right",
                "explanation",
                "how",
                "answer_day",
                "answer_clock",
                "warning",
                "day",
                "clock",
            )
        },
        answer=_one_of(form.get("answer"), ("auto", "at")),
        visibility=_one_of(form.get("visibility"), VISIBILITIES),
        language=form.get("language", "")[:10],
        mixed=bool(form.get("mixed")),
        timing=_one_of(form.get("timing"), ("slot", "at", "now")),
    )


def ids(form: MultiDict[str, str], name: str) -> list[int]:
    return [int(v) for v in form.getlist(name)[:MOST_NUMBERS] if v.isdecimal() and len(v) < 10]


def _one_of(value: str | None, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else allowed[0]


def meaning(typed: Typed, library: Library, slot_at: datetime | None) -> Written:
    """What was typed -> what the verbs take. Raises NotDone for more than a post holds or a time that is none."""
    if len(typed.media) > MOST_PICTURES:
        raise NotDone(Sentence("A post holds at most %(most)s pictures. Take some out.", most=MOST_PICTURES))
    at = wall(typed.day, typed.clock, library) if typed.timing == "at" else slot_at if typed.timing == "slot" else None
    fields: dict[str, object] = {}
    if typed.kind == "trivia":
        fields = _trivia(typed, library)
    if typed.kind == "titles":
        real = {"real_covers": True} if typed.real_covers else {}
        fields = {k: v for k, v in typed.kept.items() if k != "real_covers"} | {"pictures": typed.pictures} | real
    return Written(
        kind=typed.kind,
        words=typed.words,
        link=typed.link,
        fields=fields,
        visibility=typed.visibility,
        warning=typed.warning,
        language=typed.language,
        timing=typed.timing,
        wished_at=at,
        accounts={n: typed.own_words.get(n, "") for n in typed.accounts},
        media=typed.media,
        titles=typed.titles,
    )


def _trivia(typed: Typed, library: Library) -> dict[str, object]:
    """The choices without their gaps; the right one counted among those that are left."""
    given = [(n, c.strip()) for n, c in enumerate(typed.choices) if c.strip()]
    right = next((at for at, (n, _) in enumerate(given) if str(n) == typed.right), None)
    fields: dict[str, object] = {
        "choices": [c for _, c in given],
        "explanation": typed.explanation.strip(),
        "how": typed.how.strip(),
    }
    if right is not None:
        fields["right"] = right
    if typed.answer == "at":
        answer = wall(typed.answer_day, typed.answer_clock, library)
        if answer is not None:
            fields["answer_at"] = answer.isoformat()
    return fields


def wall(day: str, time: str, library: Library) -> datetime | None:
    """A typed day and time in the library's zone -> UTC; None when both are empty."""
    if not day.strip() and not time.strip():
        return None
    try:
        local = datetime.fromisoformat(f"{day.strip()}T{time.strip() or '09:00'}")
    except ValueError:
        raise NotDone(
            Sentence("%(day)s %(time)s is no day and time that we understand.", day=day[:40], time=time[:40])
        ) from None
    if local.tzinfo is not None or not 2000 <= local.year <= 2100:
        raise NotDone(Sentence("Check the year of the day you chose."))
    if clock.in_gap(local, library.timezone):
        later = local + timedelta(hours=1)
        raise NotDone(
            Sentence(
                "On that day the clocks jump over %(time)s. Choose another time, for example %(later)s.",
                time=f"{local:%H:%M}",
                later=f"{later:%H:%M}",
            )
        )
    return clock.to_utc(local, library.timezone)


def answer_hint(library: Library, at: datetime | None) -> datetime | None:
    return default_answer_time(library, at) if at else None


def uploads() -> list[tuple[bytes, str, str]]:
    """The files of the form that is being sent: bytes, name, alt text."""
    alts = request.form.getlist("new_alt")
    files = request.files.getlist("new_image")
    return [(f.read(), f.filename or "", alts[n] if n < len(alts) else "") for n, f in enumerate(files) if f.filename]
