"""Every kind of post -> its messages, on networks with and without polls, threads, pictures and languages. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.channels.base import Limits
from outreach.posts.drafts import Book, Draft, Image
from outreach.posts.kinds import KINDS
from outreach.posts.policy import Place, problems
from outreach.posts.wording import count, most, render

FULL = Limits(link_cost=23, poll_options=4, thread=True, content_warning=True, language=True, visibilities=("public",))
NO_POLLS = replace(FULL, poll_options=0)
BARE = Limits(characters=5_000, images=0)
PLACES = {"full": FULL, "no polls": NO_POLLS, "bare": BARE}
ZONE, NOON = "America/Chicago", datetime(2026, 11, 24, 18, tzinfo=UTC)  # a Tuesday, 12:00 there
PICTURE = Image("a" * 64, "image/png", "A linocut of a whale", 900, 900)
EVENT = Draft(
    "event",
    "She reads and signs.",
    link="https://school.example/visit",
    fields={
        "name": "Author visit",
        "day": "2026-12-03",
        "clock": "15:30",
        "until": "17:00",
        "place": "School library",
        "whom": "grades 6 to 8",
        "remind": ["week", "day", "hour"],
    },
    hashtags="#MapleStreet",
    zone=ZONE,
    at=NOON,
)
CHAT = Draft(
    "chat",
    "Come and talk.",
    fields={
        "name": "Graphic novels",
        "day": "2026-12-03",
        "clock": "16:00",
        "questions": ["Why?", "Which?"],
        "gap": "15",
    },
    zone=ZONE,
    at=NOON,
)
CLUB = Draft(
    "discussion",
    "We read together.",
    fields={
        "name": "New Kid",
        "tag": "BookClub",
        "clock": "12:00",
        "prompts": [{"day": "2026-12-01", "words": "Who is Jordan?"}, {"day": "2026-12-08", "words": "And Liam?"}],
        "closing": "Thank you, readers.",
        "closing_day": "2026-12-15",
    },
    zone=ZONE,
    at=NOON,
)
POLL = Draft(
    "feedback", "When?", fields={"way": "poll", "choices": ["7:30", "16:00"], "days": "7", "how": "At the desk."}
)


def said(draft, limits=FULL):
    return [message.text for message in render(draft, limits)]


def test_an_event_says_when_where_and_for_whom_with_the_name_of_the_zone():
    assert said(EVENT)[0] == (
        "Author visit\n\nShe reads and signs.\n\n"
        "When: Thursday, December 3, 3:30 PM – 5:00 PM (Central Time)\nWhere: School library\nFor: grades 6 to 8\n\n"
        "https://school.example/visit\n\n#MapleStreet"
    )


def test_an_event_is_told_in_the_language_of_the_post():
    told = said(replace(EVENT, speaks="es"))[0]
    assert "jueves 3 de diciembre" in told
    assert "hora central" in told


def test_reminders_come_at_their_own_times_and_stay_there():
    _, week, day, hour = render(EVENT, FULL)
    begins = datetime(2026, 12, 3, 21, 30, tzinfo=UTC)
    assert [m.at for m in (week, day, hour)] == [
        begins - timedelta(days=7),
        begins - timedelta(days=1),
        begins - timedelta(hours=1),
    ]
    assert all(m.stays and m.answers is None for m in (week, day, hour))
    assert day.text.startswith("Tomorrow: Author visit\n\nWhen: Thursday, December 3")


def test_a_reminder_that_would_come_before_the_post_is_left_out():
    assert len(render(replace(EVENT, at=NOON + timedelta(days=4)), FULL)) == 3


def test_a_reminder_keeps_its_hour_over_the_change_of_clocks():
    spring = replace(EVENT, fields={**EVENT.fields, "day": "2027-03-15", "remind": ["day", "week"]})
    _, week, day = render(spring, FULL)
    assert [m.at.hour for m in (week, day)] == [21, 20]  # 15:30 in Chicago before and after the 14th of March


def test_an_event_after_midnight_ends_on_the_next_day():
    night = replace(EVENT, fields={**EVENT.fields, "clock": "19:00", "until": "00:30"})
    assert "7:00 PM – 12:30 AM" in said(night)[0]


def test_a_chat_asks_its_questions_at_their_minutes_and_says_thank_you():
    announced, *rest = render(CHAT, FULL)
    start = datetime(2026, 12, 3, 22, tzinfo=UTC)
    assert "When: Thursday, December 3, 4:00 PM (Central Time)" in announced.text
    assert [round((m.at - start).total_seconds() / 60) for m in rest] == [0, 3, 18, 33]
    assert [m.text.split("\n")[0] for m in rest][1:3] == ["Q1: Why?", "Q2: Which?"]
    assert all(m.stays for m in rest)


def test_a_discussion_is_one_form_and_a_message_on_each_of_its_days():
    first, *rest = render(CLUB, FULL)
    assert first.text == "We read together.\n\nWe talk about New Kid.\n\n#BookClub"
    assert [m.text for m in rest] == [
        "Who is Jordan?\n\n#BookClub",
        "And Liam?\n\n#BookClub",
        "Thank you, readers.\n\n#BookClub",
    ]
    assert [m.at for m in rest] == [datetime(2026, 12, day, 18, tzinfo=UTC) for day in (1, 8, 15)]


def test_feedback_is_a_poll_where_there_are_polls_and_lettered_elsewhere():
    (poll,) = render(POLL, FULL)
    assert (poll.poll, poll.poll_minutes) == (("7:30", "16:00"), 7 * 24 * 60)
    assert said(POLL, NO_POLLS) == ["When?\n\nA) 7:30\nB) 16:00\n\nAt the desk."]


def test_feedback_tells_what_people_said_and_what_was_done():
    done = replace(POLL, words="", fields={"way": "done", "result": "Mornings: 34 of 51", "done": "We open at 7:30."})
    assert said(done) == ["You said: Mornings: 34 of 51\n\nWe did: We open at 7:30."]


def test_a_highlight_is_made_of_a_title_as_well():
    book = Book("New Kid", "Jerry Craft", "https://catalog.example/1")
    told = Draft("highlight", "It is funny.", fields={"whom": "grade 5"}, books=(book,))
    assert said(told) == ["New Kid – Jerry Craft\n\nIt is funny.\n\nFor: grade 5\n\nhttps://catalog.example/1"]


def test_a_hint_stands_under_the_question():
    asked = Draft("trivia", "Which?", fields={"choices": ["Egg", "Hen"], "right": 0, "hint": "It is round."})
    assert said(asked, BARE)[0] == "Which?\n\nA) Egg\nB) Hen\n\nHint: It is round."


def test_student_work_waits_for_the_permission():
    work = Draft("student", "Grade 7 printed whales.", images=(PICTURE,))
    place = Place(1, "Here", FULL)
    found = problems(work, {place: render(work, FULL)})
    assert [p.sentence for p in found] == ["Check the school's permission list, and tick that you did."]
    assert problems(replace(work, permitted=True), {place: render(work, FULL)}) == []


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (replace(EVENT, at=NOON + timedelta(days=30)), "The event would begin before this is posted."),
        (replace(EVENT, fields={**EVENT.fields, "until": "15:00"}), "It would end before it begins."),
        (replace(EVENT, fields={"name": "Fair"}), "Choose the day."),
        (replace(EVENT, fields={**EVENT.fields, "clock": "25:99"}), "Choose the time."),
        (replace(CLUB, at=NOON + timedelta(days=9)), "A question would come before the post that announces it. "),
        (replace(CLUB, fields={**CLUB.fields, "prompts": []}), "Write at least one question to talk about."),
        (replace(CLUB, fields={**CLUB.fields, "closing_day": ""}), "The closing post needs its words and its day."),
        (replace(CHAT, at=NOON + timedelta(days=30)), "The chat would begin before this is posted."),
        (replace(CHAT, fields={**CHAT.fields, "questions": []}), "Write at least one question for the chat."),
        (replace(POLL, fields={"way": "link"}), "Add the link to your form."),
        (replace(POLL, fields={"way": "poll", "choices": ["One"]}), "Give at least two choices."),
        (Draft("highlight", "Good."), "Say what you want to point to, or choose a title."),
    ],
)
def test_what_a_kind_demands_is_said(draft, told):
    cleaned = {f.name: f.meaning(draft.fields.get(f.name)) for f in KINDS[draft.kind].fields}
    demands = KINDS[draft.kind].demands(replace(draft, fields={**draft.fields, **cleaned}))
    assert any(sentence.startswith(told) for sentence in demands), demands


SECOND = {"language": "es", "words": "La biblioteca está abierta."}
BOTH = Draft("news", "The library is open.", "https://a.example", language="en", second=SECOND, hashtags="#Maple")


def test_two_languages_stand_in_one_message_where_they_fit():
    (only,) = render(BOTH, FULL)
    assert only.text == "The library is open.\n\nLa biblioteca está abierta.\n\nhttps://a.example\n\n#Maple"
    assert only.language == "en"


def test_two_languages_are_two_messages_where_they_do_not_fit_each_with_its_tag():
    long = replace(BOTH, words="x" * 400, second=SECOND | {"words": "ñ" * 400})
    english, spanish = render(long, FULL)
    assert (english.language, spanish.language) == ("en", "es")
    assert spanish.text == f"{'ñ' * 400}\n\nhttps://a.example\n\n#Maple"
    assert spanish.answers is None


def test_an_answer_in_two_messages_replies_to_the_question_in_its_own_language():
    fields = {"choices": ["Egg", "Hen"], "right": 0, "explanation": "e" * 300}
    trivia = Draft(
        "trivia",
        "w" * 300,
        fields=fields,
        language="en",
        second={"language": "es", "words": "p" * 300, "fields": {"explanation": "s" * 300}},
        at=NOON,
        answer_at=NOON + timedelta(days=2),
    )
    asked, asked_es, answer, answer_es = render(trivia, FULL)
    assert (asked.answers, asked_es.answers, answer.answers, answer_es.answers) == (None, None, 0, 1)
    assert [m.language for m in (asked, asked_es, answer, answer_es)] == ["en", "es", "en", "es"]
    assert answer_es.text.endswith("s" * 300)


def test_the_reminders_of_an_event_are_in_both_languages_too():
    second = {"language": "es", "words": "Lee y firma.", "fields": {"name": "Visita de una autora"}}
    told = [m.text for m in render(replace(EVENT, link="", language="en", second=second), FULL)]
    assert (
        "Visita de una autora\n\nLee y firma.\n\nCuándo" in told[0]
        or "Visita de una autora\n\nLee y firma.\n\nWhen" in told[0]
    )
    assert "Tomorrow: Author visit" in told[2]
    assert "Visita de una autora" in told[2]


FIELDS = {
    "line": st.text(max_size=80),
    "text": st.text(max_size=80),
    "day": st.sampled_from(["", "2026-12-03", "2026-02-30", "soon"]),
    "clock": st.sampled_from(["", "09:00", "23:59", "9"]),
    "pick": st.sampled_from(["poll", "link", "done", "3", "x"]),
    "ticks": st.lists(st.sampled_from(["week", "day", "hour", "year"])),
    "lines": st.lists(st.text(max_size=40), max_size=5),
    "rows": st.lists(
        st.fixed_dictionaries({"day": st.sampled_from(["", "2026-12-01"]), "words": st.text(max_size=40)})
    ),
}


@given(st.data())
def test_no_post_of_any_kind_breaks_whatever_is_typed_and_all_of_it_has_its_place(data):
    kind = KINDS[data.draw(st.sampled_from(sorted(KINDS)))]
    typed = {one.name: data.draw(FIELDS[one.sort]) for one in kind.fields}
    fields = {one.name: one.meaning(typed[one.name]) for one in kind.fields}
    if kind.choices:
        fields |= {"choices": data.draw(st.lists(st.text(max_size=60), max_size=4)), "right": 0}
    second = data.draw(st.sampled_from([{}, SECOND]))
    draft = Draft(kind.key, data.draw(st.text(max_size=600)), fields=fields, second=second, zone=ZONE, at=NOON)
    for limits in PLACES.values():
        messages = render(draft, limits)
        found = problems(draft, {Place(1, "Here", limits): messages})
        for n, message in enumerate(messages):
            assert message.answers is None or 0 <= message.answers < n
            too_long = count(message.text, limits, message.warning) > most(limits)
            assert not too_long or any("too long" in p.sentence for p in found)


def test_an_empty_row_of_the_form_has_its_day_already_and_asks_for_nothing():
    prompts = next(field for field in KINDS["discussion"].fields if field.name == "prompts")
    asked = {"day": "2026-12-01", "words": "Who is Jordan?"}
    assert prompts.meaning([asked, {"day": "2026-12-08", "words": ""}]) == [asked]


def test_what_was_not_translated_is_said_once():
    second = {"language": "es", "words": "Ven.", "fields": {"questions": ["¿Por qué?"]}}
    told = [m.text for m in render(replace(CHAT, language="en", second=second), FULL)]
    assert "Q1: Why?\n\n" in told[2]
    assert "¿Por qué?" in told[2]
    assert told[3].count("Which?") == 1


def test_a_question_of_a_discussion_is_translated_on_its_day():
    rows = [{"day": "", "words": "¿Quién es Jordan?"}]
    second = {"language": "es", "words": "Leemos.", "fields": {"prompts": rows}}
    made = render(replace(CLUB, language="en", second=second), FULL)
    (first,) = (m for m in made if "Who is Jordan?" in m.text)
    assert "¿Quién es Jordan?" in first.text
    assert sum(m.text.count("And Liam?") for m in made) == 1


def test_a_discussion_without_a_time_keeps_its_questions():
    made = render(replace(CLUB, fields={**CLUB.fields, "clock": ""}), FULL)
    assert any("Who is Jordan?" in m.text for m in made)


def test_more_than_four_choices_are_said_and_not_cut():
    poll = Draft("feedback", "Which?", fields={"way": "poll", "choices": list("abcdef")}, zone=ZONE, at=NOON)
    assert "at most 4" in str(KINDS["feedback"].demands(poll)[0])
