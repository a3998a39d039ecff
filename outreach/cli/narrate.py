"""`python -m outreach.cli.narrate greet|follow URL`: the first words of `up`, the running words of `demo`."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta

from sqlalchemy import select

from outreach import clock
from outreach.cli.base import opened
from outreach.db import db, writing
from outreach.models import Event, Library, Person
from outreach.people import links, setup
from outreach.practice.around import open_practice
from outreach.shop import Shop

LASTS = timedelta(minutes=3)


def greet(url: str, shop: Shop) -> None:
    public = shop.config.public_url or url
    if setup.is_set_up():
        say(f"Outreach runs at {public}")
    else:
        say(f"Outreach runs. Open this link once to begin:\n\n    {public}/set-up/{setup.set_up_token(clock.now())}\n")


def follow(url: str, shop: Shop) -> None:
    """Open the practice library and tell what happens, each thing with its address."""
    begun = clock.now()
    person_id = _begin(shop)
    say(
        f"The practice library is open. Look at it (this link signs in once):\n\n    {url}/sign-in/{_link(person_id)}\n"
    )
    last = 0
    while clock.now() - begun < LASTS:
        last = _tell(url, last, begun)
        time.sleep(0.5)
    say(f"That was the tour; it goes on at {url} . Ctrl-C stops it.")


def _begin(shop: Shop) -> int:
    if setup.is_set_up():
        library = db.session.scalar(select(Library).where(Library.practice))
        person = db.session.scalar(select(Person).where(Person.practice).order_by(Person.id)) if library else None
        if person is None or setup.has_real_library():
            sys.exit(
                "There is a real library here. Run the demo in another folder: OUTREACH_HOME=instance-demo make demo"
            )
        return person.id
    return open_practice(_zone(), clock.now(), shop).id


def _zone() -> str:
    """This machine's zone, where it says which."""
    try:
        with open("/etc/timezone") as file:
            name = file.read().strip()
    except OSError:
        name = ""
    return name if clock.is_zone(name) else "UTC"


def _link(person_id: int) -> str:
    with writing() as session:
        return links.make(session, "sign_in", clock.now(), person_id)


def _tell(url: str, last: int, since: datetime) -> int:
    events = db.session.scalars(
        select(Event).where(Event.id > last, Event.at >= since, Event.post_id.is_not(None)).order_by(Event.id)
    ).all()
    for event in events:
        say(f"{event.at:%H:%M:%S}  {event.who}: {event.thing} {event.new or event.verb}  {url}/posts/{event.post_id}")
        last = event.id
    db.session.rollback()
    return last


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    what, url = sys.argv[1:3]
    with opened() as shop:
        (follow if what == "follow" else greet)(url, shop)


if __name__ == "__main__":
    main()
