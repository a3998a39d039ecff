"""The pictures of a list of books: in each shape its places like, beside a person's own, frozen with their words."""

import io
import os
from datetime import timedelta

import pytest
from clients import signed_in
from factories import MASTODON, delivery, queue, write
from fakes import FakeNetwork, door
from PIL import Image
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.accounts.limits import dump
from outreach.db import db, writing
from outreach.drawing.collage import SHAPES
from outreach.media.store import upload
from outreach.media.unused import KEPT, forget_unused
from outreach.models import Account, Medium, Post, Title
from outreach.posts import approve, compose, send
from outreach.posts.publish import publish
from outreach.posts.seen import Stale
from outreach.posts.written import Written
from outreach.titles import correct
from outreach.titles.covers import studio_of
from outreach.titles.pictures import redraw, redraw_posts_with
from outreach.words import NotDone

BOOKS = (("Emma", "Jane Austen"), ("Ox", None), ("Moon", "Ana Ruiz"), ("Rain", "Li Wei"), ("Snow", "Bo Ek"))


@pytest.fixture
def studio(app):
    return studio_of(app.extensions["shop"])


@pytest.fixture
def books(cast, now):
    return shelve(cast.library, now)


def shelve(library, now):
    with writing() as session:
        made = [
            Title(library_id=library.id, title=name, author=author, match_key=name, first_seen_at=now)
            for name, author in BOOKS
        ]
        session.add_all(made)
    return made


def place(cast, now, network="mastodon", server="", **limits):
    """Another place of the library."""
    with writing() as session:
        made = Account(library_id=cast.library.id, network=network, name=f"Place {limits} {server}", server=server)
        made.created_at, made.limits = now, dump(MASTODON) | limits
        session.add(made)
    return made


