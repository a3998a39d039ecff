"""Telephones, e-mails, streets, names, listed words: what is found, and what only looks like it."""

import pytest
from factories import MASTODON

from outreach.posts import check_personal, check_student
from outreach.posts.checks import CHECKS
from outreach.posts.drafts import Book, Draft, Image
from outreach.posts.findings import Around
from outreach.posts.policy import Place, asks, problems
from outreach.posts.telephones import telephones
from outreach.posts.wording import render

TELEPHONES = [
    "555-0142",
    "(555) 555-0142",
    "(312)555-0142",
    "312-555-0142",
    "555-123-4567",
    "312.555.0142",
    "312 555 0142",
    "312–555–0142",
    "312\u2011555\u20110142",
    "1-800-555-0199",
    "3125550142",
    "+1 312 555 0142",
    "+1 (312) 555-0142",
    "+34 612 34 56 78",
    "+34612345678",
    "0034 612 345 678",
    "+52 55 1234 5678",
    "+44 20 7946 0958",
    "612 34 56 78",
    "612 345 678",
    "91 123 45 67",
    "612345678",
    "55 1234 5678",
]
NO_TELEPHONES = [
    "978-0-590-35340-3",
    "ISBN 9780590353403",
    "0-590-35340-3",
    "8437505178",  # an ISBN-10
    "ISBN 2125550142",
    "ISSN 2049-3630",
    "2026-11-24",
    "11-24-2026",
    "24.11.2026",
    "11/24/2026",
    "in 2026-27",
    "2026-2027",
    "1990–2026",
    "24 2026-2027",
    "813.54 ROW",
    "813.5402",
    "QA76.9.D3 2026",
    "641.5 973 2026",
    "PZ7.R79835",
    "$555-0142",
    "$1,200",
    "12.50–15.00 €",
    "10:30-11:30",
    "12:10 to 12:40",
    "pages 100-120",
    "1,234,567 books",
    "912.345.678 libros",
    "3,000 of 10,000",
    "31234000123456",
    "90210-1234",
    "Room 200",
    "555",
    "grades 3-5",
    "https://school.org/555-0142",
    "www.school.org/312-555-0142",
    "#555-0142",
    "v2.0.1",
    "call at 10:30",
    "call number 813.54",
    "text 1 of 2",
    "100 %",
]


@pytest.mark.parametrize("number", TELEPHONES)
@pytest.mark.parametrize("around", ["%s", "Call %s!", "Ask Ana (%s).", "Tel.: %s, every day", "llama al %s\ny ven"])
def test_a_telephone_number_is_found(number, around):
    assert [found.strip("()") for found in telephones(around % number)] == [number.strip("()")]


@pytest.mark.parametrize("text", NO_TELEPHONES)
@pytest.mark.parametrize("around", ["%s", "See %s.", "(%s)", "Open %s, every day"])
def test_what_looks_like_a_telephone_number_is_none(text, around):
    draft = Draft("news", around % text)
    assert list(check_personal.phones(draft, {}, Around())) == []


@pytest.mark.parametrize(
    "text",
    [
        "Call 555 0142",
        "teléfono: 55 12 34 56",
        "Tel. 0312 55 01 42",
        "Text 55501 42",
        "Llame al 555 1234",
        "Llámenos al 55512 34",
    ],
)
def test_the_word_before_it_says_that_it_is_one(text):
    assert len(list(telephones(text))) == 1


def found(check, words, **more):
    draft = Draft(**{"kind": "news", "words": words} | more)
    return [problem.sentence.values["found"] for problem in check(draft, {}, Around())]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Write to ana@school.org.", ["ana@school.org"]),
        ("mailto:ana.ruiz+x@mail.school.k12.il.us!", ["ana.ruiz+x@mail.school.k12.il.us"]),
        ("<maría@escuela.es>", ["maría@escuela.es"]),
        ("@library@mastodon.social", []),
        ("https://mastodon.social/@library", []),
        ("https://x.org/?to=a@b.org", []),
        ("meet @ noon", []),
        ("4 @ $5.00", []),
        ("a@b", []),
        ("ana@school.org and ana@school.org", ["ana@school.org"]),
    ],
)
def test_an_e_mail_address_is_found(words, expected):
    assert found(check_personal.emails, words) == expected


