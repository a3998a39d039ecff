"""E-mail through a real SMTP server: the outbox, the address of the page, a forgotten password, the watchdog."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from clients import nobody
from factories import found_cast
from local_server import LocalServer, Reply
from smtp_server import SmtpServer
from sqlalchemy import func, select

from outreach import create_app, mail
from outreach.channels.guard import Reach
from outreach.config import load
from outreach.db import db, writing
from outreach.models import Library, Mail
from outreach.people.members import person_for, set_role
from outreach.posts.watch import alarm
from outreach.web import watchdog
from outreach.web.signin import Outbox


@pytest.fixture
def post_office():
    server = SmtpServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def posting(config, post_office):
    return replace(config, smtp_url=post_office.url, public_url="https://outreach.example.org")


def put(now, **more):
    with writing() as session:
        mail.put(session, "ana@school.example", "One\r\nBcc: x@evil.example", "Words ä", now, **more)


def test_a_letter_goes_out_once_with_the_address_of_its_page(context, post_office, posting, now):
    put(now, about="reason", path="/posts/5")
    put(now, about="reason")
    assert mail.deliver(posting, now) == 1
    assert mail.deliver(posting, now + timedelta(days=1)) == 0
    (letter,) = post_office.letters
    assert letter["To"] == "ana@school.example"
    assert letter["Bcc"] is None
    assert letter["From"] == "outreach@127.0.0.1"
    assert letter.get_content().split() == ["Words", "ä", "https://outreach.example.org/posts/5"]


def test_a_refused_letter_is_tried_again_later(context, post_office, posting, now):
    put(now)
    post_office.refuses = True
    assert mail.deliver(posting, now) == 0
    assert "550" in db.session.query(Mail.diagnosis).scalar()
    post_office.refuses = False
    assert mail.deliver(posting, now + timedelta(seconds=30)) == 0
    assert mail.deliver(posting, now + timedelta(seconds=61)) == 1


def test_two_who_empty_the_outbox_send_each_letter_once(context, post_office, posting, now):
    put(now)
    (letter,) = db.session.query(Mail)
    assert mail._claim(now, Mail.id == letter.id)
    assert mail.deliver(posting, now) == 0
    assert mail.deliver(posting, now + timedelta(minutes=6)) == 1


def test_an_address_that_cannot_be_written_does_not_hold_up_the_others(context, post_office, posting, now):
    with writing() as session:
        mail.put(session, "a@[.c", "One", "Words", now)
    put(now)
    assert mail.deliver(posting, now) == 1


def test_a_password_never_goes_out_in_clear(context, posting, now):
    put(now)
    elsewhere = SmtpServer("127.0.0.2")  # a loopback address that is not one of the names of this machine
    mail.deliver(replace(posting, smtp_url=elsewhere.url.replace("//", "//user:hunter2@")), now)
    assert "no TLS" in db.session.query(Mail.diagnosis).scalar()
    assert elsewhere.letters == []
    elsewhere.shutdown()
    elsewhere.server_close()


def test_without_a_mail_server_letters_wait(context, config, now):
    put(now)
    assert mail.deliver(config, now) == 0
    assert db.session.query(Mail.tries).scalar() == 0


def test_a_forgotten_password_comes_by_mail_where_there_is_a_mail_server(environ, post_office, posting, now):
    app = create_app(
        load({**environ, "OUTREACH_SMTP_URL": post_office.url, "OUTREACH_PUBLIC_URL": "https://o.example.org"})
    )
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        found_cast(now)
        visitor = nobody(app)
        visitor.post("/forgotten", data={"email": "librarian@school.example"}, headers={"Host": "localhost:9999"})
        visitor.post("/forgotten", data={"email": "nobody@school.example"})
        mail.deliver(posting, db.session.query(Mail.try_at).scalar())
        (letter,) = post_office.letters
        path = re.search(r"https://o.example.org(/forgotten/\S+)", letter.get_content())[1]
        assert visitor.get(path).status_code in (200, 302)
        chosen = {"password": "a long enough phrase", "password_confirm": "a long enough phrase"}
        visitor.post(path, data=chosen)
        signed = nobody(app).post(
            "/sign-in", data={"email": "librarian@school.example", "password": "a long enough phrase"}
        )
        assert signed.status_code == 302
        mail.deliver(posting, db.session.query(func.max(Mail.try_at)).scalar())
        told = post_office.letters[-1]
        assert told["Subject"] == "Your Outreach password is new"
        assert "If it was not you, choose another one at once" in told.get_content()
        assert "https://o.example.org/forgotten" in told.get_content()
        db.engine.dispose()


def test_letters_about_a_password_are_in_the_language_of_their_reader(environ, post_office, posting, now):
    app = create_app(load({**environ, "OUTREACH_SMTP_URL": "smtp://localhost", "OUTREACH_PUBLIC_URL": "https://o.org"}))
    with app.app_context():
        cast = found_cast(now)
        with writing() as session:
            session.get_one(Library, cast.library.id).language = "es"
        for template in ("reset_instructions", "reset_notice", "change_notice"):
            with app.test_request_context("/", headers={"Accept-Language": "en"}):
                more = {"reset_link": "http://localhost:9999/forgotten/abc"}
                Outbox(app).send_mail(f"security/email/{template}", "", cast.approver.email, "", "", "", **more)
        letters = db.session.query(Mail).order_by(Mail.id).all()
        assert [letter.subject for letter in letters] == [
            "Una contraseña nueva para Outreach", *["Su contraseña de Outreach es nueva"] * 2
        ]  # fmt: skip
        assert "https://o.org/forgotten/abc" in letters[0].body
        assert "Si no fue usted" in letters[1].body
        assert "localhost" not in "".join(letter.body for letter in letters)
        db.engine.dispose()


def test_without_a_mail_server_there_is_no_such_page(app, cast):
    assert nobody(app).get("/forgotten").status_code == 404


def test_the_watchdog_mails_the_managers_once_an_hour_itself(app, cast, post_office, posting):
    shop = app.extensions["shop"]
    app.extensions["shop"] = replace(shop, config=posting)
    watchdog.look(app)
    watchdog.look(app)
    told = {letter["To"]: letter["Subject"] for letter in post_office.letters}
    assert told == {
        "librarian@school.example": "Outreach is not publishing",
        "outsider@school.example": "Outreach is not publishing",
    }
    assert len(post_office.letters) == 2


def test_the_alarm_has_an_address_of_its_own_and_calls_it_once_an_hour(app, cast, now):
    with LocalServer(lambda request: Reply(200, {})) as there:
        shop = app.extensions["shop"]
        config = replace(shop.config, alarm_url=f"{there.url}/hook")
        app.extensions["shop"] = replace(shop, config=config, reach=Reach(allow_hosts=("127.0.0.0/8",)))
        called_at = watchdog.look(app)
        watchdog.look(app, called_at)
        watchdog.look(app, called_at - timedelta(hours=1))
    assert [request.path for request in there.seen] == ["/hook", "/hook"]
    assert "Nothing is being published" in there.seen[0].form()["text"]


def test_the_watchdog_finds_the_managers_among_many(cast, now):
    with writing() as session:
        for n in range(60):
            set_role(session, person_for(session, f"p{n}@school.example", "P", now), cast.library, "contributor",
                     cast.decider, now)  # fmt: skip
        late = person_for(session, "late@school.example", "Late", now)
        set_role(session, late, cast.library, "manager", cast.decider, now)
    assert alarm(now)
    assert set(db.session.scalars(select(Mail.to))) == {
        "librarian@school.example", "outsider@school.example", "late@school.example"
    }  # fmt: skip


def test_sign_in_is_throttled(environ, now):
    app = create_app(load(environ))
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        found_cast(now)
        visitor = nobody(app)
        tries = [
            visitor.post("/sign-in", data={"email": "librarian@school.example", "password": "x"}) for _ in range(12)
        ]
        assert [t.status_code for t in tries].count(429) == 2
        db.engine.dispose()
