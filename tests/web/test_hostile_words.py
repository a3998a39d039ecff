"""Words that would like to be HTML: they are words on every page that shows them."""

import io
from html.parser import HTMLParser

import pytest
from clients import signed_in
from factories import deliveries, delivery, queue, submitted
from fakes import FakeNetwork, door
from PIL import Image

from outreach.db import db
from outreach.media.store import upload
from outreach.models import Account, Person, Post
from outreach.posts import approve, send
from outreach.posts.publish import publish
from outreach.titles import feeds

HOSTILE = '\'"><script>alert(1)</script><b onclick="x">&amp;'


class Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, answer):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(answer.get_data(as_text=True))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.texts += [value for _, value in attrs if value]

    def handle_data(self, data):
        self.texts.append(data)


def stays_words(answer, hostile=HOSTILE):
    """It is on the page, whole, and none of it is a tag or an attribute."""
    page = Page(answer)
    assert any(hostile in text for text in page.texts), answer.request.path
    assert not [attrs for tag, attrs in page.tags if tag == "script" and not attrs.get("src")]
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def manager(app, cast):
    return signed_in(app, cast.librarian)


def only_post():
    db.session.rollback()
    return db.session.query(Post).one()


def asked_by_hand(cast, post, now):
    approve.approve(post.id, post.revision, cast.decider, now)
    queue(post, now)
    assert publish(delivery(post).id, door(FakeNetwork(), now)) == "in_hand"
    return delivery(post)


def test_hostile_trivia_stays_words(app, cast, ana, manager, now):
    fields = {"choice": [HOSTILE, "Hen"], "right": "0", "of-explanation": HOSTILE, "of-how": HOSTILE, "answer": "auto"}
    data = {"words": HOSTILE, "account": str(cast.practice.id), "timing": "now", "then": "review"} | fields
    stays_words(ana.post("/posts/preview/trivia", data=data))
    ana.post("/posts/new/trivia", data=data)
    post = only_post()
    for path in (f"/posts/{post.id}", f"/posts/{post.id}/edit", "/review/", "/"):
        stays_words(manager.get(path))
    approve.approve(post.id, post.revision, cast.decider, now)
    for part in deliveries(post):
        queue(post, part.due_at)
        assert publish(part.id, door(FakeNetwork(), part.due_at)) == "published"
        stays_words(manager.get(f"/deliveries/{part.id}"))
    stays_words(manager.get(f"/practice/{cast.practice.id}"))


def picture(app, cast, now):
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    return upload(app.extensions["shop"].store, cast.library.id, out.getvalue(), HOSTILE, now).id


def test_a_hostile_description_and_note_stay_words(app, cast, ana, manager, now):
    post = submitted(cast, now, accounts=[cast.by_hand], media=[(picture(app, cast, now), HOSTILE)])
    stays_words(manager.get("/review/"))
    stays_words(manager.post(f"/posts/{post.id}/send-back", data={"note": HOSTILE, "revision": "77"}))
    manager.post(f"/posts/{post.id}/send-back", data={"note": HOSTILE, "revision": post.revision})
    for path in (f"/posts/{post.id}", f"/posts/{post.id}/edit"):
        stays_words(ana.get(path))
    send.for_review(post.id, cast.author, now)
    row = asked_by_hand(cast, post, now)
    stays_words(ana.get(f"/deliveries/{row.id}"))
    ana.post(f"/deliveries/{row.id}/not-posted", data={"reason": HOSTILE})
    stays_words(ana.get(f"/deliveries/{row.id}"))


def test_hostile_names_of_people_stay_words(cast, manager, app):
    data = {"email": "mallory@school.example", "name": HOSTILE, "role": "approver"}
    stays_words(manager.post("/people/", data=data | {"email": "no address"}))
    stays_words(manager.post("/people/", data=data))
    stays_words(manager.get("/people/"))
    db.session.rollback()
    mallory = signed_in(app, db.session.query(Person).filter_by(name=HOSTILE).one())
    data = {"words": "Hello", "account": str(cast.practice.id), "timing": "slot", "then": "review"}
    mallory.post("/posts/new/news", data=data)
    post = only_post()
    stays_words(mallory.get("/"))
    for path in ("/review/", f"/posts/{post.id}"):
        stays_words(manager.get(path))
    stale = post.revision
    mallory.post(f"/posts/{post.id}/edit", data={"words": "x", "revision": stale})
    stays_words(manager.post(f"/posts/{post.id}/edit", data={"words": "y", "revision": stale}))


def test_a_hostile_library_and_its_hashtags_stay_words(cast, ana, manager):
    data = {"timezone": "America/Chicago", "country": "US", "grades": "all"}
    for name, hashtags in ((HOSTILE, ""), ("Maple", HOSTILE)):
        saved = {"name": name, "hashtags": hashtags} | data
        stays_words(manager.post("/library/", data=saved | {"timezone": "Mars/Base"}))
        assert manager.post("/library/", data=saved).status_code == 302
        hashed = HOSTILE if not hashtags else " ".join(f"#{word}" for word in HOSTILE.split())
        stays_words(manager.get("/library/"), hashed)
        stays_words(ana.get("/posts/new/news" if hashtags else "/"), hashed)
    manager.post("/calendar/closed", data={"first": "2027-01-04", "name": HOSTILE})
    stays_words(manager.get("/?week=2027-01-04"))


def test_hostile_names_of_feeds_and_places_stay_words(cast, ana, manager, now):
    feed = feeds.add(cast.library, "https://c.example/feed?format=rss", "", cast.decider, now)
    data = {"name": HOSTILE, "audience": HOSTILE, "without": HOSTILE}
    manager.post(f"/titles/feeds/{feed.id}", data=data)
    stays_words(manager.get("/titles/"))
    for _ in range(2):  # the second is refused, and shown what it typed
        answer = manager.post("/places/by-hand", data={"preset": "other", "name": HOSTILE})
    stays_words(answer)
    db.session.rollback()
    place = db.session.query(Account).filter_by(name=HOSTILE).one()
    row = asked_by_hand(cast, submitted(cast, now, accounts=[place]), now)
    for path in ("/", "/places/", "/posts/new/news", f"/posts/{row.post_id}", f"/deliveries/{row.id}"):
        stays_words(ana.get(path))