@pytest.mark.parametrize(
    "street",
    [
        "12 Maple Street",
        "221B Baker Street",
        "1600 Pennsylvania Avenue",
        "5 W. Oak Ave",
        "40 North Lake Shore Drive",
        "12 5th Avenue",
        "7 Elm St",
        "3 O'Hara Blvd",
        "12 maple street",
        "PO Box 114",
        "P.O. Box 114",
        "Calle Mayor 5",
        "Calle de la Rosa, 12",
        "C/ Alcalá 45",
        "Avda. de América, nº 3",
        "calle mayor 5",
        "Paseo de Gracia 92",
        "Plaza San Juan 4",
    ],
)
def test_a_street_address_is_found(street):
    assert found(check_personal.streets, f"Come to {street}, please.") == [street]
    assert found(check_personal.streets, street) == [street]


@pytest.mark.parametrize(
    "words",
    [
        "Maple Street School Library",
        "Our 3rd Book Drive",
        "100 Book Drive",
        "on 17 March St Patrick's Day",
        "20 books on the road",
        "2 way street",
        "10 Great Books",
        "We read 30 minutes on Sesame Street",
        "Plaza Sésamo, 24 de noviembre",
        "En la calle Mayor, 24 de noviembre",
        "En la Avenida Central 10:30",
        "la calle tranquila donde leo 20 libros",
        "Grade 5 Drive-in",
        "$12 Maple Street",
    ],
)
def test_what_looks_like_a_street_address_is_none(words):
    assert found(check_personal.streets, words) == []


def test_a_street_in_a_title_of_the_post_is_none():
    books = (Book("84 Charing Cross Road", "Helene Hanff"),)
    assert found(check_personal.streets, "New: 84 Charing Cross Road", books=books) == []


def test_alt_texts_and_choices_of_a_poll_are_looked_through():
    draft = Draft(
        "trivia", "Who?", fields={"choices": ["ana@school.org", "b"]}, images=(Image("", "", "Call 555-0142", 0),)
    )
    for made in ({}, {(place := Place(1, "Place", MASTODON)): render(draft, place.limits)}):
        told = [str(ask.sentence) for ask in asks(draft, made)]
        assert told == [
            "“555-0142” looks like a telephone number.",
            "“ana@school.org” looks like an e-mail address.",
        ]


def test_each_is_told_once_however_many_places_there_are():
    draft = Draft("news", "Call 555-0142")
    places = [Place(n, f"Place {n}", MASTODON) for n in range(3)]
    made = {place: render(draft, place.limits) for place in places}
    assert len(asks(draft, made)) == 1
    assert problems(draft, made) == []


def test_what_the_guidelines_say_themselves_needs_no_word():
    around = Around(guidelines="Only our own desk: library@school.org, (312) 555-0142.")
    draft = Draft("news", "Write to library@school.org or call 312-555-0142.")
    assert asks(draft, {}, around) == []


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ("damn", "Damn!"),
        ("niño", "Un NINO"),
        ("nino", "el niño"),
        ("field trip", "a Field  trip"),
        ("Москва", "в москва"),
        ("कित", "यह कित है"),
        ("学校", "我们学校"),
        ("โรงเรียน", "ที่โรงเรียนของเรา"),
        ("مدرسة", "مَدْرَسَة"),
        ("straße", "STRASSE"),
        ("don't", "I don't"),
        ("🍺", "a 🍺 now"),
    ],
)
def test_a_listed_word_is_found_in_any_case_and_script(listed, words):
    (one,) = asks(Draft("news", words), {}, Around(words=(listed,)))
    assert listed in one.sentence


@pytest.mark.parametrize(
    ("listed", "words"),
    [("damn", "goddamned"), ("ass", "class"), ("कि", "किताब"), ("trip field", "field trip"), ("", "any"), (" ", "any")],
)
def test_a_part_of_a_word_is_none(listed, words):
    assert asks(Draft("news", words), {}, Around(words=(listed,))) == []


