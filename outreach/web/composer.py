"""The composer: its page, and what happens when its form is sent. The addresses are in `posts.py`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor
from outreach.db import db
from outreach.holidays import is_closed
from outreach.media.earlier import earlier
from outreach.media.store import upload
from outreach.models import Account, Library, Medium, Post, PostVersion, Title
from outreach.posts import approve, compose, hashtag_sets, send
from outreach.posts.dated import begins
from outreach.posts.hand import is_by_hand
from outreach.posts.kinds import KINDS
from outreach.posts.policy import advice
from outreach.posts.queries import accounts_of
from outreach.posts.reading import rendered
from outreach.posts.schedule import next_free
from outreach.posts.seen import Stale
from outreach.titles.pictures import redraw
from outreach.titles.queries import in_posts, offered
from outreach.titles.rules import MOST
from outreach.titles.shelf import Wanted, look
from outreach.web import typed as forms
from outreach.web.meaning import answer_hint, meaning, wall
from outreach.web.preview import beside, draft_of_form, previews_of, time_of
from outreach.web.review import tell_approved
from outreach.web.sending import may_approve, may_schedule, once_scheduled, once_sent, repeats_of, week_of
from outreach.web.series import ahead, it_repeats
from outreach.web.shelf_pictures import studio
from outreach.web.shown import say
from outreach.web.shown_times import clock_value, day_value
from outreach.web.where_wrong import where_wrong
from outreach.words import NotDone, Sentence

FAR_OFF = timedelta(days=10)  # then she is told why
FOUND = 10  # titles of one search that are shown
ASKED = 50  # of which some may be hidden
EARLIER = 12  # pictures that are offered again


def save_form(typed: forms.Typed, post: Post | None):
    """Pictures first, then the post, then what its button said: keep, review, schedule."""
    now, by = clock.now(), actor(current_user)
    planned = post is not None and post.state == "approved"
    try:
        _upload(typed, now)
        if gone := request.form.getlist("forget_set"):
            hashtag_sets.forget(g.library.id, gone)
        if _searches(typed) or request.form.get("then") == "second":  # without a script: the page comes back with it
            return show_form(typed, post)
        written = meaning(typed, g.library, slot_of(typed, post))
        chosen = [a for a in accounts_of(db.session(), g.library.id) if a.id in typed.accounts]
        _refuse_long(len(typed.titles) - MOST)
        if not typed.mixed:
            compose.refuse_mixture(g.library, chosen)
        if post is None and not typed.begun:
            raise NotDone(Sentence("Write what you want to share."))
        if post is None:
            post = compose.create(g.library.id, written, by, now, form_key=typed.form_key or None)
            typed.revision = post.revision
        else:
            restored = bool(request.form.get("restored"))
            compose.save(post.id, written, typed.revision, by, now, restored)
            typed.revision += 1  # what was saved here: by now the row may have the words of somebody else
        redraw(post.id, studio(), now)
    except Stale as stale:
        typed.revision = post.revision if post else 0
        return show_form(typed, post, stale.sentence, theirs=bool(post)), 409
    except NotDone as stop:
        return show_form(typed, post, stop.sentence), 422
    button = "schedule" if "sure" in request.form else request.form.get("then", "keep")
    at_once = button == "schedule" and typed.timing == "now" and may_schedule(post) and not is_by_hand(post)
    if at_once and "sure" not in request.form:
        return show_form(forms.of_post(post), post, ask_now=True)  # nothing of a click can be called back
    return do_then(post, button, typed, planned)


def _searches(typed: forms.Typed) -> bool:
    """By its button; or by Enter, which presses the first button of the form: it knows what was searched last."""
    if "enter" in request.form:
        return bool(typed.find.strip()) and typed.find != request.form["enter"]
    return request.form.get("then") == "find"


def _refuse_long(over: int) -> None:
    if over > 0:
        raise NotDone(
            Sentence("At most %(most)s titles go into one post. Untick %(count)s of these.", most=MOST, count=over)
        )


def _upload(typed: forms.Typed, now: datetime) -> None:
    """Of several pictures the good ones are kept, and of the others what was written about them. Raises NotDone."""
    store, wrong = current_app.extensions["shop"].store, None
    for data, name, alt in forms.uploads():
        try:
            typed.media.append((upload(store, g.library.id, data, name, now).id, alt))
        except NotDone as stop:
            wrong = wrong or stop
            typed.alts.append(alt)
    if wrong:
        raise wrong


def slot_of(typed: forms.Typed, post: Post | None) -> datetime | None:
    if typed.timing != "slot":
        return None
    return next_free(db.session(), g.library, typed.kind, clock.now(), post.id if post else None)


def do_then(post: Post, button: str, typed: forms.Typed, planned: bool = False):
    """`planned`: it was approved before it was changed."""
    now, by = clock.now(), actor(current_user)
    if button == "approve" and may_approve(post):
        return _approve(post, typed.revision, planned)
    if button == "keep" or post.state not in ("draft", "returned"):
        flash(_("Saved."), "success")
        return redirect(url_for("posts.show", post_id=post.id))
    try:
        repeats = repeats_of(post)
        if button == "schedule" and may_schedule(post):
            at = send.schedule(post.id, typed.revision, by, now, repeats)
            flash(once_scheduled(post, at), "success")
        else:
            send.for_review(post.id, by, now, repeats)
            flash(once_sent(post), "success")
    except NotDone as stop:
        db.session.refresh(post)
        return show_form(forms.of_post(post), post, stop.sentence), 422
    if repeats:
        flash(it_repeats(post), "success")
    if post.state == "submitted" and may_approve(post):  # what somebody else wrote: the next step is to look at it
        return redirect(url_for("review.waiting", post=post.id))
    return redirect(url_for("week.home", week=week_of(post)))


def _approve(post: Post, saved: int, planned: bool):
    """What was just edited in review, then the next one; or what is planned, and stays planned."""
    now, by, accepted = clock.now(), actor(current_user), "accepted" in request.form
    try:
        at = approve.approve_edited(post.id, saved, by, now, accepted)
    except NotDone as stop:
        db.session.refresh(post)
        return show_form(forms.of_post(post), post, stop.sentence), 422
    tell_approved(at or True, post)
    return redirect(url_for("posts.show", post_id=post.id) if planned else url_for("review.waiting"))


def found(typed: forms.Typed) -> list[Title] | None:
    """What the search for one more title finds; None where nobody searches. What is hidden is not offered."""
    if not KINDS[typed.kind].titles or not typed.find.strip():
        return None
    looked = look(db.session(), g.library, Wanted(words=typed.find), ASKED).titles
    return [title for title in looked if title.hidden_at is None][:FOUND]


def busy(typed: forms.Typed) -> set[int]:
    """Titles that another post tells of."""
    return in_posts(db.session(), g.library.id, clock.now()) if KINDS[typed.kind].titles else set()


def _places(typed: forms.Typed) -> list[Account]:
    """Practice is left out once a real place publishes by itself, unless this post has it."""
    places = accounts_of(db.session(), g.library.id)
    real = not g.library.practice and any(place.network not in ("practice", "by_hand") for place in places)
    return [place for place in places if place.network != "practice" or not real or place.id in typed.accounts]


def _offered(typed: forms.Typed, besides: list[Title] | None) -> list[Title]:
    """The list to tick; what was found stands there and not here as well."""
    if not KINDS[typed.kind].titles:
        return []
    elsewhere = {title.id for title in besides or ()} - set(typed.titles)
    return [title for title in offered(db.session(), g.library.id, typed.titles) if title.id not in elsewhere]


LANGUAGES_OF_POSTS = (
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("zh", "中文"),
    ("ar", "العربية"),
    ("vi", "Tiếng Việt"),
    ("ht", "Kreyòl"),
    ("so", "Soomaali"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("uk", "Українська"),
    ("ko", "한국어"),
    ("tl", "Tagalog"),
)


def shown(typed: forms.Typed, library: Library, post: Post | None) -> dict[str, Any]:
    """What stands beside the form: how it will look at each place, and what its checks found."""
    previews, found = beside(typed, library, post)
    told = [one for one in found if one.early] + advice(found)
    repeats = ahead(typed.repeat, typed.timing, time_of(typed, library, post), library) if typed.repeat else None
    return {"previews": previews, "checks": told if typed.begun else [], "mending": True, "ahead": repeats}


def _earlier(typed: forms.Typed) -> list[tuple[Medium, str]]:
    """Pictures of earlier posts, the newest first, as they were described last."""
    return earlier(db.session(), g.library.id, [n for n, _alt in typed.media], EARLIER)


def _in_time(typed: forms.Typed, slot: datetime | None) -> datetime | None:
    """No usual time after the event or chat itself: the school day before it is proposed, where that is to come."""
    start = begins(draft_of_form(typed, g.library))
    if slot is not None and (start is None or slot < start):
        return slot
    if typed.timing == "slot":
        typed.timing = "at"
        if slot is not None and start is not None:
            _propose(typed, slot, start)
    return None


def _propose(typed: forms.Typed, slot: datetime, start: datetime) -> None:
    zone = g.library.timezone
    day = clock.school_day_before(clock.today(start, zone), lambda one: is_closed(g.library, one))
    wish = clock.at_wall(day, f"{clock.to_local(slot, zone):%H:%M}", zone)
    if wish > clock.now():
        typed.day, typed.clock = day_value(wish), clock_value(wish)
    elif start > clock.now():
        typed.timing = "now"


def _first_day(typed: forms.Typed, slot: datetime | None) -> date:
    """Of the questions of a discussion: a week after its invitation."""
    now = clock.now()
    try:
        at = wall(typed.day, typed.clock, g.library) if typed.timing == "at" else slot
    except NotDone:
        at = None
    return clock.today(max(at or now, now), g.library.timezone) + timedelta(days=7)


def show_form(
    typed: forms.Typed,
    post: Post | None,
    wrong: str | None = None,
    version: PostVersion | None = None,
    ask_now: bool = False,
    theirs: bool = False,
):
    """`theirs`: beside what was typed, the post as somebody else saved it meanwhile."""
    session = db.session()
    slot = _in_time(typed, next_free(session, g.library, typed.kind, clock.now(), post.id if post else None))
    looked = found(typed)
    known = {m.id: m for m in session.query(Medium).filter(Medium.id.in_([n for n, _a in typed.media]))}
    return render_template(
        "posts/edit.html",
        typed=typed,
        post=post,
        kind=KINDS[typed.kind],
        wrong=say(wrong) if wrong else None,
        wrong_at=where_wrong(wrong, typed),
        accounts=_places(typed),
        pictures=[(known[n], alt) for n, alt in typed.media if n in known and known[n].library_id == g.library.id],
        offered=_offered(typed, looked),
        busy=busy(typed),
        found=looked,
        any_titles=KINDS[typed.kind].titles and bool(look(session, g.library, Wanted(), 1).titles),
        slot=slot,
        slot_is_far=slot is not None and slot > clock.now() + FAR_OFF,
        answer_at=answer_hint(g.library, slot),
        may_schedule=may_schedule(post),
        may_approve=may_approve(post),
        earlier=_earlier(typed),
        languages=LANGUAGES_OF_POSTS,
        hashtag_sets=hashtag_sets.offered(g.library.hashtag_sets, typed.hashtags),
        first_day=_first_day(typed, slot),
        at=request.args.get("at", ""),
        version=version,
        ask_now=ask_now,
        theirs=previews_of(rendered(post), [])[:1] if theirs and post else None,
        **shown(typed, g.library, post),
    )
