"""The pages of a correction: its form, the look of another pair of eyes, and what a person changes by hand."""

import re

import pytest
from clients import signed_in
from factories import approved, deliveries, queue
from fakes import FakeNetwork, door
from form_pages import fields_of
from pictures_made import jpeg
from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts.retire import retire
from outreach.db import db, writing
from outreach.media.store import upload
from outreach.models import Account, Mail, Post
from outreach.people import members
from outreach.posts import change, hand
from outreach.posts.publish import publish

WRONG, RIGHT = "Poetry on Firday", "Poetry on Friday"


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def ben(app, cast):
    return signed_in(app, cast.approver)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def out(cast, network, **more):
    now = clock.now()
    post = approved(cast, now, **{"words": WRONG} | more)
    queue(post, now)
    for one in deliveries(post):
        publish(one.id, door(network, now))
    return post


def corrected(client, post, then="review", words=RIGHT, **more):
    page = f"/corrections/{post.id}"
    fields = fields_of(client.get(page).get_data(as_text=True), page)
    (name,) = (field for field in fields if field.startswith("said-"))
    return client.post(page, data=fields | {name: words, "then": then} | more, follow_redirects=True)


def work(network):
    now = clock.now()
    return [change.change(n, door(network, now)) for n in change.due(now)]


def test_a_correction_from_the_post_to_the_network(cast, ana, ben):
    network = FakeNetwork()
    post = out(cast, network)
    assert "Correct it" in text_of(ana.get(f"/posts/{post.id}"))
    told = text_of(corrected(ana, post))
    assert "waits for review" in told
    assert "A correction of it waits for review" in told
    assert "1" in text_of(ben.get("/review/"))
    waiting = text_of(ben.get("/review/"))
    assert "A correction of what is out" in waiting
    assert "removed: Firday added: Friday" in waiting
    assert "Somebody else approves it" not in waiting
    look = ben.get(f"/corrections/{post.id}").get_data(as_text=True)
    assert "<del" in look
    assert "<ins" in look
    approve = re.search(r'action="(/corrections/one/\d+/approve)"', look)[1]
    assert "what becomes of it at each place" in text_of(
        ben.post(approve, data=fields_of(look, approve), follow_redirects=True)
    )
    assert work(network) == ["changed"]
    after = text_of(ana.get(f"/posts/{post.id}"))
    assert RIGHT in after
    assert f"Before: “{WRONG}”" in after


def test_who_may_approve_what_they_wrote_changes_it_at_once(app, cast):
    network = FakeNetwork()
    with writing() as session:
        session.merge(cast.library).own_approval = True
    post = out(cast, network)
    client = signed_in(app, cast.librarian)
    assert "what becomes of it at each place" in text_of(corrected(client, post, "change"))
    assert work(network) == ["changed"]


def test_who_writes_drafts_cannot_change_it_at_once(cast, ana):
    network = FakeNetwork()
    post = out(cast, network)
    assert "waits for review" in text_of(corrected(ana, post, "change"))
    assert work(network) == []


def test_what_was_typed_is_kept_where_it_does_not_fit(cast, ana):
    post = out(cast, FakeNetwork())
    answer = corrected(ana, post, words="x" * 501)
    assert answer.status_code == 422
    assert "too long" in text_of(answer)
    assert "x" * 501 in answer.get_data(as_text=True)


def test_a_form_of_yesterday_is_told_and_kept(cast, ana):
    post = out(cast, FakeNetwork())
    answer = corrected(ana, post, seal="0000")
    assert "has changed meanwhile" in text_of(answer)
    assert RIGHT in answer.get_data(as_text=True)


def test_sent_back_its_author_reads_why_and_finds_the_words(cast, ana, ben):
    post = out(cast, FakeNetwork())
    corrected(ana, post)
    look = ben.get(f"/corrections/{post.id}").get_data(as_text=True)
    back = re.search(r'action="(/corrections/one/\d+/send-back)"', look)[1]
    ben.post(back, data=fields_of(look, back) | {"note": "It is on Thursday."})
    assert "It is on Thursday." in text_of(ana.get(f"/posts/{post.id}"))
    assert "1 correction sent back to you" in text_of(ana.get("/"))
    assert "correction sent back" not in text_of(ben.get("/"))
    form = ana.get(f"/corrections/{post.id}").get_data(as_text=True)
    assert RIGHT in form


def test_one_own_correction_is_for_somebody_else(app, cast):
    post = out(cast, FakeNetwork())
    client = signed_in(app, cast.approver)
    corrected(client, post)
    assert "Somebody else approves it" in text_of(client.get("/review/"))


def test_what_was_sent_back_to_somebody_who_left_asks_whoever_looks_after_the_post(app, cast, ana, ben):
    post = out(cast, FakeNetwork())
    with writing() as session:
        session.get_one(Post, post.id).author_id = cast.librarian.id
    corrected(ana, post)
    look = ben.get(f"/corrections/{post.id}").get_data(as_text=True)
    back = re.search(r'action="(/corrections/one/\d+/send-back)"', look)[1]
    members.take_out(cast.contributor.id, cast.library.id, OUTREACH, clock.now())
    ben.post(back, data=fields_of(look, back) | {"note": "It is on Thursday."})
    assert "1 correction sent back to you" in text_of(signed_in(app, cast.librarian).get("/"))
    letters = db.session.scalars(select(Mail.to).where(Mail.about.like("correction-returned-%"))).all()
    assert letters == [cast.librarian.email]


def test_where_nothing_can_change_there_is_no_such_button(cast, ana):
    with writing() as session:
        session.get_one(Account, cast.account.id).network = "bluesky"
    post = out(cast, FakeNetwork())
    assert "Correct it" not in text_of(ana.get(f"/posts/{post.id}"))
    told = text_of(ana.get(f"/corrections/{post.id}", follow_redirects=True))
    assert "Nothing of this post that is out can be changed" in told


