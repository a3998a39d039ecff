"""post add|list"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach import clock
from outreach.access import COMMAND_LINE, Actor, actor
from outreach.cli.base import account_called, library_called, opened, person_called, show_json, time_typed
from outreach.words import NotDone, Sentence

if TYPE_CHECKING:
    from outreach.models import Library


@click.group()
def post() -> None:
    """Posts."""


@post.command()
@click.option("--library", "slug", required=True)
@click.option("--kind", default="news", show_default=True)
@click.option("--text", required=True)
@click.option("--link", default="")
@click.option("--account", "accounts", multiple=True, required=True)
@click.option("--at", "when", required=True, help="ISO (the library's time if it has no offset), or: now")
@click.option("--image", "image", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--alt", default="", help="what the image shows")
@click.option("--mixed", is_flag=True, help="to practice and to real places in one post")
@click.option("--as", "author", default="", help="e-mail of the author; default: the command line")
@click.option("--approve-as", default="", help="e-mail of the person in whose name it is approved")
def add(
    slug: str,
    kind: str,
    text: str,
    link: str,
    accounts: tuple[str, ...],
    when: str,
    image: Path | None,
    alt: str,
    mixed: bool,
    author: str,
    approve_as: str,
) -> None:
    """Write a post and send it for review; prints its id."""
    from outreach.media.store import upload
    from outreach.posts import approve, compose, send
    from outreach.posts.written import Written

    with opened() as shop:
        library, now = library_called(slug), clock.now()
        by = _who(author, library, "draft") if author else COMMAND_LINE
        media = [(upload(shop.store, library.id, image.read_bytes(), image.name, now).id, alt)] if image else []
        at = time_typed(when, library.timezone)
        places = [account_called(library, name) for name in accounts]
        if not mixed:
            compose.refuse_mixture(library, places)
        written = Written(
            kind=kind,
            words=text,
            link=link,
            timing="now" if at is None else "at",
            wished_at=at,
            media=media,
            accounts={place.id: "" for place in places},
        )
        approver = _who(approve_as, library, "decide") if approve_as else None
        made = compose.create(library.id, written, by, now)
        try:
            send.for_review(made.id, by, now)
            if approver:
                approve.approve(made.id, made.revision, approver, clock.now())
        except NotDone:
            compose.cancel(made.id, by, now)  # a script that tries again makes no second one
            raise
        click.echo(made.id)


MAY_NOT = {
    "draft": Sentence("%(email)s does not belong to this library."),
    "decide": Sentence("%(email)s may not approve posts of this library."),
}


def _who(email: str, library: Library, action: str) -> Actor:
    from outreach.access import may

    person = person_called(email)
    if not may(person, action, library):
        raise NotDone(MAY_NOT[action].filled(email=email))
    return actor(person)


@post.command("list")
@click.option("--library", "slug", required=True)
@click.option("--json", "as_json", is_flag=True)
def list_posts(slug: str, as_json: bool) -> None:
    """State of each post and of each of its messages."""
    from sqlalchemy import select

    from outreach.db import db
    from outreach.models import Post

    with opened():
        mine = select(Post).where(Post.library_id == library_called(slug).id).order_by(Post.id)
        rows = [_told(row) for row in db.session.scalars(mine)]
        if as_json:
            show_json(rows)
        else:
            for row in rows:
                click.echo(f"{row['id']:5} {row['state']:10} {row['kind']:8} {row['text'][:60]!r}")
                for d in row["deliveries"]:
                    click.echo(
                        f"      {d['account']:20} {d['state']:10} due {d['due']:%Y-%m-%d %H:%M:%S}Z {d['url'] or ''}"
                    )


def _told(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "text": row.words,
        "author": row.author_name,
        "deliveries": [
            {
                "id": d.id,
                "account": d.account.name,
                "part": d.part,
                "state": d.state,
                "due": d.due_at,
                "published": d.published_at,
                "remote_id": d.remote_id,
                "url": d.remote_url,
                "attempts": d.attempts,
                "sentence": d.sentence,
                "diagnosis": d.diagnosis,
            }
            for d in row.deliveries
        ],
    }
