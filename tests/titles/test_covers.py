"""Covers of others over real HTTP: asked for only where wished, within what Open Library allows, and made our own."""

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Barrier
from time import monotonic, sleep

import pytest
from clients import signed_in
from local_server import LocalServer, Reply
from PIL import Image
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.channels.guard import Reach
from outreach.db import db, writing
from outreach.models import Cover, Feed, FeedTitle, Title, TitleId
from outreach.titles import feeds
from outreach.titles.covers import (
    AGAIN_AFTER,
    LOOK_UPS,
    SILENT,
    WINDOW,
    Studio,
    image_of,
    kept_cover,
    patience,
    patience_of_preview,
)
from outreach.titles.covers import cover_of as digest_of
from outreach.titles.pictures import draw_for
from tests.factories import MASTODON

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ISBN = "9780141439587"


def picture(size=(200, 300), kind="JPEG", colour="red", **more):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **more)
    return out.getvalue()


def bomb():
    """A PNG of a few hundred bytes that says it is 60,000 pixels wide and high."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9_000)) + chunk(b"IEND", b"")
    )


def cut_off(handler):
    """Says more than it sends."""
    body = picture()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])


@dataclass
class Covers:
    """Plays covers.openlibrary.org: what it has by ISBN; 404 for the others, as `default=false` asks for."""

    has: dict[str, Reply] = field(default_factory=dict)
    always: Reply | None = None
    held: list[int] = field(default_factory=list)  # connections that were checked out while it was asked
    engine: object = None
    slow: float = 0  # seconds before each answer

    def __post_init__(self):
        self.server = LocalServer(self.answer)
        self.url = self.server.url

    def answer(self, request):
        sleep(self.slow)
        self.held.append(self.engine.pool.checkedout() if self.engine else 0)
        if self.always:
            return self.always
        name = request.path.rpartition("/")[2].removesuffix("-L.jpg").removesuffix(".jpg")
        return self.has.get(name, Reply(404, b"not found"))

    def asked(self):
        return [request.path for request in self.server.seen]


@pytest.fixture
def covers(context):
    made = Covers(engine=db.engine)
    with made.server:
        yield made


@pytest.fixture
def studio(app, covers):
    return Studio(app.extensions["shop"].store, LOOPBACK, covers.url)


def book(library, now, *isbns, cover=None, name="Emma"):
    with writing() as session:
        made = Title(library_id=library.id, title=name, match_key=name, first_seen_at=now, cover=cover)
        made.ids = [TitleId(library_id=library.id, kind="isbn", value=isbn) for isbn in isbns]
        session.add(made)
    return made


def in_feed(library, title, now, licensed):
    feed = feeds.add(library, "https://c.example/feed?format=rss", "New books", OUTREACH, now)
    with writing() as session:
        session.add(FeedTitle(feed_id=feed.id, title_id=title.id, first_seen_at=now))
        session.get_one(Title, title.id).cover_feed_id = feed.id
        session.get_one(Feed, feed.id).licensed_covers = licensed


def drawn(cast, titles, studio, now, **fields):
    return draw_for(titles, cast.library, {"pictures": "four", **fields}, [MASTODON], studio, now)


def cover_of(title, studio, now):
    """As a post shows it."""
    digest = digest_of(title, studio, now, patience())
    return image_of(digest, studio.store) if digest else None


def red(image):
    """Is it the cover, and not our card?"""
    return image is not None and image.getpixel((5, 5))[0] > 240 and image.getpixel((5, 5))[1] < 20


def remembered():
    db.session.rollback()
    return {cover.url: cover.digest for cover in db.session.scalars(select(Cover))}


@pytest.mark.parametrize("fields", [{}, {"real_covers": False}, {"pictures": "none", "real_covers": True}])
def test_nobody_is_asked_unless_real_covers_are_wished(cast, covers, studio, now, fields):
    drawn(cast, [book(cast.library, now, ISBN)], studio, now, **fields)
    assert covers.asked() == []


def test_a_cover_that_is_there_takes_the_place_of_our_card(cast, covers, studio, now):
    covers.has[ISBN] = Reply(200, picture())
    books = [book(cast.library, now, ISBN), book(cast.library, now, name="Ox")]
    cover, card = drawn(cast, books, studio, now, real_covers=True)
    assert red(Image.open(io.BytesIO(cover.data)).convert("RGB"))
    assert not red(Image.open(io.BytesIO(card.data)).convert("RGB"))
    assert covers.asked() == [f"/b/isbn/{ISBN}-L.jpg"]
    assert covers.server.seen[0].query == {"default": ["false"]}


def test_what_was_found_is_asked_for_no_second_time(cast, covers, studio, now):
    covers.has[ISBN] = Reply(200, picture())
    title = book(cast.library, now, ISBN)
    assert red(cover_of(title, studio, now))
    assert red(cover_of(title, studio, now + 365 * DAY))
    assert len(covers.asked()) == 1


def test_a_cover_is_fetched_once_for_two_libraries(cast, covers, studio, now):
    covers.has[ISBN] = Reply(200, picture())
    for library in (cast.library, cast.other):
        assert red(cover_of(book(library, now, ISBN), studio, now))
    assert len(covers.asked()) == 1


def test_the_second_isbn_is_asked_for_and_a_third_is_not(cast, covers, studio, now):
    isbns = ("9780141439587", "9780306406157", "9783161484100")
    assert cover_of(book(cast.library, now, *isbns), studio, now) is None
    assert covers.asked() == [f"/b/isbn/{isbn}-L.jpg" for isbn in isbns[:2]]
    covers.has[isbns[1]] = Reply(200, picture())
    assert red(cover_of(book(cast.library, now, *isbns), studio, now + AGAIN_AFTER + DAY))


def test_a_cover_that_is_not_there_is_asked_for_again_after_a_month(cast, covers, studio, now):
    title = book(cast.library, now, ISBN)
    for later in (timedelta(0), MINUTE, AGAIN_AFTER - MINUTE):
        assert cover_of(title, studio, now + later) is None
    assert len(covers.asked()) == 1
    covers.has[ISBN] = Reply(200, picture())
    assert red(cover_of(title, studio, now + AGAIN_AFTER + MINUTE))
    assert AGAIN_AFTER == 30 * DAY


@pytest.mark.parametrize(
    "body",
    [
        picture((1, 1), "GIF"),
        picture((48, 48), "PNG"),
        picture((300, 90)),
        picture((40, 200)),
        b"",
        b"<html>Too many requests</html>",
        picture()[:400],
        bomb(),
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 500,
        picture((1, 1), "PNG"),
    ],
    ids=["1x1 GIF", "icon", "low", "narrow", "empty", "web page", "damaged", "bomb", "hostile PNG", "1x1 PNG"],
)
def test_what_is_no_cover_is_none_and_stays_so(cast, covers, studio, now, body):
    covers.has[ISBN] = Reply(200, body)
    title = book(cast.library, now, ISBN)
    assert cover_of(title, studio, now) is None
    assert list(remembered().values()) == [None]
    assert cover_of(title, studio, now + DAY) is None
    assert len(covers.asked()) == 1


@pytest.mark.parametrize("size", [6_000_000, 20_000_000])
def test_an_answer_that_never_ends_is_no_cover(cast, covers, studio, now, size):
    covers.has[ISBN] = Reply(200, picture() + b"\0" * size)
    title = book(cast.library, now, ISBN)
    assert cover_of(title, studio, now) is None
    assert cover_of(title, studio, now + DAY) is None
    assert len(covers.asked()) == 1


@pytest.mark.parametrize(
    "reply",
    [
        *(Reply(status, b"no") for status in (401, 403, 429, 500, 502, 503)),
        Reply(raw=cut_off),
        Reply(raw=lambda h: None),
    ],
    ids=["401", "403", "429", "500", "502", "503", "cut off", "hung up"],
)
def test_a_busy_server_is_not_remembered_as_having_none_and_is_left_alone_for_a_while(cast, covers, studio, now, reply):
    covers.has[ISBN] = Reply(200, picture())
    covers.always = reply
    titles = [book(cast.library, now, isbn) for isbn in (ISBN, "9780306406157")]
    assert [cover_of(title, studio, now) for title in titles] == [None, None]
    assert len(covers.asked()) == 1
    covers.always = None
    assert cover_of(titles[0], studio, now + WINDOW - MINUTE) is None
    assert red(cover_of(titles[0], studio, now + WINDOW + MINUTE))


def test_a_server_that_is_gone_leaves_our_card(cast, studio, now):
    gone = replace(studio, covers="http://127.0.0.1:9")
    (one,) = drawn(cast, [book(cast.library, now, ISBN)], gone, now, real_covers=True)
    assert one.data


def test_redirects_are_followed_to_the_picture(cast, covers, studio, now):
    covers.has[ISBN] = Reply(302, b"", {"Location": f"{covers.url}/archive/elsewhere.jpg"})
    covers.has["elsewhere"] = Reply(200, picture())
    assert red(cover_of(book(cast.library, now, ISBN), studio, now))


def test_a_redirect_into_the_school_s_network_is_refused(cast, covers, studio, now):
    with LocalServer(lambda request: Reply(200, picture()), host="127.0.0.2") as inside:
        covers.has[ISBN] = Reply(302, b"", {"Location": f"{inside.url}/secret.jpg"})
        narrow = replace(studio, reach=Reach(allow_hosts=("127.0.0.1",)))
        assert cover_of(book(cast.library, now, ISBN), narrow, now) is None
        assert inside.seen == []
    assert len(covers.asked()) == 1


@pytest.mark.parametrize(
    "place",
    ["http://127.0.0.1:{port}/x.jpg", "http://localhost:{port}/x.jpg", "http://[::ffff:127.0.0.1]:{port}/x.jpg"],
)
def test_a_private_address_is_not_asked_for_a_cover_whatever_a_feed_says(cast, covers, studio, now, place):
    title = book(cast.library, now, cover=place.format(port=covers.server.port))
    in_feed(cast.library, title, now, licensed=True)
    assert cover_of(title, replace(studio, reach=Reach(), covers=""), now) is None
    assert covers.asked() == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://c.example/x",
        "javascript:alert(1)",
        "/relative.jpg",
        "http://[oops/x",
        "http://",
        "",
    ],
)
def test_an_address_of_a_cover_that_is_none_leaves_our_card(cast, covers, studio, now, url):
    title = book(cast.library, now, cover=url)
    in_feed(cast.library, title, now, licensed=True)
    assert len(drawn(cast, [title], studio, now, real_covers=True)) == 1
    assert covers.asked() == []


@pytest.mark.parametrize("licensed", [True, False])
def test_a_feed_s_own_covers_need_its_licence(cast, covers, studio, now, licensed):
    with LocalServer(lambda request: Reply(200, picture())) as vendor:
        title = book(cast.library, now, cover=f"{vendor.url}/jacket.jpg")
        in_feed(cast.library, title, now, licensed)
        assert red(cover_of(title, studio, now)) == licensed
        assert len(vendor.seen) == int(licensed)


def test_the_licence_of_one_library_s_feed_is_not_that_of_another(cast, covers, studio, now):
    with LocalServer(lambda request: Reply(200, picture())) as vendor:
        ours, theirs = (book(lib, now, cover=f"{vendor.url}/jacket.jpg") for lib in (cast.library, cast.other))
        in_feed(cast.library, ours, now, licensed=True)
        assert red(cover_of(ours, studio, now))
        assert cover_of(theirs, studio, now) is None


def test_a_licensed_cover_comes_before_open_library_s(cast, covers, studio, now):
    with LocalServer(lambda request: Reply(200, picture())) as vendor:
        title = book(cast.library, now, ISBN, cover=f"{vendor.url}/jacket.jpg")
        in_feed(cast.library, title, now, licensed=True)
        assert red(cover_of(title, studio, now))
    assert covers.asked() == []


def test_open_library_s_own_addresses_need_no_licence(cast, covers, studio, now):
    covers.has["8739161-L"] = covers.has["8739161"] = Reply(200, picture())
    title = book(cast.library, now, cover=f"{covers.url}/b/id/8739161-L.jpg")
    assert red(cover_of(title, studio, now))


def test_switched_off_means_nobody_is_asked(cast, covers, studio, now):
    title = book(cast.library, now, ISBN, cover=f"{covers.url}/b/id/1-L.jpg")
    assert cover_of(title, replace(studio, covers=""), now) is None
    assert covers.asked() == []


def test_a_hundred_look_ups_in_five_minutes_and_then_our_cards(cast, covers, studio, now):
    covers.has["9990000000100"] = Reply(200, picture())
    titles = [book(cast.library, now, f"9990000000{n:03}") for n in range(LOOK_UPS + 5)]
    for n, title in enumerate(titles):
        assert cover_of(title, studio, now + n * timedelta(seconds=1)) is None
    assert len(covers.asked()) == LOOK_UPS == 100
    assert red(cover_of(titles[100], studio, now + WINDOW + MINUTE))


def test_covers_that_are_here_are_used_however_many_were_asked_for(cast, covers, studio, now):
    covers.has[ISBN] = Reply(200, picture())
    title = book(cast.library, now, ISBN)
    cover_of(title, studio, now)
    with writing() as session:
        session.add_all(Cover(url=f"{covers.url}/b/isbn/{n}-L.jpg", asked_at=now) for n in range(LOOK_UPS))
    assert red(cover_of(title, studio, now + MINUTE))


def test_what_is_kept_is_made_anew_without_what_was_hidden_in_it(cast, covers, studio, now):
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    sent = picture(exif=exif, comment=b"secret note") + b"secret tail"
    covers.has[ISBN] = Reply(200, sent)
    assert red(cover_of(book(cast.library, now, ISBN), studio, now))
    (digest,) = remembered().values()
    stored = studio.store.read(digest)
    assert stored != sent
    assert b"secret" not in stored
    assert not Image.open(io.BytesIO(stored)).getexif()


def test_nothing_is_held_while_another_server_is_asked(cast, covers, studio, now):
    covers.has[ISBN] = Reply(200, picture())
    titles = [book(cast.library, now, isbn) for isbn in (ISBN, "9780306406157", "9783161484100")]
    drawn(cast, titles, studio, now, real_covers=True)
    assert covers.held == [0, 0, 0]


def test_two_workers_who_ask_for_one_cover_at_the_same_time_both_have_it(app, cast, studio, now):
    both = Barrier(2)

    def answer(request):
        both.wait(10)
        return Reply(200, picture())

    def ask(title_id):
        with app.app_context():
            return red(cover_of(db.session.get_one(Title, title_id), asking, now))

    with LocalServer(answer) as server, ThreadPoolExecutor(2) as pool:
        asking = replace(studio, covers=server.url)
        ids = [book(cast.library, now, ISBN, name=name).id for name in ("Emma", "Emma again")]
        db.session.rollback()
        assert list(pool.map(ask, ids)) == [True, True]
    assert len(remembered()) == 1


def test_for_all_the_covers_of_a_post_a_person_waits_no_longer_than_she_would_for_a_page(
    cast, covers, studio, now, monkeypatch
):
    monkeypatch.setattr("outreach.titles.covers.PATIENCE", 3.0)
    covers.always, covers.slow = Reply(200, picture()), 0.7
    titles = [book(cast.library, now, isbn) for isbn in ("9780306406157", "9783161484100", ISBN, "9780061020704")]
    began = monotonic()
    made = drawn(cast, titles, studio, now, real_covers=True)
    assert monotonic() - began < 10
    assert [red(Image.open(io.BytesIO(one.data)).convert("RGB")) for one in made] == [True, True, False, False]
    assert SILENT not in remembered().values()  # it is slow, and may be asked for the others next time


class TestPages:
    @pytest.fixture
    def pages(self):
        return True

    def test_a_preview_fetches_the_covers_that_the_post_will_show(self, app, cast, covers, now):
        covers.has[ISBN] = Reply(200, picture())
        app.extensions["shop"] = replace(
            app.extensions["shop"], reach=LOOPBACK, config=replace(app.extensions["shop"].config, covers=covers.url)
        )
        title, ana = book(cast.library, now, ISBN), signed_in(app, cast.contributor)

        def seen(address):
            with Image.open(io.BytesIO(ana.get(f"/titles/all/{address}").data)) as image:
                return red(image.convert("RGB"))

        assert not seen(f"{title.id}/card")
        assert not seen(f"{title.id}/cover")  # a page of titles asks nobody
        assert covers.asked() == []
        assert seen(f"{title.id}/cover?fetch=1")
        assert seen(f"{title.id}/cover")
        assert len(covers.asked()) == 1
        plain, real = (
            ana.get(f"/titles/all/collage?title={title.id}&shape=wide{more}").data for more in ("", "&real=1")
        )
        assert plain != real


def test_a_cover_whose_file_is_gone_is_fetched_anew(cast, covers, studio, now):
    covers.has[ISBN] = Reply(200, picture())
    title = book(cast.library, now, ISBN)
    assert red(cover_of(title, studio, now))
    (digest,) = remembered().values()
    studio.store.path(digest).unlink()
    assert kept_cover(db.session(), title, studio) is None
    assert red(cover_of(title, studio, now + MINUTE))


def test_no_more_than_two_previews_fetch_covers_at_once():
    with patience_of_preview() as first, patience_of_preview() as second, patience_of_preview() as third:
        assert (first > monotonic(), second > monotonic(), third) == (True, True, 0)
    with patience_of_preview() as later:
        assert later > monotonic()