def test_a_place_that_cannot_change_is_named_before(cast, ana):
    with writing() as session:
        session.get_one(Account, cast.account.id).network = "bluesky"
    post = out(cast, FakeNetwork(), accounts=[cast.account, cast.practice])
    assert f"It stays as it is on: {cast.account.name}." in text_of(ana.get(f"/corrections/{post.id}"))


def test_by_hand_the_post_asks_for_it(cast, ana, ben):
    post = out(cast, FakeNetwork(), accounts=[cast.by_hand])
    hand.posted(deliveries(post)[0].id, "https://facebook.example/1", cast.author, clock.now())
    corrected(ana, post)
    look = ben.get(f"/corrections/{post.id}").get_data(as_text=True)
    approve = re.search(r'action="(/corrections/one/\d+/approve)"', look)[1]
    ben.post(approve, data=fields_of(look, approve))
    assert "1 to change there" in text_of(ana.get("/"))
    for page in ("/by-hand/", f"/places/{cast.by_hand.id}"):
        assert f"Change it there: {WRONG}" in text_of(ana.get(page))
    assert "Change it there" not in text_of(ana.get(f"/places/{cast.account.id}"))
    page = ana.get(f"/posts/{post.id}")
    assert "Please change it there, so that it says" in text_of(page)
    done = re.search(r'action="(/corrections/change/\d+/changed)"', page.get_data(as_text=True))[1]
    said = text_of(ana.post(done, data=fields_of(page.get_data(as_text=True), done), follow_redirects=True))
    assert "It is changed" in said
    assert deliveries(post)[0].payload["text"] == RIGHT


def test_several_places_by_hand_with_a_picture_are_asked_on_the_page_of_the_post(app, cast, ana, ben):
    """Each of them has a picture of its own to compare with."""
    with writing() as session:
        second = Account(library_id=cast.library.id, network="by_hand", name="Parents", server="parents",
                         created_at=clock.now())  # fmt: skip
        session.add(second)
    store = app.extensions["shop"].store
    medium = upload(store, cast.library.id, jpeg(60, 40), "a.jpg", clock.now())
    post = out(cast, FakeNetwork(), accounts=[cast.by_hand, second, cast.account], media=[(medium.id, "A tabel")])
    for one in deliveries(post)[:2]:
        hand.posted(one.id, "", cast.author, clock.now())
    page = f"/corrections/{post.id}"
    fields = fields_of(ana.get(page).get_data(as_text=True), page)
    mended = {WRONG: RIGHT, "A tabel": "A table"}
    sent = ana.post(page, data={n: [mended.get(one.strip(), one) for one in v] for n, v in fields.items()})
    assert sent.status_code == 302, text_of(sent)
    look = ben.get(page).get_data(as_text=True)
    approve = re.search(r'action="(/corrections/one/\d+/approve)"', look)[1]
    told = text_of(ben.post(approve, data=fields_of(look, approve), follow_redirects=True))
    assert told.count("Description of the picture A table") == 2
    assert told.count("It is changed") == 2
    assert "2 to change there" in text_of(ana.get("/"))
    asked = text_of(ana.get(f"/deliveries/{deliveries(post)[0].id}"))
    assert "It was corrected: please change it there" in asked


def test_who_corrects_what_somebody_has_just_corrected_is_told_and_may_take_its_place(cast, ana, ben):
    post = out(cast, FakeNetwork())
    page = f"/corrections/{post.id}"
    old = fields_of(ben.get(page).get_data(as_text=True), page)
    corrected(ana, post)
    (name,) = (field for field in old if field.startswith("said-"))
    answer = ben.post(page, data=old | {name: "Poetry on Thursday", "then": "review"})
    assert answer.status_code == 422
    told = text_of(answer)
    assert f"{cast.contributor.shown} has corrected this post meanwhile" in told
    assert "Poetry on Thursday" in told
    again = fields_of(answer.get_data(as_text=True), page)
    assert "waits for review" in text_of(ben.post(page, data=again | {"then": "review"}, follow_redirects=True))
    assert "put another one in the place of the correction" in text_of(ben.get(f"/posts/{post.id}"))


def test_a_correction_whose_place_was_removed_can_be_withdrawn_and_no_more(cast, ana):
    post = out(cast, FakeNetwork())
    corrected(ana, post)
    retire(cast.account.id, cast.decider, clock.now())
    page = ana.get(f"/corrections/{post.id}").get_data(as_text=True)
    assert "<textarea" not in page
    back = re.search(r'action="(/corrections/one/\d+/take-back)"', page)[1]
    ana.post(back, data=fields_of(page, back))
    assert ana.get(f"/corrections/{post.id}").status_code == 302


def test_who_posts_it_by_hand_is_told_that_a_correction_waits(cast, ana):
    post = out(cast, FakeNetwork(), accounts=[cast.practice, cast.by_hand])
    (mine,) = (d for d in deliveries(post) if d.account_id == cast.by_hand.id)
    page = f"/deliveries/{mine.id}"
    assert "correction of these words" not in text_of(ana.get(page))
    told = text_of(ana.get(f"/corrections/{post.id}"))
    assert f"Not out yet, so it goes out with the new words: {cast.by_hand.name}." in told
    corrected(ana, post)
    assert "A correction of these words waits for review" in text_of(ana.get(page))


def test_before_anything_is_out_there_is_nothing_to_correct(cast, ana):
    post = approved(cast, clock.now())
    assert "Correct it" not in text_of(ana.get(f"/posts/{post.id}"))
    assert ana.get(f"/corrections/{post.id}").status_code == 302
