"""What is out is corrected: with another pair of eyes, and where it stands; what it said stays in the history."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from factories import an_account, approved, deliveries, delivery, queue
from fakes import BUSY, FakeNetwork, door
from sqlalchemy import delete, select, update

from outreach.access import OUTREACH, actor
from outreach.accounts import pause
from outreach.accounts.retire import retire
from outreach.channels.base import Refused, Sent, Unauthorized, Unclear
from outreach.channels.exchange import Heard
from outreach.db import db, writing
from outreach.models import Account, Change, Correction, Delivery, Event, Library, Mail, Medium, Post
from outreach.people.members import set_role
from outreach.posts import change, correction_state, corrections, hand, morning, take_down
from outreach.posts.asking import Who, asking
from outreach.posts.correction_edits import carried
from outreach.posts.errands import GIVE_UP, LEASE
from outreach.posts.job import outgoing
from outreach.posts.lifecycle import move_delivery
from outreach.posts.publish import publish
from outreach.posts.seen import Stale
from outreach.posts.wording import seal_of
from outreach.words import NotDone, Sentence

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
WRONG, RIGHT = "Poetry on Firday", "Poetry on Friday"


@pytest.fixture
def network():
    return FakeNetwork()


def out(cast, network, now, **more):
    post = approved(cast, now, **{"words": WRONG} | more)
    queue(post, now)
    for one in deliveries(post):
        publish(one.id, door(network, now))
    return post


def fresh(post):
    return db.session.get_one(Post, post.id, populate_existing=True)


def pieces(post, words=RIGHT, before=WRONG):
    """What the form of `post` gives back when its words are mended."""
    stands = correction_state.stands(db.session(), fresh(post))
    texts = [replace(one, after=words if one.before == before else one.before) for one in stands.texts]
    return [*texts, *stands.alts], stands.seal


def corrected(cast, post, now, words=RIGHT, before=WRONG):
    """Written by the contributor, approved by the approver."""
    made = corrections.write(post.id, *pieces(post, words, before), cast.author, now)
    corrections.approve(made, cast.decider, now)
    return made


def work(network, now):
    ids = change.due(now)
    return [change.change(n, door(network, now)) for n in ids]


def told(post, *verbs):
    mine = select(Event).where(Event.post_id == post.id, Event.verb.in_(verbs)).order_by(Event.id)
    return [event.verb for event in db.session.scalars(mine)]


def test_nothing_changes_until_somebody_else_approved_it(cast, network, now):
    post = out(cast, network, now)
    made = corrections.write(post.id, *pieces(post), cast.author, now)
    assert work(network, now) == []
    assert network.posts[0].text == WRONG
    with pytest.raises(NotDone, match="Somebody else approves"):
        corrections.approve(made, cast.author, now)
    assert corrections.approve(made, cast.decider, now)
    assert work(network, now) == ["changed"]
    assert [one.text for one in network.posts] == [RIGHT]
    assert len(network.sends) == 1
    one = delivery(post)
    assert (one.state, one.payload["text"], one.digest) == ("published", RIGHT, seal_of(one.payload))
    assert one.remote_url.endswith("/edited")
    assert fresh(post).words == RIGHT
    assert fresh(post).state == "approved"
    assert told(post, "corrected", "correction_approved", "changed") == ["corrected", "correction_approved", "changed"]


def test_what_it_said_before_stands_in_the_history(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    work(network, now)
    event = db.session.scalars(select(Event).where(Event.verb == "changed")).one()
    assert WRONG in event.note


def test_who_decides_gets_a_letter_and_who_wrote_it_none(cast, network, now):
    post = out(cast, network, now)
    with writing() as session:
        session.query(Mail).delete()
    corrections.write(post.id, *pieces(post), cast.author, now)
    to = set(db.session.scalars(select(Mail.to)))
    assert to == {cast.approver.email, cast.librarian.email}


def test_who_decides_is_reminded_in_the_morning_until_somebody_did(cast, network, now):
    post = out(cast, network, now)
    made = corrections.write(post.id, *pieces(post), cast.author, now)

    def reminded(at):
        with writing() as session:
            session.execute(delete(Mail))
        morning.gather(at)
        return {to for to, subject in db.session.execute(select(Mail.to, Mail.subject)) if "correction" in subject}

    at_eight = datetime(2026, 11, 25, 14, tzinfo=UTC)
    assert reminded(at_eight) == {cast.approver.email, cast.librarian.email}
    corrections.approve(made, cast.decider, at_eight)
    assert reminded(at_eight + 5 * DAY) == set()


def test_a_place_that_cannot_change_keeps_what_it_says(cast, network, now):
    with writing() as session:
        session.get_one(Account, cast.account.id).network = "bluesky"
    post = out(cast, network, now, accounts=[cast.account, cast.practice])
    stands = correction_state.stands(db.session(), fresh(post))
    assert stands.stays == (cast.account.name,)
    assert [one.places for one in stands.texts] == [(cast.practice.name,)]
    corrected(cast, post, now)
    assert work(network, now) == ["changed"]
    said = {one.account_id: one.payload["text"] for one in deliveries(post)}
    assert said == {cast.account.id: WRONG, cast.practice.id: RIGHT}
    assert network.edits == []


def test_a_message_with_a_poll_keeps_its_votes(cast, network, now):
    fields = {"choices": ["A", "B"], "right": 1, "answer_at": (now + timedelta(days=1)).isoformat()}
    post = out(cast, network, now, kind="trivia", words="Wich?", fields=fields)
    stands = correction_state.stands(db.session(), fresh(post))
    assert stands.polls == (cast.account.name,)
    assert {one.part for one in stands.texts} == {1}, "its answer is not out yet"


def test_an_answer_that_waits_goes_out_as_corrected(cast, network, now):
    answer = now + timedelta(hours=1)
    fields = {"choices": ["A", "B"], "right": 1, "answer_at": answer.isoformat(), "explanation": "Becuase."}
    post = out(cast, network, now, kind="trivia", words="Which?", fields=fields)
    before = deliveries(post)[1].payload["text"]
    queue(post, answer)
    corrected(cast, post, now, before.replace("Becuase", "Because"), before)
    assert deliveries(post)[1].state == "waiting", "a worker that was told of it reads it again"
    queue(post, answer)
    assert publish(deliveries(post)[1].id, door(network, answer)) == "published"
    assert "Because." in network.posts[1].text


def test_one_on_its_way_is_not_corrected(cast, network, now):
    post = out(cast, network, now, accounts=[cast.account, cast.practice])
    network.goes_silent_without_storing()
    made = corrections.write(post.id, *pieces(post), cast.author, now)
    with writing() as session:
        one = next(d for d in deliveries(post) if d.account_id == cast.account.id)
        session.execute(update(Delivery).where(Delivery.id == one.id).values(state="unclear"))
    with pytest.raises(NotDone, match="on its way"):
        corrections.approve(made, cast.decider, now)


def test_a_busy_server_is_asked_again_and_a_killed_worker_too(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    network.keeps(BUSY)
    assert work(network, now) == ["later"]
    assert work(network, now + SECOND) == []
    later = now + MINUTE
    (one,) = change.due(later)
    change._claim(one, later)  # and its worker dies
    assert work(network, later + MINUTE) == []
    assert work(network, later + LEASE + SECOND) == ["changed"]
    assert network.posts[0].text == RIGHT


def test_no_answer_is_asked_for_again_since_it_is_the_same_message(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    network.keeps(Unclear(Sentence("No answer.")))
    assert work(network, now) == ["later"]
    assert work(network, now + MINUTE) == ["changed"]
    assert len(network.posts) == 1


def test_what_is_refused_stands_as_it_was_and_a_person_may_change_it_there(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    network.keeps(Refused(Sentence("It did not let us change it.")))
    assert work(network, now) == ["unchanged"]
    one = delivery(post)
    assert (one.state, one.payload["text"]) == ("published", WRONG)
    assert one.sentence == "It did not let us change it."
    letter = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert letter.to == cast.contributor.email
    assert letter.subject.startswith("Not changed")
    assert change.due(now + timedelta(days=1)) == []
    change.by_hand_done(db.session.scalars(select(Change.id)).one(), cast.author, now)
    assert (delivery(post).payload["text"], delivery(post).sentence) == (RIGHT, None)


def test_after_an_hour_a_person_is_asked(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    at = now
    while db.session.scalars(select(Change.asked_at)).one() is None:
        assert at < now + GIVE_UP + MINUTE
        network.keeps(BUSY)
        at += MINUTE
        work(network, at)
        network.stays.clear()
    assert "do not know" in delivery(post).sentence


def test_an_account_that_came_loose_is_changed_once_it_is_connected_again(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    network.keeps(Unauthorized(Sentence("It does not let us in.")))
    assert work(network, now) == ["loose"]
    assert change.due(now + timedelta(hours=3)) == []
    pause.resume(cast.account.id, cast.decider, now + timedelta(hours=3))
    assert work(network, now + timedelta(hours=3)) == ["changed"]


def test_everything_paused_changes_nothing(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    pause.pause_everything(cast.library.id, cast.author, now)
    assert change.due(now) == []


def test_what_is_taken_down_is_not_changed_any_more(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    take_down.take_down(post.id, cast.author, now)
    assert change.due(now) == []
    assert not correction_state.can_be_corrected(fresh(post))


def test_by_hand_a_person_is_asked_and_says_so(cast, network, now):
    post = out(cast, network, now, accounts=[cast.by_hand])
    hand.posted(delivery(post).id, "https://facebook.example/1", cast.author, now)
    corrected(cast, post, now)
    assert change.due(now) == []
    (asked,) = correction_state.unfinished(db.session(), post.id)
    letter = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert letter.to == cast.contributor.email
    assert RIGHT in letter.body
    change.by_hand_done(asked.id, cast.author, now)
    assert delivery(post).payload["text"] == RIGHT
    with pytest.raises(NotDone, match="settled"):
        change.leave(asked.id, cast.author, now)


def test_by_hand_it_may_stay(cast, network, now):
    post = out(cast, network, now, accounts=[cast.by_hand])
    hand.posted(delivery(post).id, "https://facebook.example/1", cast.author, now)
    corrected(cast, post, now)
    change.leave(correction_state.unfinished(db.session(), post.id)[0].id, cast.author, now)
    assert delivery(post).payload["text"] == WRONG
    assert told(post, "not_changed") == ["not_changed"]


def test_what_was_asked_to_post_by_hand_is_posted_as_corrected(cast, network, now):
    post = out(cast, network, now, accounts=[cast.practice, cast.by_hand])
    corrected(cast, post, now)
    said = {one.account_id: (one.state, one.payload["text"]) for one in deliveries(post)}
    assert said[cast.by_hand.id] == ("in_hand", RIGHT)


def test_a_second_correction_takes_the_place_of_the_first(cast, network, now):
    post = out(cast, network, now)
    first = corrections.write(post.id, *pieces(post, "Poetry on Friady"), cast.author, now)
    corrections.write(post.id, *pieces(post), cast.author, now)
    with pytest.raises(NotDone, match="settled"):
        corrections.approve(first, cast.decider, now)
    assert db.session.get_one(Correction, first).decision == "replaced"


def test_a_second_one_begins_when_the_first_certainly_is_over(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now, "Poetry on Friady")
    (slow,) = change.due(now)
    _task, _ = change._claim(slow, now)
    corrected(cast, post, now, RIGHT, "Poetry on Friady")
    assert change.due(now + MINUTE) == []
    assert work(network, now + LEASE + SECOND) == ["changed"]
    assert (network.posts[0].text, delivery(post).payload["text"]) == (RIGHT, RIGHT)


def test_a_form_of_what_changed_meanwhile_is_told(cast, network, now):
    post = out(cast, network, now)
    old = pieces(post)
    corrected(cast, post, now)
    with pytest.raises(Stale):
        corrections.write(post.id, *old, cast.author, now)


def test_an_unchanged_form_does_nothing(cast, network, now):
    post = out(cast, network, now)
    with pytest.raises(NotDone, match="Nothing is changed"):
        corrections.write(post.id, *pieces(post, WRONG), cast.author, now)


@pytest.mark.parametrize(("words", "why"), [("x" * 501, "too long"), ("", "Nothing would be left")])
def test_what_a_place_cannot_take_is_told_at_once(cast, network, now, words, why):
    post = out(cast, network, now)
    with pytest.raises(NotDone, match=why):
        corrections.write(post.id, *pieces(post, words), cast.author, now)


def test_what_asks_for_a_word_asks_for_it(cast, network, now):
    post = out(cast, network, now)
    made = corrections.write(post.id, *pieces(post, f"{RIGHT}. Call 555-201-3344."), cast.author, now)
    with pytest.raises(NotDone, match="looked at it"):
        corrections.approve(made, cast.decider, now)
    assert corrections.approve(made, cast.decider, now, accepted=True)


def test_sent_back_with_a_note(cast, network, now):
    post = out(cast, network, now)
    made = corrections.write(post.id, *pieces(post), cast.author, now)
    with pytest.raises(NotDone, match="Write what should change"):
        corrections.send_back(made, " ", cast.decider, now)
    corrections.send_back(made, "Thursday!", cast.decider, now)
    letter = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert letter.to == cast.contributor.email
    assert "Thursday!" in letter.body
    assert correction_state.waiting(db.session(), cast.library.id) == []
    corrections.take_back(made, cast.author, now)
    assert db.session.get_one(Correction, made).decision == "taken back"


def test_taken_back_it_stays_as_it_is(cast, network, now):
    post = out(cast, network, now)
    made = corrections.write(post.id, *pieces(post), cast.author, now)
    corrections.take_back(made, cast.author, now)
    assert work(network, now) == []
    assert delivery(post).payload["text"] == WRONG


def test_where_two_approve_two_approve_the_correction(cast, network, now):
    post = out(cast, network, now)
    made = corrections.write(post.id, *pieces(post), cast.author, now)
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["news"]
    assert not corrections.approve(made, cast.decider, now)
    with pytest.raises(NotDone, match="One more person"):
        corrections.approve(made, cast.decider, now)
    assert corrections.approve(made, actor(cast.librarian), now)


def test_a_description_is_corrected(cast, network, now):
    with writing() as session:
        medium = Medium(
            library_id=cast.library.id, digest="d1", mime="image/jpeg", name="a", size=9, width=1, height=1,
            created_at=now,
        )  # fmt: skip
        session.add(medium)
        session.flush()
        number = medium.id
    post = out(cast, network, now, media=[(number, "A tabel")])
    stands = correction_state.stands(db.session(), fresh(post))
    (alt,) = stands.alts
    edited = [*stands.texts, replace(alt, after="A table")]
    made = corrections.write(post.id, edited, stands.seal, cast.author, now)
    corrections.approve(made, cast.decider, now)
    assert work(network, now) == ["changed"]
    assert [picture.alt for picture in network.posts[0].pictures] == ["A table"]


def test_what_nobody_approved_is_not_sent(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    with writing() as session:
        row = session.scalars(select(Change)).one()
        row.payload = {**row.payload, "text": "Buy this!"}
    assert work(network, now) == ["not as approved"]
    assert network.posts[0].text == WRONG


def test_a_pause_counts_for_nothing(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    pause.pause(cast.account.id, cast.author, now)
    later = now + timedelta(days=2)
    pause.resume(cast.account.id, cast.decider, later)
    network.keeps(BUSY)
    assert work(network, later) == ["later"]
    assert work(network, later + MINUTE) == ["changed"]


def test_a_bell_that_rang_before_a_pause_changes_nothing(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    (one,) = change.due(now)
    pause.pause_everything(cast.library.id, cast.author, now)
    assert change.change(one, door(network, now)) == "not now"
    assert network.edits == []


def test_a_bell_that_rang_twice_waits_as_long_as_the_server_asks(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    (one,) = change.due(now)
    network.keeps(BUSY)
    assert change.change(one, door(network, now)) == "later"
    assert change.change(one, door(network, now)) == "not now"


def test_what_was_taken_down_asks_nobody_about_its_corrections(cast, network, now):
    post = out(cast, network, now, accounts=[cast.account, cast.by_hand])
    hand.posted(next(d.id for d in deliveries(post) if d.account_id == cast.by_hand.id), "", cast.author, now)
    corrected(cast, post, now)
    corrections.write(post.id, *pieces(post, "Poetry!", RIGHT), cast.author, now)
    take_down.take_down(post.id, cast.author, now)
    assert correction_state.waiting(db.session(), cast.library.id) == []
    assert correction_state.unfinished(db.session(), post.id) == []
    assert asking(db.session(), cast.library.id, Who(cast.contributor.id), now).unchanged.count == 0


def test_a_correction_that_comes_too_late_is_not_approved(cast, network, now):
    post = out(cast, network, now)
    made = corrections.write(post.id, *pieces(post), cast.author, now)
    retire(cast.account.id, cast.decider, now)
    with pytest.raises(NotDone, match="can be changed where it stands"):
        corrections.approve(made, cast.decider, now)
    assert fresh(post).words == WRONG


def test_a_place_that_is_removed_is_not_changed_any_more(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now)
    retire(cast.account.id, cast.decider, now)
    assert correction_state.unfinished(db.session(), post.id) == []


def test_marked_as_posted_by_mistake_it_is_posted_as_corrected(cast, network, now):
    post = out(cast, network, now, accounts=[cast.by_hand])
    hand.posted(delivery(post).id, "", cast.author, now)
    corrected(cast, post, now)
    hand.not_yet(delivery(post).id, cast.author, now)
    assert (delivery(post).state, delivery(post).payload["text"]) == ("in_hand", RIGHT)
    assert correction_state.unfinished(db.session(), post.id) == []


def test_who_copied_the_old_words_is_told(cast, network, now):
    post = out(cast, network, now, accounts=[cast.practice, cast.by_hand])
    (mine,) = (d for d in deliveries(post) if d.account_id == cast.by_hand.id)
    seen, number = mine.digest, mine.id
    corrected(cast, post, now)
    letter = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert letter.subject.startswith("Other words")
    with pytest.raises(NotDone, match="corrected while you posted"):
        hand.posted(number, "", cast.author, now, seen)
    now_seen = next(d.digest for d in deliveries(post) if d.id == number)
    hand.posted(number, "", cast.author, now, now_seen)


def test_the_word_of_somebody_who_may_not_decide_any_more_is_none(cast, network, now):
    post = out(cast, network, now)
    made = corrections.write(post.id, *pieces(post), cast.author, now)
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["news"]
    corrections.approve(made, cast.decider, now)
    with writing() as session:
        set_role(session, session.merge(cast.approver), session.merge(cast.library), "contributor", cast.decider, now)
    assert not corrections.approve(made, actor(cast.librarian), now)


def test_a_correction_that_was_on_its_way_when_another_came_is_told_too(cast, network, now):
    post = out(cast, network, now)
    corrected(cast, post, now, "Poetry on Friady")
    (slow,) = change.due(now)
    task, _ = change._claim(slow, now)
    corrected(cast, post, now, RIGHT, "Poetry on Friady")
    network.edit(task.remote_id, outgoing(task.job, door(network, now)))
    change._write(task, Sent(task.remote_id, None), now, now, Heard())
    assert delivery(post).payload["text"] == "Poetry on Friady"
    assert work(network, now + LEASE + SECOND) == ["changed"]
    assert told(post, "changed") == ["changed", "changed"]


def test_a_worker_that_read_the_old_words_sends_nothing(cast, network, now):
    """It stood still while what it had read was corrected, and its bell rung anew."""
    post = out(cast, network, now, accounts=[cast.practice, cast.account], timing="at", wished_at=now + DAY)
    later = now + DAY
    queue(post, later)
    (mine,) = (d for d in deliveries(post) if d.account_id == cast.account.id)
    publish(next(d.id for d in deliveries(post) if d.account_id == cast.practice.id), door(network, later))
    read = SimpleNamespace(id=mine.id, state=mine.state, attempts=mine.attempts, digest=mine.digest)
    corrected(cast, post, later)
    queue(post, later)
    with writing() as session:
        assert not move_delivery(session, read, "sending", OUTREACH, later)
    assert publish(read.id, door(network, later)) == "published"
    assert network.posts[0].text == RIGHT


def test_a_description_that_is_lost_is_found_at_every_place(cast, network, now):
    """Of two places with the same picture the one that cannot change its description hides nothing."""
    with writing() as session:
        page = an_account(cast.library, "Page", "https://graph.facebook.com", now)
        page.network = "facebook"
        medium = Medium(
            library_id=cast.library.id, digest="d1", mime="image/jpeg", name="a", size=9, width=1, height=1,
            created_at=now,
        )  # fmt: skip
        session.add_all([page, medium])
        session.flush()
        number = medium.id
    post = out(cast, network, now, media=[(number, "A table")], accounts=[cast.account, page])
    stands = correction_state.stands(db.session(), fresh(post))
    edited = [replace(stands.texts[0], after=RIGHT), *(replace(alt, after="") for alt in stands.alts)]
    with pytest.raises(NotDone, match="picture"):
        corrections.write(post.id, edited, stands.seal, cast.author, now)


def test_a_card_below_the_words_is_told_of(cast, network, now):
    with writing() as session:
        session.get_one(Account, cast.account.id).network = "facebook"
    post = out(cast, network, now, words="See https://a.example/old")
    made = corrections.write(post.id, *pieces(post, "See https://a.example/new", "See https://a.example/old"),
                             cast.author, now)  # fmt: skip
    with pytest.raises(NotDone, match="old address"):
        corrections.approve(made, cast.decider, now)
    assert corrections.approve(made, cast.decider, now, accepted=True)
    event = db.session.scalars(select(Event).where(Event.verb == "correction_approved")).one()
    assert "let it go out" in event.note


def test_before_it_is_out_it_is_edited_and_not_corrected(cast, network, now):
    post = approved(cast, now, timing="at", wished_at=now + timedelta(days=1))
    assert not correction_state.can_be_corrected(fresh(post))


def test_the_words_of_the_post_follow_where_they_can_be_found():
    edits = {"texts": [{"before": "In short: Open on Firday #books", "after": "In short: Open on Friday #books"}]}
    assert carried("Open on Firday", edits) == "Open on Friday"
    assert carried("Something else", edits) == "Something else"
    assert carried("", edits) == ""