STUDENT = {"kind": "student", "library": "Maple Street School Library"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Ana Ruiz painted this.", ["Ana Ruiz"]),
        ("This was painted by Ana Ruiz.", ["Ana Ruiz"]),
        ("Meet Ana Ruiz!", ["Ana Ruiz"]),
        ("Congratulations to María de la Cruz", ["María de la Cruz"]),
        ("by Ana M. Ruiz", ["Ana M. Ruiz"]),
        ("¡Felicidades, José García Pérez!", ["José García Pérez"]),
        ("a drawing by Jean-Luc O'Neil in Grade 5", ["Jean-Luc O'Neil"]),
        ("Олена Шевченко намалювала", ["Олена Шевченко"]),
        ("by Diego Lopez and Ben King", ["Diego Lopez", "Ben King"]),
        ("Ana Ruiz's tree", ["Ana Ruiz's"]),
        ("by\nAna Ruiz, Grade 3", ["Ana Ruiz"]),
        ("“Ana Ruiz” drew this", ["Ana Ruiz"]),
        ('"Ana Ruiz" drew this, _Ben de la Cruz_ that', ["Ana Ruiz", "Ben de la Cruz"]),
        ("Ana   Ruiz, Ben\tKing, Leo\u2009\u200bDiaz", ["Ana Ruiz", "Ben King", "Leo \u200bDiaz"]),
        ("Ana\u200bRuiz", ["Ana\u200bRuiz"]),
        ("A whale by Ana\nRuiz", ["Ana Ruiz"]),
        ("A whale by Ana (Ruiz)", ["Ana (Ruiz)"]),
        ("Ruiz, Ana: a whale; by Ana-Ruiz", ["Ana-Ruiz", "Ruiz, Ana"]),
        ("May Smith drew this, then April Green.", ["May Smith", "April Green"]),
    ],
)
def test_a_full_name_is_found_in_student_work(words, expected):
    assert found(check_student.full_names, words, **STUDENT) == expected


@pytest.mark.parametrize(
    "words",
    [
        "Ana L. painted this.",
        "Ana L. and Ben K., Grade 5",
        "Ana painted this. Ben wrote that.",
        "Look what Ana made!",
        "Our Art Club",
        "At the Maple Street School Library",
        "Seen at Maple Street",
        "In Grade Five, Room Twelve",
        "by J. K.",
        "Yesterday we read.",
        "by Ana, Ben, Carla and Diego",
        "Art by Ana\nBooks by Ben",
        "Black History Month, Women's History Month",
        "On Monday Ana read",
        "New York and Puerto Rico",
        "A picture for “The Very Hungry Caterpillar”",
        "#AnaRuiz @AnaRuiz",
        "Feria del Libro",
        "Dibujo de Ana",
        "STEM Week at NASA",
        "The Golden Gate Bridge by Leo",
        "Fifth Graders and Mrs. Kim's Class",
        "من رسم أنا",
        "Ms. Diaz and Mr. Lee",
        "“Blue Horse”, “Dog Man”, _Charlotte's Web_, “Where the Wild Things Are”, “Anna and the Swallow Man”",
        "In May Ana read. May Ana's poem inspire you! In April Xochitl read; on 4 May Itzel did.",
        "April Fools, May Day, Cinco de Mayo, Monday, June 1, April Newsletter, August Vacation",
        "by Ana, Xochitl, Ben\nIn Houston, Leo drew. Awesome, Ana!",
        "Ana\nBen\nXochitl",
        "A poem by Ana\nWhales swim at night",
        "Ana (Grade 5), Ben (Room Two), Jean-Luc, Spider-Man, Jack-o'-Lantern",
        "",
    ],
)
def test_what_looks_like_a_full_name_is_none(words):
    assert found(check_student.full_names, words, **STUDENT) == []


def test_a_name_of_a_book_of_the_post_is_none():
    books = (Book("Harry Potter", "Joanne Rowling"),)
    assert found(check_student.full_names, "She drew Harry Potter by Joanne Rowling.", books=books, **STUDENT) == []


def test_a_full_name_is_looked_for_in_student_work_alone_and_in_alt_texts_too():
    image = (Image("", "", "A tree by Ana Ruiz", 0),)
    assert found(check_student.full_names, "A tree", images=image, **STUDENT) == ["Ana Ruiz"]
    assert found(check_student.full_names, "By Ana Ruiz") == []


def test_student_work_needs_its_tick():
    bare = list(check_student.permission(Draft("student", "A tree"), {}, Around()))
    assert [problem.sort for problem in bare] == ["stop"]
    assert list(check_student.permission(Draft("student", "A tree", permitted=True), {}, Around())) == []


def test_no_district_lets_student_work_go_out_without_the_permission_tick():
    (check,) = (check for check in CHECKS if check.key == "permission")
    assert check.levels == ("stop",)
