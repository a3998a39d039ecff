"""The weekly post from Friday to Friday: what it takes and counts, when it lapses, what a person may choose."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from clients import signed_in
from factories import deliveries, queue
from fakes import FakeNetwork, door
from form_pages import fields_of
from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts.limits import dump
from outreach.accounts.retire import retire
from outreach.channels.base import Limits
from outreach.db import db, writing
from outreach.models import Account, DigestRule, Event, FeedTitle, Import, Library, Post, Title
from outreach.posts import approve, compose, hand, send
from outreach.posts.publish import publish
from outreach.posts.written import Written
from outreach.titles import correct, feeds, rules
from outreach.titles.clean import match_key
from outreach.titles.draft import LAPSED
from outreach.titles.options import Options
from outreach.titles.queries import news, waiting_of_list
from outreach.titles.shelve import OTHER_EDITION
from outreach.words import NotDone
from tests.factories import draft_due
from tests.titles.brought import by_list, parsed

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def again(row):
    db.session.rollback()
    return db.session.get_one(type(row), row.id, populate_existing=True)


def bring(cast, now, *names, **more):
    """Titles that are news; the last one is the newest."""
    with writing() as session:
        made = [
            Title(library_id=cast.library.id, title=name, match_key=key, first_seen_at=now + n * MINUTE, **more)
            for n, name in enumerate(names)
            for key in [match_key(name, more.get("author"), more.get("format"))]
        ]
        session.add_all(made)
    return made


def choose(rule, **options):
    with writing() as session:
        row = session.get_one(DigestRule, rule.id)
        row.options = row.options | options


def draft(rule):
    """The next weekly post, written an hour before its time."""
    assert draft_due(again(rule).next_at - HOUR) == 1
    return newest(rule)


def newest(rule):
    db.session.rollback()
    return db.session.scalar(select(Post).where(Post.digest_rule_id == rule.id).order_by(Post.id.desc()).limit(1))


def names(post):
    return [row.title.title for row in again(post).titles]


def go_out(cast, post):
    """Approved and published at its time."""
    at = again(post).wished_at
    approve.approve(post.id, again(post).revision, cast.decider, at - MINUTE)
    states = [publish(n, door(FakeNetwork(), at)) for n in queue(post, at)]
    assert set(states) == {"published"}


def wall(day, time="00:00", zone="America/Chicago"):
    return clock.at_wall(day, time, zone)


class TestChoices:
    @pytest.fixture
    def pages(self):
        return True

    @pytest.fixture
    def decider(self, app, cast):
        return signed_in(app, cast.approver)

    def form(self, decider, rule):
        return fields_of(decider.get("/titles/").get_data(as_text=True), f"/titles/weekly/{rule.id}")

    def test_nothing_has_to_be_chosen(self, cast, rule):
        assert (rule.weekday, rule.clock, rule.most, rule.by_itself) == (0, "09:00", 4, False)
        assert clock.to_local(rule.next_at, cast.library.timezone).strftime("%A %H:%M") == "Monday 09:00"
        bring(cast, rule.next_at - DAY, *"ABCDEF")
        post = draft(rule)
        assert post.state == "submitted"
        assert post.fields == {"pictures": "collage", "more": 2}
        assert [m.shape for m in post.media] == ["square"]
        assert names(post) == ["F", "E", "D", "C"]

    def test_every_choice_is_kept_and_saving_the_page_again_changes_none(self, decider, cast, rule, now):
        bring(cast, now, "Emma", audience="Grades 3-5", format="Audiobook")
        with writing() as session:  # the choices of the page: what its titles have
            from outreach.titles.shelve import note_facets

            note_facets(session, cast.library.id, ["Audiobook", "Kit"], ["Grades 3-5", "Adults"])
        typed = self.form(decider, rule) | {
            "weekday": ["3"],
            "clock": ["14:30"],
            "most": ["7"],
            "words": ["{count} new at {library}:"],
            "account": [str(cast.account.id)],
            "pictures": ["four"],
            "real_covers": ["1"],
            "order": ["audience"],
            "group": ["format"],
            "audience": ["Grades 3-5"],
            "format": ["Audiobook"],
            "line": ["{title} <{author}>"],
            "more_words": ["and {more} others"],
            "tags": ["#NewBooks"],
            "whole": ["1"],
            f"words-{cast.account.id}": ["For the network:"],
        }
        assert decider.post(f"/titles/weekly/{rule.id}", data=typed).status_code == 302
        saved = again(rule)
        kept = (saved.weekday, saved.clock, saved.most, saved.words, saved.account_ids, saved.options)
        assert kept == (
            3,
            "14:30",
            7,
            "{count} new at {library}:",
            [cast.account.id],
            Options(
                order="audience",
                group="format",
                audiences=["Grades 3-5"],
                formats=["Audiobook"],
                line="{title} <{author}>",
                more_words="and {more} others",
                whole=True,
                pictures="four",
                real_covers=True,
                tags="#NewBooks",
                words_for={str(cast.account.id): "For the network:"},
            ).stored(),
        )
        assert decider.post(f"/titles/weekly/{rule.id}", data=self.form(decider, rule)).status_code == 302
        saved = again(rule)
        assert (saved.weekday, saved.clock, saved.most, saved.words, saved.account_ids, saved.options) == kept

    @pytest.mark.parametrize(
        ("field", "typed", "said"),
        [
            ("weekday", "7", "Choose a day and a time"),
            ("clock", "25:00", "Choose a day and a time"),
            ("most", "0", "between 1 and 30"),
            ("most", "31", "between 1 and 30"),
            ("most", "four", "between 1 and 30"),
            ("line", "• {author}", "A line needs {title} in it"),
            ("line", "{title}" + "x" * 2_000, "more than 2,000 characters"),
            ("line", "{title} {isbn}", "{isbn} stands for nothing. Here these do: {title}, {author}"),
            ("words", "{counts} new books:", "{counts} stands for nothing. Here these do: {count}, {library}, {more}"),
            ("more_words", "{count} more", "{count} stands for nothing. Here these do: {more}, {catalog}"),
            ("more_words", "x" * 2_001, "more than 2,000 characters"),
            ("tags", "#" * 2_001, "more than 2,000 characters"),
        ],
    )
    def test_what_makes_no_sense_is_said_and_kept_in_the_form(self, decider, cast, rule, field, typed, said):
        before = again(rule).options, again(rule).next_at
        answer = decider.post(f"/titles/weekly/{rule.id}", data=self.form(decider, rule) | {field: [typed]})
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert said in page
        assert (again(rule).options, again(rule).next_at) == before
        if field != "weekday":
            assert fields_of(page, f"/titles/weekly/{rule.id}")[field] == [typed]

    def test_words_for_one_place_know_the_same_names_and_no_others(self, decider, cast, rule):
        typed = self.form(decider, rule) | {f"words-{cast.account.id}": ["{title} for all"]}
        answer = decider.post(f"/titles/weekly/{rule.id}", data=typed)
        assert answer.status_code == 422
        assert "{title} stands for nothing" in answer.get_data(as_text=True)

    def test_a_weekly_post_without_a_place_is_refused(self, decider, cast, rule):
        typed = self.form(decider, rule)
        assert typed.pop("account") == [str(cast.account.id)]
        answer = decider.post(f"/titles/weekly/{rule.id}", data=typed | {"words": ["Kept:"]})
        assert answer.status_code == 422
        assert "Choose at least one place to post to." in answer.get_data(as_text=True)
        assert again(rule).words == ""

    @pytest.mark.parametrize(
        ("typed", "kept"), [("NewBooks  #Library ##Reads #", "#NewBooks #Library #Reads"), ("#", ""), ("", "")]
    )
    def test_hashtags_get_their_sign(self, decider, rule, typed, kept):
        decider.post(f"/titles/weekly/{rule.id}", data=self.form(decider, rule) | {"tags": [typed]})
        assert again(rule).options["tags"] == kept

    def test_review_says_what_is_another_edition_and_what_was_announced(self, decider, cast, rule, now):
        edition, out = bring(cast, now, "Holes", "Emma")
        with writing() as session:
            session.get_one(Title, edition.id).warning = OTHER_EDITION
        post = draft(rule)
        assert "was announced" not in decider.get("/review/").get_data(as_text=True)
        with writing() as session:
            session.get_one(Title, out.id).announced_at = post.created_at
        page = decider.get("/review/").get_data(as_text=True)
        assert f"Holes: {OTHER_EDITION}" in page
        assert "Emma was announced " in page
        assert "Holes was announced" not in page

    def test_words_for_one_place_are_on_that_place_alone(self, cast, rule, now):
        with writing() as session:
            other = Account(library_id=cast.library.id, network="mastodon", name="Second", server="https://two.example")
            other.created_at, other.limits = now, dump(Limits())
            session.add(other)
        choose(rule, words_for={str(other.id): "For the second:"})
        bring(cast, now, "Emma")
        post = draft(rule)
        approve.approve(post.id, post.revision, cast.decider, post.created_at)
        said = {d.account_id: d.payload["text"].splitlines()[0] for d in deliveries(post)}
        assert said == {cast.account.id: "New on our shelves this week:", other.id: "For the second:"}

    def test_a_post_that_is_too_long_waits_as_a_draft_and_the_page_says_so(self, decider, cast, rule, now):
        with writing() as session:
            session.get_one(Account, cast.account.id).limits = dump(Limits(characters=40))
        bring(cast, now, "Emma and her friends go to the sea")
        post = draft(rule)
        assert post.state == "draft"
        assert "It waits for you: Fake: " in again(rule).sentence
        assert "characters too long" in again(rule).sentence
        page = decider.get("/titles/").get_data(as_text=True)
        assert "characters too long" in page
        assert f'href="/posts/{post.id}"' in page

    def test_a_week_without_news_is_said_on_the_page(self, decider, rule):
        draft_due(again(rule).next_at)
        assert "Nothing new this week, so there was no post." in decider.get("/titles/").get_data(as_text=True)

    def test_the_composer_keeps_what_it_does_not_show_and_the_drawn_picture(self, decider, cast, rule, now):
        options = {
            "line": "{title}!",
            "group": "audience",
            "whole": True,
            "tags": "#New",
            "more_words": "{more} others",
        }
        choose(rule, **options)
        bring(cast, now, *"ABCDEF", audience="Adults")
        post = draft(rule)
        fields, pictures = post.fields, [(m.medium.digest, m.alt, m.shape) for m in post.media]
        assert {**options, "pictures": "collage", "more": 2} == fields
        address = f"/posts/{post.id}/edit"
        typed = fields_of(decider.get(address).get_data(as_text=True), address) | {
            "words": ["Better:"],
            "then": ["keep"],
        }
        assert decider.post(address, data=typed).status_code == 302
        saved = again(post)
        assert (saved.words, saved.fields, saved.wished_at) == ("Better:", fields, post.wished_at)
        assert names(saved) == ["F", "E", "D", "C"]
        assert [(m.medium.digest, m.alt, m.shape) for m in saved.media] == pictures


@pytest.mark.parametrize(
    ("stored", "made"),
    [
        ({}, Options()),
        ({"pictures": "hologram", "line": "{title}"}, Options(line="{title}")),
        ({"order": "by moon", "group": "format"}, Options(group="format")),
        ({"group": "shelf", "tags": "#x"}, Options(tags="#x")),
        ({"of a later version": 1, "whole": True}, Options(whole=True)),
    ],
)
def test_a_choice_that_is_none_any_more_takes_its_default_and_leaves_the_others(stored, made):
    assert Options.of(stored) == made


def test_choices_come_back_from_the_database_as_they_were(rule):
    made = Options(audiences=("Adults",), words_for={"3": "x"}, real_covers=True)
    choose(rule, **made.stored())
    assert Options.of(again(rule).options).stored() == made.stored()


class TestWhichTitles:
    def test_the_newest_come_first(self, cast, rule, now):
        bring(cast, now, "Old", "New")
        assert names(draft(rule)) == ["New", "Old"]

    def test_or_those_for_the_youngest(self, cast, rule, now):
        for name, grade in (("Teens", 9), ("All", None), ("Small", 0), ("Middle", 4)):
            bring(cast, now, name, grade=grade)
        choose(rule, order="audience")
        assert names(draft(rule)) == ["Small", "Middle", "Teens", "All"]

    @pytest.mark.parametrize("order", ["newest", "audience"])
    def test_what_was_picked_by_hand_is_always_first(self, cast, rule, now, order):
        bring(cast, now, "Chosen", grade=12, picked_at=now)
        bring(cast, now + HOUR, *"ABCDE", grade=1)
        choose(rule, order=order)
        assert names(draft(rule))[0] == "Chosen"

    @pytest.mark.parametrize(
        ("options", "listed"),
        [
            ({"audiences": ["Adults"]}, {"Emma"}),
            ({"formats": ["Audiobook"]}, {"Emma", "Ox"}),
            ({"audiences": ["Adults", "Grades K-2"], "formats": ["Audiobook"]}, {"Emma", "Ox"}),
            ({"audiences": ["Nobody"]}, set()),
        ],
    )
    def test_filters_leave_the_others_for_other_posts(self, cast, rule, now, options, listed):
        bring(cast, now, "Emma", audience="Adults", format="Audiobook")
        bring(cast, now, "Ox", audience="Grades K-2", format="Audiobook")
        bring(cast, now, "Moon", audience="Grades K-2", format="Book")
        choose(rule, **options)
        assert {t.title for t in news(db.session(), again(rule), now)} == listed
        if listed:
            assert set(names(draft(rule))) == listed
        assert db.session.scalar(select(Title.announced_at).where(Title.title == "Moon")) is None

    def test_of_some_feeds_only(self, cast, rule, now):
        feed = feeds.add(cast.library, "https://c.example/feed?format=rss", "New", OUTREACH, now)
        mine, _ = bring(cast, now, "Mine", "Other")
        with writing() as session:
            session.add(FeedTitle(feed_id=feed.id, title_id=mine.id, first_seen_at=now))
            session.get_one(DigestRule, rule.id).feed_ids = [feed.id]
        assert names(draft(rule)) == ["Mine"]

    def test_two_weekly_posts_share_no_title(self, cast, rule, now):
        second = rules.add(cast.library, OUTREACH, now)
        rules.stop(second.id, OUTREACH, now, again=True)
        bring(cast, now, *"ABCDEF")
        assert draft_due(again(rule).next_at - HOUR) == 2
        listed = names(newest(rule)), names(newest(second))
        assert [len(some) for some in listed] == [4, 2]
        assert not set(listed[0]) & set(listed[1])

    def test_titles_of_another_library_are_not_ours(self, cast, rule, now):
        with writing() as session:
            session.add(Title(library_id=cast.other.id, title="Theirs", match_key="t", first_seen_at=now))
        assert draft_due(again(rule).next_at - HOUR) == 0

    def test_a_book_on_paper_and_to_hear_is_one_line(self, cast, rule, now):
        bring(cast, now, "Emma", author="Jane Austen", format="Book")
        bring(cast, now, "Emma", author="Jane Austen", format="Audiobook")
        assert names(draft(rule)) == ["Emma"]

    def test_and_the_other_format_is_no_news_of_the_week_after(self, cast, rule, now):
        bring(cast, now, "Emma", author="Jane Austen", format="Book")
        bring(cast, now, "Emma", author="Jane Austen", format="Audiobook")
        go_out(cast, draft(rule))
        assert draft_due(again(rule).next_at - HOUR) == 0


class TestMore:
    def test_only_what_came_since_the_last_one_is_more(self, cast, rule, now):
        bring(cast, now, *"ABCDEFG")
        first = draft(rule)
        assert first.fields["more"] == 3
        go_out(cast, first)
        bring(cast, again(rule).next_at - DAY, *"hijklm")
        second = draft(rule)
        assert names(second) == ["m", "l", "k", "j"]
        assert second.fields["more"] == 2  # not A, B and C, which that of last week counted

    def test_what_was_left_over_fills_a_thin_week(self, cast, rule, now):
        bring(cast, now, *"ABCDEFG")
        go_out(cast, draft(rule))
        bring(cast, again(rule).next_at - DAY, "h")
        second = draft(rule)
        assert names(second) == ["h", "C", "B", "A"]
        assert "more" not in second.fields

    def test_a_post_that_was_cancelled_counted_nothing(self, cast, rule, now):
        bring(cast, now, *"ABCDEFG")
        compose.cancel(draft(rule).id, cast.decider, now)
        assert draft(rule).fields["more"] == 3

    def test_it_is_said_with_the_address_of_the_catalog(self, cast, rule, now):
        with writing() as session:
            session.get_one(Library, cast.library.id).catalog = "https://catalog.example.org/new"
        bring(cast, now, *"ABCDEF")
        post = draft(rule)
        approve.approve(post.id, post.revision, cast.decider, post.created_at)
        assert "…and 2 more: https://catalog.example.org/new" in deliveries(post)[0].payload["text"]

    def test_it_counts_beyond_five_hundred(self, cast, rule, now):
        bring(cast, now, *(f"Book {n}" for n in range(620)))
        assert draft(rule).fields["more"] == 616

    def test_two_books_of_one_name_by_two_authors_are_two_lines(self, cast, rule, now):
        for author in ("Jane Austen", "Emma Moran"):
            bring(cast, now, "Emma", author=author)
        assert names(draft(rule)) == ["Emma", "Emma"]


class TestLeftovers:
    @pytest.fixture
    def left(self, cast, rule, now):
        """What the first weekly post did not list, in a week without anything new."""
        made = bring(cast, now, *"ABCDEF")
        go_out(cast, draft(rule))
        return made[:2]

    def test_alone_they_make_no_post(self, rule, left):
        due = again(rule).next_at
        assert [draft_due(due - HOUR), draft_due(due), draft_due(due + HOUR)] == [0, 0, 0]
        assert again(rule).sentence == "Nothing new this week, so there was no post."
        assert again(rule).next_at == due + WEEK

    def test_one_that_is_picked_by_hand_is_new(self, cast, rule, left):
        correct.pick(left[0].id, cast.author, again(rule).next_at - DAY)
        post = draft(rule)
        assert names(post) == ["A", "B"]
        assert "more" not in post.fields

    def test_a_week_later_they_still_fill_one_with_something_new(self, cast, rule, left):
        draft_due(again(rule).next_at)
        bring(cast, again(rule).next_at - DAY, "g")
        assert names(draft(rule)) == ["g", "B", "A"]


class TestInDrafts:
    @pytest.fixture
    def written(self, cast, rule, now):
        """Both new titles lie in a draft of a person."""
        return self.write(cast, now, "Emma", "Ox")

    def write(self, cast, now, *names):
        titles = [title.id for title in bring(cast, now, *names, author="Jane Austen")]
        words = Written("titles", "New:", accounts={cast.account.id: ""}, timing="slot", titles=titles)
        return compose.create(cast.library.id, words, cast.author, now)

    def test_of_one_it_says_one(self, cast, rule, now):
        self.write(cast, now, "Emma")
        draft_due(again(rule).next_at)
        assert again(rule).sentence == "Nothing else is new: 1 new title is in a post that is not sent yet."

    def test_the_weekly_post_says_how_many_lie_in_drafts(self, rule, written):
        draft_due(again(rule).next_at)
        assert again(rule).sentence == "Nothing else is new: 2 new titles are in posts that are not sent yet."

    def test_a_draft_holds_its_titles_while_somebody_works_on_it(self, cast, rule, written, now):
        assert news(db.session(), again(rule), now + WEEK - MINUTE) == []
        save(cast, written, [row.title_id for row in written.titles], now + DAY)
        assert news(db.session(), again(rule), now + WEEK) == []

    @pytest.mark.parametrize("form", ["Audiobook", None])
    def test_of_a_book_on_its_way_no_other_format_or_edition_is_news(self, cast, rule, written, now, form):
        bring(cast, now, "Emma", "Rain", author="Jane Austen", format=form)
        assert [title.title for title in news(db.session(), again(rule), now + HOUR)] == ["Rain"]

    def test_nor_does_the_page_of_a_list_offer_it(self, cast, written, now):
        by_list(cast.library, now, parsed("Emma", author="Jane Austen", format="Audiobook"), parsed("Rain"))
        (row,) = db.session.scalars(select(Import))
        (only,) = waiting_of_list(db.session(), row, now + HOUR)
        assert db.session.get_one(Title, only).title == "Rain"

    @pytest.mark.parametrize("state", ["draft", "returned"])
    def test_what_nobody_touched_for_a_week_holds_nothing_back(self, cast, rule, written, now, state):
        if state == "returned":
            redraw_nothing(written)
            send.for_review(written.id, cast.author, now)
            approve.send_back(written.id, "Shorter", cast.decider, now)
        assert {t.title for t in news(db.session(), again(rule), now + WEEK)} == {"Emma", "Ox"}

    def test_what_waits_in_review_holds_its_titles_however_long(self, cast, rule, written, now):
        redraw_nothing(written)
        send.for_review(written.id, cast.author, now)
        assert news(db.session(), again(rule), now + 5 * WEEK) == []


def redraw_nothing(post):
    """A list to read, without a picture."""
    with writing() as session:
        session.get_one(Post, post.id).fields = {"pictures": "none"}


class TestLastWeeks:
    def test_while_it_waits_the_next_is_not_written_and_once_it_lapsed_is(self, cast, rule, now):
        bring(cast, now, "Emma")
        first = draft(rule)
        bring(cast, first.wished_at + DAY, "Ox")
        ends = wall(clock.to_local(first.wished_at, cast.library.timezone).date() + 5 * DAY)
        assert draft_due(ends - MINUTE) == 0  # its own time has come: Friday
        assert newest(rule).id == first.id
        assert draft_due(ends) == 1
        assert again(first).state == "cancelled"
        assert names(newest(rule)) == ["Ox", "Emma"]

    def test_once_it_is_approved_the_next_comes_on_friday(self, cast, rule, now):
        bring(cast, now, "Emma")
        first = draft(rule)
        go_out(cast, first)
        bring(cast, first.wished_at + DAY, "Ox")
        friday = wall(clock.to_local(first.wished_at, cast.library.timezone).date() + 4 * DAY)
        assert [draft_due(friday - MINUTE), draft_due(friday)] == [0, 1]
        assert names(newest(rule)) == ["Ox"]


class TestItsFeed:
    @pytest.fixture
    def pages(self):
        return True

    def of_feeds(self, cast, rule, now, count):
        made = [feeds.add(cast.library, f"https://c.example.org/{n}", f"F{n}", OUTREACH, now).id for n in range(count)]
        with writing() as session:
            row = session.get_one(DigestRule, rule.id)
            row.by_itself, row.feed_ids = True, made
        return made

    def test_without_its_only_feed_it_goes_back_to_review_and_says_so(self, app, cast, rule, now):
        (only,) = self.of_feeds(cast, rule, now, 1)
        feeds.remove(only, cast.decider, now)
        assert (again(rule).by_itself, again(rule).feed_ids) == (False, [])
        said = "Its feed was removed. It takes titles of all feeds now, after review."
        assert again(rule).sentence == said
        assert said in signed_in(app, cast.approver).get("/titles/").get_data(as_text=True)
        bring(cast, now, "Emma")
        assert draft(rule).state == "submitted"

    def test_of_two_feeds_it_keeps_the_other_and_its_freedom(self, cast, rule, now):
        first, second = self.of_feeds(cast, rule, now, 2)
        feeds.remove(first, cast.decider, now)
        assert (again(rule).by_itself, again(rule).feed_ids, again(rule).sentence) == (True, [second], None)


class TestHidden:
    @pytest.fixture
    def pages(self):
        return True

    def hide(self, app, cast, title):
        assert signed_in(app, cast.contributor).post(f"/titles/all/{title.id}/hide").status_code == 302

    @pytest.mark.parametrize("state", ["submitted", "draft", "returned"])
    def test_it_is_out_of_every_open_post_and_its_picture(self, app, cast, rule, now, state):
        emma, _ = bring(cast, now, "Emma", "Ox")
        post = draft(rule)
        if state != "submitted":
            stand(cast, post, state, post.created_at)
        before = again(post).revision
        assert [m.alt for m in post.media if "Emma" in m.alt]
        self.hide(app, cast, emma)
        assert names(post) == ["Ox"]
        assert ["Emma" in m.alt for m in again(post).media] == [False]
        assert again(post).revision > before

    def test_who_saw_it_in_review_is_asked_again(self, app, cast, rule, now):
        emma, _ = bring(cast, now, "Emma", "Ox")
        post = draft(rule)
        seen = again(post).revision
        self.hide(app, cast, emma)
        with pytest.raises(NotDone):
            approve.approve(post.id, seen, cast.decider, post.created_at)
        assert again(post).state == "submitted"

    def test_who_has_it_in_an_open_form_does_not_bring_it_back_by_saving(self, app, cast, rule, now):
        emma, ox = bring(cast, now, "Emma", "Ox")
        post = draft(rule)
        stand(cast, post, "draft", post.created_at)
        seen = again(post)
        written = Written("titles", "Better:", timing="at", wished_at=seen.wished_at, titles=[emma.id, ox.id])
        revision = seen.revision
        self.hide(app, cast, emma)
        with pytest.raises(NotDone):
            compose.save(post.id, written, revision, cast.author, now)
        assert names(post) == ["Ox"]

    def test_what_is_approved_stays_as_it_was_approved(self, app, cast, rule, now):
        emma, _ = bring(cast, now, "Emma", "Ox")
        post = draft(rule)
        stand(cast, post, "approved", post.created_at)
        before = again(post).revision, [m.medium_id for m in again(post).media]
        self.hide(app, cast, emma)
        assert names(post) == ["Ox", "Emma"]
        assert (again(post).revision, [m.medium_id for m in again(post).media]) == before


class TestNothingNew:
    def test_there_is_no_post_and_the_rule_says_so(self, rule):
        due = again(rule).next_at
        assert draft_due(due - HOUR) == 0
        assert again(rule).sentence is None  # something may still come
        assert draft_due(due) == 0
        assert again(rule).sentence == "Nothing new this week, so there was no post."
        assert again(rule).next_at == due + WEEK
        assert newest(rule) is None

    def test_news_of_the_last_hour_still_come(self, cast, rule):
        due = again(rule).next_at
        draft_due(due - DAY)
        bring(cast, due - MINUTE, "Emma")
        draft_due(due - MINUTE)
        assert names(newest(rule)) == ["Emma"]

    def test_the_sentence_goes_with_the_next_post(self, cast, rule):
        draft_due(again(rule).next_at)
        bring(cast, again(rule).next_at - 2 * DAY, "Emma")
        draft(rule)
        assert again(rule).sentence is None


def stand(cast, post, state, at):
    """Bring a weekly post that is in review into another state."""
    if state == "draft":
        compose.withdraw(post.id, cast.decider, at)
    elif state == "returned":
        approve.send_back(post.id, "Look again", cast.decider, at)
    elif state == "approved":
        approve.approve(post.id, again(post).revision, cast.decider, at)
    assert again(post).state == state


class TestLapsing:
    @pytest.mark.parametrize("state", ["submitted", "draft", "returned"])
    def test_what_nobody_approved_lapses_at_the_end_of_friday(self, cast, rule, now, state):
        bring(cast, now, "Emma")
        post = draft(rule)
        stand(cast, post, state, post.created_at)
        monday = clock.to_local(post.wished_at, cast.library.timezone).date()
        ends = wall(monday + 5 * DAY)
        draft_due(ends - MINUTE)
        assert again(post).state == state
        draft_due(ends)
        assert again(post).state == "cancelled"
        assert again(rule).sentence == LAPSED
        said = select(Event.note).where(Event.post_id == post.id).order_by(Event.id.desc()).limit(1)
        assert db.session.scalar(said) == LAPSED

    def test_its_titles_come_with_the_next_one(self, cast, rule, now):
        bring(cast, now, "Emma")
        first = draft(rule)
        draft_due(first.wished_at + 5 * DAY)
        second = newest(rule)
        assert second.id != first.id
        assert (names(second), second.wished_at) == (["Emma"], first.wished_at + WEEK)
        assert again(rule).sentence == LAPSED
        go_out(cast, second)
        bring(cast, second.wished_at, "Ox")
        draft(rule)
        assert again(rule).sentence is None

    def test_an_approved_one_stays(self, cast, rule, now):
        bring(cast, now, "Emma")
        post = draft(rule)
        stand(cast, post, "approved", post.created_at)
        draft_due(post.wished_at + 2 * WEEK)
        assert again(post).state == "approved"
        assert again(rule).sentence != LAPSED

    @pytest.mark.parametrize(("weekday", "lapses"), [(4, 5), (5, 6), (6, 7)], ids=["Friday", "Saturday", "Sunday"])
    def test_late_in_the_week_there_is_a_day_at_least(self, cast, rule, now, weekday, lapses):
        """A post for Sunday waits until the end of Monday."""
        with writing() as session:
            row = session.get_one(DigestRule, rule.id)
            row.weekday, row.next_at = weekday, rules.next_at(cast.library, weekday, "09:00", now + 6 * DAY)
        bring(cast, now, "Emma")
        post = draft(rule)
        goes = clock.to_local(post.wished_at, cast.library.timezone).date()
        assert goes.weekday() == weekday
        ends = wall(goes + 2 * DAY)
        draft_due(ends - MINUTE)
        assert again(post).state == "submitted"
        draft_due(ends)
        assert again(post).state == "cancelled"

    def test_friday_ends_where_the_library_is(self, cast, rule, now):
        with writing() as session:
            session.get_one(Library, cast.library.id).timezone = "Pacific/Auckland"
        with writing() as session:
            row = session.get_one(DigestRule, rule.id)
            row.next_at = rules.next_at(row.library, 0, "09:00", now)
        bring(cast, now, "Emma")
        post = draft(rule)
        monday = clock.to_local(post.wished_at, "Pacific/Auckland").date()
        ends = wall(monday + 5 * DAY, zone="Pacific/Auckland")
        draft_due(ends - MINUTE)
        assert again(post).state == "submitted"
        draft_due(ends)
        assert again(post).state == "cancelled"

    def test_what_a_person_wrote_herself_never_lapses(self, cast, rule, now):
        (title,) = bring(cast, now, "Emma")
        written = Written("titles", "New:", timing="at", wished_at=now + DAY, accounts={cast.account.id: ""})
        post = compose.create(cast.library.id, written, cast.author, now)
        draft_due(now + 3 * WEEK)
        assert again(post).state == "draft"
        assert again(title).announced_at is None


def save(cast, post, titles, now):
    post = again(post)
    accounts = {cast.account.id: ""}
    written = Written(
        "titles", post.words, "", {}, timing="at", wished_at=post.wished_at, accounts=accounts, titles=titles
    )
    return compose.save(post.id, written, post.revision, cast.decider, now)


class TestStruck:
    def test_what_was_struck_out_no_weekly_post_offers_again(self, cast, rule, now):
        emma, ox = bring(cast, now, "Emma", "Ox")
        post = draft(rule)
        save(cast, post, [ox.id], post.created_at)
        assert again(emma).struck_at == post.created_at
        second = rules.add(cast.library, OUTREACH, now)
        compose.cancel(post.id, cast.decider, now)
        for each in (rule, second):
            assert [t.title for t in news(db.session(), again(each), now)] == ["Ox"]

    def test_what_is_put_back_may_come_again(self, cast, rule, now):
        emma, ox = bring(cast, now, "Emma", "Ox")
        post = draft(rule)
        save(cast, post, [ox.id], now)
        save(cast, post, [ox.id, emma.id], now)
        compose.cancel(post.id, cast.decider, now)
        assert set(names(draft(rule))) == {"Emma", "Ox"}

    def test_a_title_that_was_added_by_hand_is_announced_with_it(self, cast, rule, now):
        (emma,) = bring(cast, now, "Emma")
        (old,) = bring(cast, now, "Old favourite", baseline=True)
        post = draft(rule)
        post = save(cast, post, [emma.id, old.id], post.created_at)
        go_out(cast, post)
        assert again(old).announced_at is not None

    def test_struck_out_of_a_post_of_her_own_it_is_still_news(self, cast, rule, now):
        (emma,) = bring(cast, now, "Emma")
        written = Written("titles", "New:", accounts={cast.account.id: ""}, timing="at", titles=[emma.id])
        post = compose.create(cast.library.id, written, cast.author, now)
        save(cast, post, [], now)
        assert names(draft(rule)) == ["Emma"]


class TestAnnounced:
    @pytest.mark.parametrize("state", ["submitted", "draft", "returned", "approved"])
    def test_until_it_is_out_its_titles_belong_to_it_and_are_not_announced(self, cast, rule, now, state):
        (emma,) = bring(cast, now, "Emma")
        post = draft(rule)
        if state != "submitted":
            stand(cast, post, state, post.created_at)
        assert again(emma).announced_at is None
        assert news(db.session(), again(rule), now) == []

    @pytest.mark.parametrize("state", ["submitted", "draft", "returned", "approved"])
    def test_a_cancelled_one_gives_them_back(self, cast, rule, now, state):
        (emma,) = bring(cast, now, "Emma")
        post = draft(rule)
        if state != "submitted":
            stand(cast, post, state, post.created_at)
        compose.cancel(post.id, cast.decider, post.created_at)
        assert again(emma).announced_at is None
        assert names(draft(rule)) == ["Emma"]

    def test_by_hand_they_are_announced_when_a_person_says_that_it_is_posted(self, cast, now):
        retire(cast.account.id, OUTREACH, now)
        rule = rules.add(cast.library, OUTREACH, now)
        (emma,) = bring(cast, now, "Emma")
        post = draft(rule)
        approve.approve(post.id, post.revision, cast.decider, post.created_at)
        assert [publish(n, door(FakeNetwork(), post.wished_at)) for n in queue(post, post.wished_at)] == ["in_hand"]
        assert again(emma).announced_at is None
        hand.posted(deliveries(post)[0].id, "", cast.decider, post.wished_at + HOUR)
        assert again(emma).announced_at == post.wished_at + HOUR

    def test_what_is_announced_comes_no_more(self, cast, rule, now):
        bring(cast, now, "Emma")
        go_out(cast, draft(rule))
        assert draft_due(again(rule).next_at - HOUR) == 0


def test_two_workers_at_the_same_instant_write_one(app, cast, rule, now):
    bring(cast, now, *"ABCDEFGH")
    at, start = again(rule).next_at - HOUR, Barrier(2)

    def work(_number):
        with app.app_context():
            start.wait(10)
            return draft_due(at)

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [0, 1]
    db.session.rollback()
    assert [p.state for p in db.session.scalars(select(Post))] == ["submitted"]


def test_a_picture_that_cannot_be_stored_is_said_and_the_post_waits(app, cast, rule, now):
    store = app.extensions["shop"].store
    store.folder.parent.mkdir(parents=True, exist_ok=True)
    store.folder.write_bytes(b"no folder")
    bring(cast, now, "Emma")
    post = draft(rule)
    assert post.state == "draft"
    assert "It waits for you: The picture could not be stored" in again(rule).sentence


def test_a_change_of_the_day_is_no_second_post_of_the_same_week(cast, rule, now):
    bring(cast, now, "Emma")
    post = draft(rule)
    bring(cast, post.created_at, "Ox")
    typed = rules.Typed("4", "10:00", "4", "", [], [])
    rules.change(rule.id, typed, cast.decider, post.created_at)
    assert again(rule).next_at > post.wished_at
    with pytest.raises(NotDone, match="Choose a day"):
        rules.change(rule.id, rules.Typed("", "10:00", "4", "", [], []), cast.decider, now)


def test_what_was_counted_as_more_for_want_of_room_comes_again(cast, rule, now):
    with writing() as session:
        session.get_one(Account, cast.account.id).limits = dump(Limits(characters=110))
    choose(rule, whole=True, pictures="none")
    bring(cast, now, *(f"A book with a long name, {letter}" for letter in "ABCD"))
    post = draft(rule)
    go_out(cast, post)
    said = deliveries(post)[0].payload["text"]
    assert "more" in said
    unseen = [t for t in db.session.scalars(select(Title)) if t.title not in said]
    assert unseen
    assert all(t.announced_at is None for t in unseen)


@pytest.mark.parametrize("_round", range(3))
def test_approved_at_the_last_moment_it_either_goes_out_or_says_that_it_lapsed(app, cast, rule, now, _round):
    bring(cast, now, "Emma")
    post = draft(rule)
    ends, start, by = post.wished_at + 5 * DAY, Barrier(2), cast.decider
    post_id, revision = post.id, again(post).revision

    def act(verb):
        with app.app_context():
            start.wait(10)
            try:
                return verb()
            except NotDone:
                return "refused"

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        said, _ = pool.map(act, (lambda: approve.approve(post_id, revision, by, ends), lambda: draft_due(ends)))
    assert again(post).state == ("cancelled" if said == "refused" else "approved")
