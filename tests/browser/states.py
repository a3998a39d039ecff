"""Posts in the states that only time or a network makes, so that their pages can be looked at."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from PIL import Image
from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH, actor
from outreach.accounts.limits import dump
from outreach.channels.base import Limits
from outreach.db import db, writing
from outreach.media.store import Store, upload
from outreach.models import Account, Delivery, Import, Library, Person, Title
from outreach.posts import approve, compose, send
from outreach.posts.written import Written
from outreach.titles import imports, list_deeds, reading
from outreach.words import Sentence

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


def approved(written: Written, now: datetime) -> int:
    people = {p.email.split("@")[0]: p for p in db.session.scalars(select(Person))}
    author, decider = actor(people["contributor"]), actor(people["approver"])
    library_id = db.session.scalar(select(Library.id))
    post = compose.create(library_id, written, author, now)
    send.for_review(post.id, author, now)
    approve.approve(post.id, post.revision, decider, now)
    return post.id


def places() -> dict[str, int]:
    return {a.name: a.id for a in db.session.scalars(select(Account))}


def outcome(post_id: int) -> list[str]:
    """What became of each of its messages."""
    found = select(Delivery.state).where(Delivery.post_id == post_id).order_by(Delivery.part, Delivery.id)
    return list(db.session.scalars(found))


def picture(store: Store, now: datetime) -> int:
    drawn = io.BytesIO()
    Image.new("RGB", (600, 400), "#8a5a00").save(drawn, "PNG")
    return upload(store, db.session.scalar(select(Library.id)), drawn.getvalue(), "poems.png", now).id


def by_hand(store: Store) -> int:
    """News with a picture for Instagram, due now."""
    now = clock.now()
    words = "Poetry breakfast on Friday at 8:15. There is hot chocolate."
    alt = "A cup of chocolate beside a book of poems"
    written = Written(
        "news", words, timing="now", accounts={places()["Instagram"]: ""}, media=[(picture(store, now), alt)]
    )
    return approved(written, now)


CSV = b"""Title,Author,ISBN,Interest level
New kid,"Craft, Jerry",9780062225733,Ages 8-12
Dune,Herbert,9.78044E+12,YA
,,x,
"""


def lists(now: datetime) -> dict[str, int]:
    """A list that waits for an answer; one that is in, of which a book was not found and a line was wrong."""
    library = db.session.scalars(select(Library)).first()
    asked = imports.bring_file(library, "new-titles.csv", CSV, OUTREACH, now)
    done = imports.bring_isbns(library, "9780061020704\n9780439023482", OUTREACH, now)
    imports.answer(done.id, "new", {}, OUTREACH, now)
    reading.read_list(done.id, reading.Desk(None, clock.now))
    list_deeds.type_missing(done.id, [("9780061020704", "The light fantastic", "Pratchett, Terry")], OUTREACH, now)
    with writing() as session:
        session.get_one(Import, done.id).missing = ["9780140328721"]
    title = db.session.scalar(select(Title.id).where(Title.title == "The light fantastic"))
    return {"asked list": asked.id, "done list": done.id, "title": title}


def one_of_each(store: Store) -> dict[str, int]:
    """Not sure, refused, in hand, too long a word; on a place that lost its connection. Name -> id."""
    now = clock.now()
    titles = lists(now)
    elsewhere = _lost_place(now)
    tomorrow = {"timing": "at", "wished_at": now + timedelta(days=1)}
    unsure = approved(Written("news", "The maker space opens.", accounts={elsewhere: ""}, **tomorrow), now)
    refused = approved(Written("news", "New chairs!", accounts={elsewhere: ""}, **tomorrow), now)
    held = approved(Written("news", "It waits.", accounts={elsewhere: ""}, **tomorrow), now)
    with writing() as session:
        _put(session, unsure, "unclear", "lost.example did not answer in time. It may have gone out, or not.", now)
        _put(session, refused, "refused", "lost.example refused it. Nothing was published. Shorten it.", now)
    person = db.session.scalar(select(Person).where(Person.email.startswith("contributor")))
    long = Written(
        "news",
        f"{LONG} https://catalog.example.org/{'a' * 200}",
        warning=LONG,
        accounts=dict.fromkeys(places().values(), ""),
        media=[(picture(store, now), "")],
        **tomorrow,
    )
    ids = {
        "unsure": unsure,
        "refused": refused,
        "held": held,
        "long": compose.create(db.session.scalar(select(Library.id)), long, actor(person), now).id,
        "in hand": by_hand(store),
    }
    found = select(Delivery.id).where(Delivery.post_id == unsure)
    return ids | titles | {"unsure delivery": db.session.scalar(found) or 0}


def _lost_place(now: datetime) -> int:
    with writing() as session:
        account = Account(
            library_id=session.scalar(select(Library.id)),
            network="mastodon",
            name=f"@{'maple_street_' * 4}@lost.example",
            server="https://lost.example",
            handle="maple",
            url="https://lost.example/@maple",
            remote_id="1",
            limits=dump(Limits(link_cost=23, thread=True, content_warning=True)),
            created_at=now,
            paused_at=now,
            paused_because=Sentence("lost.example no longer knows us. Connect it again; what waits goes out then."),
        )
        session.add(account)
        session.flush()
        return account.id


def _put(session, post_id: int, state: str, sentence: str, now: datetime) -> None:
    delivery = session.scalar(select(Delivery).where(Delivery.post_id == post_id))
    delivery.state, delivery.sentence, delivery.asked_at = state, Sentence(sentence), now