def own(studio, cast, now):
    """A picture that a person uploaded."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "PNG")
    return upload(studio.store, cast.library.id, out.getvalue(), "own.png", now).id


def listed(cast, books, studio, now, pictures="collage", accounts=None, **more):
    """A draft about some books, as the composer saves it."""
    fields = {"pictures": pictures, **more.pop("fields", {})}
    titles = [book.id for book in books]
    post = write(cast, now, "New:", accounts, kind="titles", fields=fields, titles=titles, **more)
    redraw(post.id, studio, now)
    return post


def change(post, cast, studio, now, **more):
    """Saved again with something else."""
    post = again(post)
    written = {
        "kind": "titles",
        "words": post.words,
        "fields": post.fields,
        "timing": "now",
        "accounts": {p.account_id: "" for p in post.placements},
        "media": [(m.medium_id, m.alt) for m in post.media if not m.shape],
        "titles": [t.title_id for t in post.titles],
    }
    compose.save(post.id, Written(**(written | more)), post.revision, cast.author, now)
    redraw(post.id, studio, now)


def again(post):
    db.session.rollback()
    return db.session.get_one(Post, post.id, populate_existing=True)


def drawn(post):
    return [m for m in again(post).media if m.shape]


def shapes(post):
    return sorted(m.shape for m in drawn(post))


def digests(post):
    return {m.shape: m.medium.digest for m in drawn(post)}


def frozen(post):
    return delivery(post).payload["images"]


def test_a_list_gets_a_collage_in_each_shape_its_places_like_and_no_other(cast, books, studio, now):
    wide, tall = place(cast, now, shape="wide"), place(cast, now, "by_hand", "instagram")
    post = listed(cast, books, studio, now, accounts=[wide, tall, cast.practice])
    assert shapes(post) == ["tall", "wide"]
    for row in drawn(post):
        with Image.open(io.BytesIO(studio.store.read(row.medium.digest))) as image:
            assert image.size == (row.medium.width, row.medium.height) == SHAPES[row.shape]
            assert row.medium.mime == f"image/{image.format.lower()}"


def test_each_place_is_sent_the_shape_it_likes(cast, books, studio, now):
    wide, square = place(cast, now, shape="wide"), place(cast, now, shape="square")
    post = listed(cast, books, studio, now, accounts=[wide, square])
    known = digests(post)
    send.for_review(post.id, cast.author, now)
    approve.approve(post.id, again(post).revision, cast.decider, now)
    sent = {d.account_id: [i["digest"] for i in d.payload["images"]] for d in again(post).deliveries}
    assert sent == {wide.id: [known["wide"]], square.id: [known["square"]]}


@pytest.mark.parametrize(("pictures", "number"), [("four", 4), ("none", 0), ("collage", 1)])
def test_as_many_pictures_as_were_chosen(cast, books, studio, now, pictures, number):
    assert len(drawn(listed(cast, books, studio, now, pictures))) == number


def test_four_covers_each_say_their_book(cast, books, studio, now):
    post = listed(cast, books, studio, now, "four")
    said = [m.alt for m in sorted(drawn(post), key=lambda m: m.position)]
    assert said == ["Emma by Jane Austen", "Ox", "Moon by Ana Ruiz", "Rain by Li Wei"]


def test_two_books_of_one_name_share_a_card(cast, now, studio):
    books = shelve(cast.library, now)[:1] + shelve(cast.library, now)[:1]
    assert [m.alt for m in drawn(listed(cast, books, studio, now, "four"))] == ["Emma by Jane Austen"]


def test_a_list_without_a_book_has_no_picture(cast, studio, now):
    assert drawn(listed(cast, [], studio, now)) == []


def test_news_has_no_picture_drawn(cast, studio, now):
    post = write(cast, now, fields={"pictures": "collage"})
    redraw(post.id, studio, now)
    assert drawn(post) == []


def test_it_is_drawn_anew_when_books_or_places_change(cast, books, studio, now):
    post = listed(cast, books, studio, now)
    before = digests(post)
    change(post, cast, studio, now, titles=[b.id for b in books[:3]])
    fewer = digests(post)
    assert set(before) == set(fewer) == {"square"}
    assert fewer != before
    change(post, cast, studio, now, accounts={place(cast, now, shape="wide").id: ""})
    assert shapes(post) == ["wide"]


@pytest.mark.parametrize("pictures", ["none", "four"])
def test_another_choice_takes_the_old_picture_away(cast, books, studio, now, pictures):
    post = listed(cast, books, studio, now)
    change(post, cast, studio, now, fields={"pictures": pictures})
    assert shapes(post) == {"none": [], "four": ["each"] * 4}[pictures]


def test_other_words_above_the_list_leave_the_picture_as_it_is(cast, books, studio, now):
    post = listed(cast, books, studio, now)
    before = digests(post)
    change(post, cast, studio, now, words="Something else:")
    assert digests(post) == before


def retitle(book, now):
    correct.correct(book.id, correct.Typed(title="Emma and her friends", author="Jane Austen"), OUTREACH, now)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_better_words_of_a_book_are_drawn_while_the_post_is_open(cast, books, studio, now, state):
    post = listed(cast, books, studio, now)
    if state != "draft":
        send.for_review(post.id, cast.author, now)
    if state == "returned":
        approve.send_back(post.id, "Look again", cast.decider, now)
    before = digests(post)
    retitle(books[0], now)
    redraw_posts_with(books[0].id, studio, now)
    assert again(post).state == state
    assert digests(post) != before
    assert "Emma and her friends by Jane Austen" in drawn(post)[0].alt


def test_an_approver_who_saw_the_old_words_of_a_book_is_asked_to_look_again(cast, books, studio, now):
    post = listed(cast, books, studio, now)
    send.for_review(post.id, cast.author, now)
    seen = again(post).revision
    retitle(books[0], now)
    redraw_posts_with(books[0].id, studio, now)
    with pytest.raises(Stale):
        approve.approve(post.id, seen, cast.decider, now)
    approve.approve(post.id, again(post).revision, cast.decider, now)
    assert "Emma and her friends" in frozen(post)[0]["alt"]


def test_what_is_approved_is_drawn_no_more(cast, books, studio, now):
    post = listed(cast, books, studio, now)
    send.for_review(post.id, cast.author, now)
    approve.approve(post.id, again(post).revision, cast.decider, now)
    before, sealed = digests(post), frozen(post)
    retitle(books[0], now)
    redraw_posts_with(books[0].id, studio, now)
    redraw(post.id, studio, now)
    assert (digests(post), frozen(post)) == (before, sealed)


def test_the_picture_and_its_words_are_frozen_and_sent(cast, books, studio, now):
    post = listed(cast, books, studio, now)
    send.for_review(post.id, cast.author, now)
    approve.approve(post.id, again(post).revision, cast.decider, now)
    (image,) = frozen(post)
    assert image["digest"] == digests(post)["square"]
    network = FakeNetwork()
    assert [publish(n, door(network, now)) for n in queue(post, now)] == ["published"]
    (picture,) = network.posts[0].pictures
    assert picture.alt == image["alt"]
    assert picture.alt.startswith("Covers of 5 books: Emma by Jane Austen; Ox; Moon")


@pytest.mark.parametrize("most", [40, 70, 400])
def test_the_description_lists_the_books_and_fits_the_smallest_place(cast, books, studio, now, most):
    post = listed(cast, books, studio, now, accounts=[cast.account, place(cast, now, alt_characters=most)])
    (row,) = drawn(post)
    assert 0 < len(row.alt) <= most
    assert "Emma" in row.alt
    assert ("Snow by Bo Ek" in row.alt) == (most == 400)
    send.for_review(post.id, cast.author, now)  # nothing stands in the way


def test_nine_books_are_in_the_picture_and_the_others_in_the_list(cast, now, studio):
    books = shelve(cast.library, now) + shelve(cast.library, now)
    assert drawn(listed(cast, books, studio, now))[0].alt.startswith("Covers of 9 books")


def test_a_person_s_own_picture_stays_first_and_survives_a_save(cast, books, studio, now):
    mine = own(studio, cast, now)
    post = listed(cast, books, studio, now, media=[(mine, "Our shelf")])
    change(post, cast, studio, now, words="Better words:")
    rows = sorted(again(post).media, key=lambda m: m.position)
    assert [(m.alt[:9], m.shape) for m in rows] == [("Our shelf", ""), ("Covers of", "square")]
    change(post, cast, studio, now, media=[])
    assert shapes(post) == ["square"]


def test_the_drawn_picture_is_there_after_a_save_that_could_not_draw(cast, books, studio, now):
    """A worker that dies between the two leaves the picture of before."""
    post = again(listed(cast, books, studio, now))
    written = Written("titles", "Else:", "", post.fields, timing="now", accounts={cast.account.id: ""})
    compose.save(post.id, written, post.revision, cast.author, now)
    assert shapes(post) == ["square"]


@pytest.mark.parametrize("pictures", ["collage", "four"])
def test_what_is_not_drawn_yet_does_not_go_into_review(cast, books, now, studio, pictures):
    post = write(cast, now, kind="titles", fields={"pictures": pictures}, titles=[b.id for b in books])
    with pytest.raises(NotDone, match="not drawn yet"):
        send.for_review(post.id, cast.author, now)
    redraw(post.id, studio, now)
    send.for_review(post.id, cast.author, now)


def test_a_place_that_takes_no_pictures_gets_the_list_alone(cast, books, studio, now):
    aloud = place(cast, now, "by_hand", "announcements")
    post = listed(cast, books, studio, now, accounts=[aloud])
    assert drawn(post) == []
    send.for_review(post.id, cast.author, now)
    approve.approve(post.id, again(post).revision, cast.decider, now)
    assert frozen(post) == []


def test_a_place_that_needs_a_picture_is_content_with_it(cast, books, studio, now):
    instagram = place(cast, now, "by_hand", "instagram")
    bare = listed(cast, books, studio, now, "none", accounts=[instagram])
    with pytest.raises(NotDone, match="needs a picture"):
        send.for_review(bare.id, cast.author, now)
    post = listed(cast, books, studio, now, accounts=[instagram])
    send.for_review(post.id, cast.author, now)
    assert shapes(post) == ["tall"]


def test_more_pictures_than_a_place_takes_are_said_and_not_left_away(cast, books, studio, now):
    mine = own(studio, cast, now)
    post = listed(cast, books, studio, now, "four", media=[(mine, "Our shelf")])
    with pytest.raises(NotDone, match="takes 4 pictures at most"):
        send.for_review(post.id, cast.author, now)


def test_the_pictures_of_two_libraries_are_two(cast, books, studio, now):
    theirs_by_hand = select(Account.id).where(Account.library_id == cast.other.id, Account.network == "by_hand")
    theirs = compose.create(
        cast.other.id,
        Written(
            "titles",
            fields={"pictures": "collage"},
            accounts={db.session.scalar(theirs_by_hand): ""},
            titles=[b.id for b in shelve(cast.other, now)],
        ),
        OUTREACH,
        now,
    )
    redraw(theirs.id, studio, now)
    post = listed(cast, books, studio, now)
    owners = {m.medium.library_id for m in drawn(post)}, {m.medium.library_id for m in drawn(theirs)}
    assert owners == ({cast.library.id}, {cast.other.id})
    with pytest.raises(NotDone, match="another library"):
        change(post, cast, studio, now, titles=[t.id for t in db.session.query(Title) if t.library_id == cast.other.id])


def test_a_full_disk_is_said(cast, books, studio, now):
    post = write(cast, now, kind="titles", fields={"pictures": "collage"}, titles=[b.id for b in books])
    studio.store.folder.parent.mkdir(parents=True, exist_ok=True)
    studio.store.folder.write_bytes(b"no folder")
    with pytest.raises(NotDone, match="could not be stored"):
        redraw(post.id, studio, now)
    assert drawn(post) == []


def test_without_its_last_book_it_has_no_picture(cast, books, studio, now):
    post = listed(cast, books[:1], studio, now)
    change(post, cast, studio, now, titles=[])
    assert drawn(post) == []


def test_an_approved_list_that_is_edited_is_drawn_and_reviewed_again(cast, books, studio, now):
    titles = [b.id for b in books]
    post = listed(cast, books, studio, now)
    send.for_review(post.id, cast.author, now)
    later = now + timedelta(days=1)
    approve.approve(post.id, again(post).revision, cast.decider, now)
    before = digests(post)
    change(post, cast, studio, later, titles=titles[:2])
    assert again(post).state == "submitted"
    assert digests(post) != before


def test_pictures_that_no_post_shows_any_more_are_forgotten_with_their_files(cast, books, studio, now):
    mine = own(studio, cast, now)
    post = listed(cast, books[:2], studio, now)
    before = digests(post)
    change(post, cast, studio, now, titles=[books[2].id])
    files = {digest: studio.store.path(digest) for digest in {*before.values(), *digests(post).values()}}
    for path in files.values():
        os.utime(path, (0, 0))
    forget_unused(studio.store, now + KEPT - timedelta(hours=1))
    assert all(path.exists() for path in files.values())
    forget_unused(studio.store, now + KEPT + timedelta(hours=1))
    assert {digest for digest, path in files.items() if path.exists()} == set(digests(post).values())
    assert db.session.get(Medium, mine, populate_existing=True) is None  # chosen, and left out of every post


def test_a_picture_that_is_drawn_again_at_the_same_moment_keeps_its_file(cast, books, studio, now):
    post = listed(cast, books[:1], studio, now)
    (digest,) = digests(post).values()
    change(post, cast, studio, now, titles=[books[2].id])
    os.utime(studio.store.path(digest), (0, 0))
    studio.store.write(studio.store.read(digest))
    os.utime(studio.store.path(digest), ((now + KEPT).timestamp(),) * 2)
    forget_unused(studio.store, now + KEPT + timedelta(hours=1))
    assert studio.store.has(digest)


def test_files_that_nothing_points_to_go_as_well_and_none_that_is_whole_turns_empty(cast, studio, now):
    digest = studio.store.write(b"of a library that was removed")
    os.utime(studio.store.path(digest), (0, 0))
    forget_unused(studio.store, now)
    assert not studio.store.has(digest)
    assert studio.store.read(studio.store.write(b"of a library that was removed"))


class TestPages:
    @pytest.fixture
    def pages(self):
        return True

    @pytest.fixture
    def ana(self, app, cast):
        return signed_in(app, cast.contributor)

    @pytest.mark.parametrize("shape", list(SHAPES))
    def test_a_collage_is_shown_before_anything_is_stored(self, ana, books, shape):
        chosen = [book.id for book in books]
        answer = ana.get("/titles/all/collage", query_string={"title": chosen, "shape": shape})
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert answer.headers["ETag"]
        assert "private" in answer.headers["Cache-Control"]
        with Image.open(io.BytesIO(answer.data)) as image:
            assert image.size == SHAPES[shape]
        assert db.session.scalars(select(Medium)).all() == []

    def test_its_order_is_that_of_the_post(self, ana, books):
        def seen(*ids):
            return ana.get("/titles/all/collage", query_string={"title": ids, "shape": "wide"}).data

        one, two, three = (book.id for book in books[:3])
        assert seen(one, two, three) != seen(three, two, one)
        assert seen(one, one, two) == seen(one, two)

    def test_of_thirty_books_the_first_nine_are_in_it(self, ana, cast, now):
        ids = [book.id for _ in range(6) for book in shelve(cast.library, now)]
        many = ana.get("/titles/all/collage", query_string={"title": ids, "shape": "wide"})
        nine = ana.get("/titles/all/collage", query_string={"title": ids[:9], "shape": "wide"})
        assert (many.status_code, many.data) == (200, nine.data)

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "shape=wide",
            "title=&shape=wide",
            "title=x&shape=wide",
            "title=-1&shape=wide",
            "title=99999999999&shape=wide",
        ],
    )
    def test_a_collage_of_nothing_is_not_found(self, ana, books, query):
        assert ana.get(f"/titles/all/collage?{query}").status_code == 404

    @pytest.mark.parametrize("shape", ["", "round", "each", "../wide"])
    def test_a_shape_that_is_none_is_not_found(self, ana, books, shape):
        answer = ana.get("/titles/all/collage", query_string={"title": books[0].id, "shape": shape})
        assert answer.status_code == 404

    def test_a_card_is_small_and_kept_by_the_browser(self, ana, books):
        answer = ana.get(f"/titles/all/{books[0].id}/card")
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert answer.headers["ETag"]
        with Image.open(io.BytesIO(answer.data)) as image:
            assert image.size == (400, 600)

    @pytest.mark.parametrize("number", ["0", "99999", "99999999999999", "x", "-1"])
    def test_a_card_of_no_book_is_not_found(self, ana, books, number):
        assert ana.get(f"/titles/all/{number}/card").status_code == 404

    def test_two_libraries_do_not_see_each_other_s_books(self, ana, cast, books, now):
        theirs = shelve(cast.other, now)
        assert ana.get(f"/titles/all/{theirs[0].id}/card").status_code == 404
        alone = ana.get("/titles/all/collage", query_string={"title": [t.id for t in theirs], "shape": "wide"})
        mixed = ana.get("/titles/all/collage", query_string={"title": [books[0].id, theirs[1].id], "shape": "wide"})
        ours = ana.get("/titles/all/collage", query_string={"title": [books[0].id], "shape": "wide"})
        assert alone.status_code == 404
        assert mixed.data == ours.data

    def test_better_words_of_a_book_are_on_its_card_and_in_its_post(self, ana, cast, books, studio, now):
        post = listed(cast, books, studio, now)
        before, card = digests(post), ana.get(f"/titles/all/{books[0].id}/card").data
        ana.post(f"/titles/all/{books[0].id}", data={"title": "Emma and her friends", "author": "Jane Austen"})
        assert digests(post) != before
        assert ana.get(f"/titles/all/{books[0].id}/card").data != card

    def test_an_edit_of_the_words_keeps_the_drawn_picture(self, ana, cast, books, studio, now):
        post = again(listed(cast, books, studio, now))
        before, form = digests(post), {"words": "Better:", "account": cast.account.id, "timing": "slot", "then": "keep"}
        form |= {"revision": post.revision, "pictures": "collage", "title": [b.id for b in books]}
        assert ana.post(f"/posts/{post.id}/edit", data=form).status_code == 302
        assert (again(post).words, digests(post)) == ("Better:", before)

    def test_a_saved_list_has_its_picture(self, ana, cast, books):
        form = {"words": "New:", "account": cast.account.id, "timing": "slot", "then": "keep", "pictures": "collage"}
        ana.post("/posts/new/titles", data=form | {"title": [b.id for b in books], "form_key": "k"})
        assert shapes(db.session.query(Post).one()) == ["square"]

    def test_the_picture_is_in_the_preview_before_the_post_is_saved(self, ana, cast, books):
        form = {"words": "New:", "account": [cast.account.id, cast.practice.id], "mixed": 1, "pictures": "collage"}
        said = ana.post("/posts/preview/titles", data=form | {"title": [b.id for b in books]}).get_data(as_text=True)
        assert all(f"shape={shape}" in said for shape in ("square", "wide"))
        assert "Covers of 5 books: Emma by Jane Austen" in said
        assert "not drawn yet" not in said

    def test_a_list_to_read_aloud_is_not_told_to_wait_for_a_picture(self, ana, cast, books, now):
        aloud = place(cast, now, "by_hand", "announcements")
        form = {"words": "New:", "account": aloud.id, "pictures": "collage", "title": books[0].id}
        said = ana.post("/posts/preview/titles", data=form).get_data(as_text=True)
        assert "Emma" in said
        assert "not drawn yet" not in said
