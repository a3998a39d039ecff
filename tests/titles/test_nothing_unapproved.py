"""What goes out is what a person looked at, or what nobody but the catalog wrote; and no more counts as announced."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from clients import signed_in
from factories import deliveries, draft_due, queue, write
from fakes import FakeNetwork, door
from local_server import LocalServer, Reply
from sqlalchemy import select
from titles_desk import LOOPBACK, csv

from outreach.access import OUTREACH
from outreach.accounts.limits import dump
from outreach.channels.base import Limits, Refused
from outreach.db import db, writing
from outreach.media.store import Store
from outreach.models import Account, DigestRule, Feed, FeedTitle, Library, Mail, Post, Title
from outreach.posts import approve, compose, schedule, send
from outreach.posts.deciding import content
from outreach.posts.publish import publish
from outreach.posts.seen import Stale
from outreach.posts.written import Written
from outreach.titles import correct, feeds, list_deeds, rules
from outreach.titles.clean import match_key
from outreach.titles.covers import Studio, cover_of, patience, studio_of
from outreach.titles.draft import MOST_BY_ITSELF, _lapse, draft_one
from outreach.titles.pictures import redraw, redraw_posts_with
from outreach.titles.queries import news
from outreach.words import NotDone, Sentence
from tests.titles.brought import by_list, parsed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ISBN = "9780441013593"


@pytest.fixture
def by_itself(rule):
    with writing() as session:
        session.get_one(DigestRule, rule.id).by_itself = True
    return rule


@pytest.fixture
def studio(app):
    return studio_of(app.extensions["shop"])


class Meanwhile(Store):
    """The first picture takes its time to be stored: something happens before it is."""

    def __init__(self, folder, happens):
        super().__init__(folder)
        self.happens = [happens]

    def write(self, data):
        while self.happens:
            self.happens.pop()()
        return super().write(data)


def meanwhile(studio, happens):
    return replace(studio, store=Meanwhile(studio.store.folder, happens))


def again(row):
    db.session.rollback()
    return db.session.get_one(type(row), row.id, populate_existing=True)


def of_a_feed(cast, now, *names, **more):
    """News of the catalog, with words that no person wrote."""
    feed = feeds.add(cast.library, "https://c.example/feed?format=rss", "New books", OUTREACH, now)
    with writing() as session:
        made = [Title(library_id=cast.library.id, title=name, first_seen_at=now, **more) for name in names]
        for title in made:
            title.match_key = match_key(title.title, title.author, title.format)
            session.add(title)
            session.flush()
            session.add(FeedTitle(feed_id=feed.id, title_id=title.id, first_seen_at=now))
    return made


def draft(rule):
    """The next weekly post, written an hour before its time."""
    draft_due(again(rule).next_at - HOUR)
    return newest(rule)


def newest(rule):
    db.session.rollback()
    return db.session.scalar(select(Post).where(Post.digest_rule_id == rule.id).order_by(Post.id.desc()).limit(1))


def edit(post, by, now, **more):
    """Saved by a person, with something else in it."""
    post = again(post)
    written = {
        "kind": "titles",
        "words": post.words,
        "fields": dict(post.fields),
        "timing": post.timing,
        "wished_at": post.wished_at,
        "accounts": {p.account_id: p.words for p in post.placements},
        "titles": [t.title_id for t in post.titles],
    }
    compose.save(post.id, Written(**(written | more)), post.revision, by, now)


def change(rule, **options):
    with writing() as session:
        session.get_one(DigestRule, rule.id).options = options


def names(post):
    return [row.title.title for row in again(post).titles]


def alts(post):
    return [m.alt for m in again(post).media if m.shape]


def said(post):
    return deliveries(post)[0].payload["text"]


class TestByItself:
    """A weekly post that nobody looks at has nothing in it that a person wrote since it was allowed."""

    def test_words_of_the_catalog_alone_go_out(self, cast, by_itself, now):
        of_a_feed(cast, now, "Emma")
        assert draft(by_itself).state == "approved"

    def test_an_edit_between_writing_and_approving_is_not_approved(self, cast, by_itself, studio, now):
        of_a_feed(cast, now, "Emma")

        def edited():
            edit(newest(by_itself), cast.author, now, words="By the contributor")

        draft_one(by_itself.id, again(by_itself).next_at - HOUR, meanwhile(studio, edited))
        assert (newest(by_itself).words, newest(by_itself).state) == ("By the contributor", "submitted")
        assert "It waits for you" in again(by_itself).sentence

    @pytest.mark.parametrize("more", [{"link": "https://c.example/else"}, {"title": "Rude"}], ids=["link", "title"])
    def test_nor_is_a_title_that_was_corrected_between_the_two(self, cast, by_itself, studio, now, more):
        change(by_itself, line="{title} {link}")
        (emma,) = of_a_feed(cast, now, "Emma")

        def corrected():
            correct.correct(emma.id, correct.Typed(**({"title": "Emma"} | more)), cast.author, now)

        draft_one(by_itself.id, again(by_itself).next_at - HOUR, meanwhile(studio, corrected))
        assert newest(by_itself).state != "approved"
        assert "waits for you" in again(by_itself).sentence

    def test_titles_that_a_person_corrected_wait_for_a_word(self, cast, by_itself, now):
        (emma,) = of_a_feed(cast, now, "Emma")
        correct.correct(emma.id, correct.Typed("Rude"), cast.author, now)
        assert draft(by_itself).state == "submitted"
        assert "A person brought or changed some of its titles" in again(by_itself).sentence

    def test_titles_that_a_person_brought_wait_for_a_word(self, desk, by_itself):
        desk.bring(csv(f"Rude,,{ISBN}"))
        assert draft(by_itself).state == "submitted"
        assert "A person brought or changed some of its titles" in again(by_itself).sentence

    def test_and_those_of_a_feed_that_a_list_told_something_of(self, desk, cast, by_itself, now):
        of_a_feed(cast, now, "Emma")
        desk.bring(csv("Emma,Rude", header="Title,Subtitle"))
        assert [t.subtitle for t in desk.titles()] == ["Rude"]
        assert draft(by_itself).state == "submitted"

    def test_and_those_of_a_list_that_a_feed_has_as_well(self, desk, cast, by_itself, now):
        desk.bring(csv(f"Emma,Rude,{ISBN}"))
        feed = feeds.add(cast.library, "https://c.example/feed?format=rss", "New books", OUTREACH, now)
        with writing() as session:
            title = session.scalars(select(Title)).one()
            session.add(FeedTitle(feed_id=feed.id, title_id=title.id, first_seen_at=now))
        assert draft(by_itself).state == "submitted"

    def test_more_than_a_week_s_titles_at_once_wait_for_a_word(self, cast, by_itself, now):
        of_a_feed(cast, now, *(f"Book {n}" for n in range(MOST_BY_ITSELF + 1)))
        assert draft(by_itself).state == "submitted"
        assert f"{MOST_BY_ITSELF + 1} titles came at once" in again(by_itself).sentence

    def test_a_picture_that_cannot_be_drawn_holds_it_with_a_sentence(self, cast, by_itself, studio, now):
        of_a_feed(cast, now, "Emma")

        def breaks():
            raise ValueError("a damaged cover")

        draft_one(by_itself.id, again(by_itself).next_at - HOUR, meanwhile(studio, breaks))
        assert newest(by_itself).state == "draft"
        assert "It waits for you: Its picture could not be drawn" in again(by_itself).sentence


class TestInReview:
    """Whoever approves a post has seen these words and these pictures."""

    def test_a_later_source_fills_nothing_in_of_its_titles(self, desk, cast, rule, now):
        of_a_feed(cast, now, "Dune")
        post = draft(rule)
        seen, texts = again(post).revision, alts(post)
        desk.bring(csv("Dune,Rude,Grades 3-5", header="Title,Subtitle,Audience"))
        (dune,) = desk.titles()
        assert (dune.subtitle, dune.audience, dune.grade) == (None, "", None)
        approve.approve(post.id, seen, cast.decider, post.wished_at - MINUTE)
        assert [i["alt"] for i in deliveries(post)[0].payload["images"]] == texts

    def test_an_isbn_that_came_meanwhile_is_in_no_link_that_was_not_seen(self, desk, cast, rule, now):
        with writing() as session:
            session.get_one(Library, cast.library.id).title_link = "https://c.example/{isbn}"
        change(rule, line="{title} {link}")
        of_a_feed(cast, now, "Dune")
        post = draft(rule)
        seen = again(post).revision
        desk.bring(csv(f"Dune,,{ISBN}"))
        try:
            approve.approve(post.id, seen, cast.decider, post.wished_at - MINUTE)
        except Stale:
            return
        assert ISBN not in said(post)

    def test_of_two_that_draw_at_once_the_slower_is_dropped(self, cast, rule, studio, now):
        one, two = of_a_feed(cast, now, "One", "Two")
        post = draft(rule)
        edit(post, cast.author, now, titles=[one.id])

        def saved():
            edit(post, cast.decider, now, titles=[two.id])
            redraw(post.id, studio, now)

        redraw(post.id, meanwhile(studio, saved), now)
        assert (names(post), alts(post)) == (["Two"], ["Cover of Two"])

    def test_between_a_correction_and_its_picture_nothing_is_approved(self, cast, rule, studio, now):
        (one,) = of_a_feed(cast, now, "One")
        post = draft(rule)
        correct.correct(one.id, correct.Typed("Uno"), cast.author, now)
        with pytest.raises(NotDone, match="not drawn yet"):
            approve.approve(post.id, again(post).revision, cast.decider, post.wished_at - MINUTE)
        redraw_posts_with(one.id, studio, now)
        approve.approve(post.id, again(post).revision, cast.decider, post.wished_at - MINUTE)
        assert [i["alt"] for i in deliveries(post)[0].payload["images"]] == ["Cover of Uno"]

    def test_who_looked_before_a_picture_changed_is_asked_to_look_again(self, cast, rule, studio, now):
        (one,) = of_a_feed(cast, now, "One")
        post = draft(rule)
        correct.correct(one.id, correct.Typed("Uno"), cast.author, now)
        seen = again(post).revision  # its words are new already, its picture is not
        redraw_posts_with(one.id, studio, now)
        with pytest.raises(Stale):
            approve.approve(post.id, seen, cast.decider, post.wished_at - MINUTE)

    def test_who_decides_by_letter_gets_the_link_to_the_pictures_as_they_are_now(self, cast, rule, studio, now):
        (_one, two), soon = of_a_feed(cast, now, "One", "Two"), now + HOUR
        post = draft(rule)
        edit(post, cast.author, now, timing="at", wished_at=soon)
        edit(post, cast.author, now, timing="at", wished_at=soon, titles=[two.id])
        redraw(post.id, studio, now)
        db.session.rollback()
        seal = content(again(post))
        (letter,) = db.session.scalars(select(Mail).where(Mail.to == cast.approver.email)).all()
        assert f"-{seal[:16]}-" in letter.about
        assert "Cover of Two" in letter.body

    def test_a_picture_drawn_anew_as_it_was_asks_nobody_again(self, cast, rule, studio, now):
        of_a_feed(cast, now, "One")
        post = draft(rule)
        seen = again(post).revision
        redraw(post.id, studio, now)
        assert again(post).revision == seen

    def test_moved_to_next_week_it_does_not_lapse(self, cast, rule, now):
        of_a_feed(cast, now, "One")
        post = draft(rule)
        late = post.wished_at + 6 * DAY  # a worker has chosen it by now
        schedule.move(post.id, late + 3 * DAY, cast.decider, late)
        assert _lapse(post.id, late) is False
        assert again(post).state == "submitted"


class TestAnnounced:
    """What a message named that is out; nothing else."""

    def approved(self, cast, post, titles=None):
        post = again(post)
        approve.approve(post.id, post.revision, cast.decider, post.wished_at - MINUTE)
        return deliveries(post)

    def test_of_a_thread_that_is_partly_out_the_first_messages_titles_alone(self, cast, rule, now):
        with writing() as session:
            session.get_one(Account, cast.account.id).limits = dump(Limits(characters=90, thread=True))
            session.get_one(DigestRule, rule.id).most = 6
        change(rule, pictures="none")
        titles = of_a_feed(cast, now, *(f"A book with quite a long name, {letter}" for letter in "ABCDEF"))
        post = draft(rule)
        parts = self.approved(cast, post)
        assert len(parts) > 2
        network = FakeNetwork()
        (first,) = queue(post, post.wished_at)
        assert publish(first, door(network, post.wished_at)) == "published"
        network.refuses(Refused(Sentence("No."), "422"))
        assert [publish(n, door(network, post.wished_at)) for n in queue(post, post.wished_at)] == ["refused"]
        out = parts[0].payload["text"]
        assert {t.title for t in map(again, titles) if t.announced_at} == {t.title for t in titles if t.title in out}
        assert 0 < sum(t.title in out for t in titles) < len(titles)

    def test_a_title_that_was_corrected_after_its_approval_as_well(self, cast, rule, now):
        change(rule, whole=True)
        titles = of_a_feed(cast, now, "Teh Hobbit", "Dune")
        post = draft(rule)
        self.approved(cast, post)
        correct.correct(titles[0].id, correct.Typed("The Hobbit"), cast.author, now)
        assert [publish(n, door(FakeNetwork(), post.wished_at)) for n in queue(post, post.wished_at)] == ["published"]
        assert [again(t).announced_at for t in titles] == [post.wished_at] * 2

    def test_what_was_struck_is_struck_in_its_other_formats(self, cast, rule, now):
        of_a_feed(cast, now, "Other")
        with writing() as session:
            for kind in (None, "Audiobook"):
                key = match_key("Dog Man", "Dav Pilkey", kind)
                book = Title(library_id=cast.library.id, title="Dog Man", author="Dav Pilkey", format=kind)
                book.match_key, book.first_seen_at = key, now
                session.add(book)
        post = draft(rule)
        assert sorted(names(post)) == ["Dog Man", "Other"]
        other = [t.title_id for t in again(post).titles if t.title.title == "Other"]
        edit(post, cast.decider, now, titles=other)
        assert news(db.session(), again(rule), now) == []

    @pytest.mark.parametrize("practice_library", [True, False])
    def test_for_practice_nothing_unless_the_library_is_for_practice(self, cast, now, practice_library):
        with writing() as session:
            session.get_one(Library, cast.library.id).practice = practice_library
        (one,) = of_a_feed(cast, now, "One")
        post = write(cast, now, accounts=[cast.practice], kind="titles", titles=[one.id], fields={"pictures": "none"})
        send.for_review(post.id, cast.author, now)
        approve.approve(post.id, again(post).revision, cast.decider, now)
        assert [publish(n, door(FakeNetwork(), now)) for n in queue(post, now)] == ["published"]
        assert (again(one).announced_at is not None) == practice_library


class TestLists:
    def test_undo_leaves_what_a_post_takes_at_that_moment(self, app, desk, cast, now):
        list_id = desk.bring(csv(f"Dune,,{ISBN}"))
        (dune,) = desk.titles()
        titles, library_id, by = [dune.id], cast.library.id, cast.author
        listed = Written("titles", "New:", timing="now", accounts={cast.practice.id: ""}, titles=titles)

        def undo():
            with app.app_context():
                return list_deeds.undo(list_id, by, now)

        with ThreadPoolExecutor(1) as pool:
            with writing() as session:
                post = compose.create_in(session, library_id, listed, by, now)
                session.flush()
                undone = pool.submit(undo)
                with pytest.raises(TimeoutError):
                    undone.result(0.5)  # it waits for the post
            assert undone.result(20) == 0
        assert names(post) == ["Dune"]

    def test_undo_takes_back_what_it_filled_in_and_the_isbns_it_added(self, desk, cast, now):
        of_a_feed(cast, now, "Dune", "Emma")
        header = "Title,Subtitle,Audience,ISBN"
        list_id = desk.bring(csv(f"Dune,Rude,Grades 3-5,{ISBN}", "Emma,Rude,,", header=header))
        dune, emma = desk.titles()
        assert (dune.subtitle, dune.audience, [i.value for i in dune.ids]) == ("Rude", "Grades 3-5", [ISBN])
        correct.correct(emma.id, correct.Typed("Emma", subtitle="A novel"), cast.author, now)
        assert desk.undo(list_id) == 0
        dune, emma = desk.titles()
        assert (dune.subtitle, dune.audience, dune.grade, dune.ids) == (None, "", None, [])
        assert emma.subtitle == "A novel"

    def test_undo_takes_back_as_well_what_its_second_line_of_a_title_said(self, desk, cast, now):
        of_a_feed(cast, now, "Dune")
        others = (f"Book {n},," for n in range(1_200))  # read in another turn than the first line
        list_id = desk.bring(csv("Dune,Rude,", *others, "Dune,,Grades 3-5", header="Title,Subtitle,Audience"))
        assert [(t.subtitle, t.audience) for t in desk.titles()[:1]] == [("Rude", "Grades 3-5")]
        assert desk.undo(list_id) == 1_200
        assert [(t.subtitle, t.audience) for t in desk.titles()] == [(None, "")]

    @pytest.mark.parametrize("undone", [True, False])
    @pytest.mark.parametrize("purpose", ["old", "coming"])
    def test_what_is_no_list_of_news_is_not_announced_by_a_button_of_yesterday(self, desk, cast, now, purpose, undone):
        of_a_feed(cast, now, "Emma", baseline=True)
        list_id = desk.bring(csv("Emma,,", "Dune,,"), purpose)
        if undone:
            desk.undo(list_id)
        before = [(t.title, t.baseline, t.left_out) for t in desk.titles()]
        list_deeds.announce_known(list_id, cast.author, now)
        if undone or purpose == "old":
            assert not list_deeds.arrived(list_id, cast.author, now)
        assert [(t.title, t.baseline, t.left_out) for t in desk.titles()] == before
        assert desk.row(list_id).purpose == purpose

    def test_its_cover_is_not_posted_under_the_licence_of_a_feed(self, cast, studio, now):
        (dune,) = of_a_feed(cast, now, "Dune")
        with writing() as session:
            session.scalars(select(Feed)).one().licensed_covers = True
        with LocalServer(lambda request: Reply(404, b"")) as vendor:
            by_list(cast.library, now, parsed("Dune", cover=f"{vendor.url}/rude.jpg"))
            assert again(dune).cover == f"{vendor.url}/rude.jpg"
            assert cover_of(again(dune), Studio(studio.store, LOOPBACK, ""), now, patience()) is None
            assert vendor.seen == []


class TestTyped:
    @pytest.fixture
    def pages(self):
        return True

    def test_words_for_a_place_of_5_000_digits_are_dropped_and_the_page_opens(self, app, cast, now):
        rule = rules.add(cast.library, OUTREACH, now)
        librarian = signed_in(app, cast.librarian)
        form = {"weekday": "0", "clock": "09:00", "most": "4", "words": "", "account": cast.account.id}
        form |= {f"words-{'9' * 5_000}": "x", f"words-{cast.account.id}": "Ours:"}
        assert librarian.post(f"/titles/weekly/{rule.id}", data=form).status_code == 302
        assert again(rule).options["words_for"] == {str(cast.account.id): "Ours:"}
        assert librarian.get("/titles/").status_code == 200
