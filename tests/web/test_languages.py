"""Which language a page is in: the person's, else the library's, else the browser's."""

from clients import nobody, signed_in
from factories import submitted

from outreach import clock
from outreach.db import db, writing
from outreach.models import Library, Person, Post
from outreach.people import links
from outreach.posts import approve
from outreach.posts.deciding import content

SPANISH, ENGLISH = {"Accept-Language": "es-MX,es;q=0.9"}, {"Accept-Language": "en-US"}


def test_who_is_not_signed_in_reads_the_language_of_the_browser(app, cast):
    page = nobody(app).get("/sign-in", headers=SPANISH).get_data(as_text=True)
    assert '<html lang="es"' in page
    assert "Contraseña" in page
    assert "Password" in nobody(app).get("/sign-in", headers=ENGLISH).get_data(as_text=True)
    assert '<html lang="en"' in nobody(app).get("/sign-in", headers={"Accept-Language": "tlh"}).get_data(as_text=True)


def test_the_library_comes_before_the_browser_and_the_person_before_the_library(app, cast):
    client = signed_in(app, cast.librarian)
    assert "This week" in client.get("/", headers=SPANISH).get_data(as_text=True)
    with writing() as session:
        session.get_one(Library, cast.library.id).language = "es"
    assert "Esta semana" in client.get("/", headers=ENGLISH).get_data(as_text=True)
    answer = client.post("/library/language", data={"language": "en"}, follow_redirects=True)
    assert "This week" in answer.get_data(as_text=True)


def test_a_language_that_is_not_spoken_is_that_of_the_library(app, cast):
    client = signed_in(app, cast.contributor)
    client.post("/library/language", data={"language": "es"})
    client.post("/library/language", data={"language": "tlh"})
    assert db.session.get_one(Person, cast.contributor.id).language == ""


def test_each_language_is_offered_by_its_own_name(app, cast):
    page = signed_in(app, cast.contributor).get("/").get_data(as_text=True)
    assert 'value="es" lang="es">Español</button>' in page
    assert 'value="en" lang="en" aria-pressed="true">English</button>' in page


def test_a_library_keeps_the_language_it_was_set_up_in(app, context, now):
    with writing() as session:
        token = links.make(session, "set_up", now)
    client = nobody(app)
    assert "¿Cómo se llama su biblioteca?" in client.get(f"/set-up/{token}", headers=SPANISH).get_data(as_text=True)
    answers = {"library": "Escuela Benito Juárez", "name": "Ana", "email": "ana@school.org", "timezone": "UTC"}
    client.post(f"/set-up/{token}", data=answers, headers=SPANISH)
    library = db.session.query(Library).one()
    assert library.language == "es"
    assert "Práctica" in client.get("/", headers=ENGLISH).get_data(as_text=True)


def test_a_link_is_in_the_language_of_its_person_before_and_after_it_is_used(app, cast):
    with writing() as session:
        session.get_one(Library, cast.library.id).language = "es"
        session.get_one(Person, cast.contributor.id).password = None
    address = f"/sign-in/{links.new(cast.contributor.id, cast.decider, clock.now())}"
    client = nobody(app)
    for _ in range(2):
        assert '<html lang="es"' in client.get(address, headers=ENGLISH).get_data(as_text=True)
        welcome = client.post(address, headers=ENGLISH, follow_redirects=True).get_data(as_text=True)
        assert '<html lang="es"' in welcome
        assert "Welcome" not in welcome
    assert '<html lang="en"' in client.get("/sign-in/made-up", headers=ENGLISH).get_data(as_text=True)


def test_a_review_link_is_in_the_language_of_its_person_when_it_is_spent_too(app, cast):
    with writing() as session:
        session.get_one(Library, cast.library.id).language = "es"
        session.get_one(Person, cast.outsider.id).language = "en"
    post, at = submitted(cast, clock.now()), clock.now()
    with writing() as session:
        seal = content(session.get_one(Post, post.id))
        address = "/decide/" + links.make_review(session, cast.approver.id, post.id, seal, at)
    approve.approve(post.id, post.revision, cast.decider, at)
    for client in (nobody(app), signed_in(app, cast.outsider)):
        spent = client.get(address, headers=ENGLISH)
        assert spent.status_code == 410
        assert '<html lang="es"' in spent.get_data(as_text=True)


def test_a_wrong_password_is_told_in_the_language_of_the_page(app, cast):
    wrong = {"email": "nobody@school.org", "password": "not the one"}
    page = nobody(app).post("/sign-in", data=wrong, headers=SPANISH).get_data(as_text=True)
    assert "No conocemos este correo con esta contraseña." in page
