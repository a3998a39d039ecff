"""Other words for a message that is out; and showing it once more.

docs.joinmastodon.org/methods/statuses/#edit (3.5.0; GoToSocial 0.18): PUT with all that it shall have. Repeated, it
is the same message, so a lost answer is only asked for again. `media_attributes` carries the descriptions of
pictures that are there already; Mastodon.py 2.3.3 cannot send it beside `media_ids`, so that pictures are uploaded
again, with theirs.
"""

from __future__ import annotations

from functools import partial

from outreach.channels.base import ChannelError, Outgoing, Prepared, Refused, Sent
from outreach.channels.mastodon_client import Client, sent_of
from outreach.channels.mastodon_outcome import MASTODON
from outreach.channels.phrases import PRESSED, fill
from outreach.channels.trial import SECONDS


def change(client: Client, remote_id: str, message: Outgoing, prepared: Prepared) -> Sent:
    """Raises Refused, TryLater, Unauthorized (it stands as it was), Unclear."""
    api = client.api
    # its poll, if it has one, is sent as it was: an edit without it would take it away
    poll = api.make_poll(list(message.poll.options), message.poll.minutes * 60) if message.poll else None
    put = partial(
        api.status_update,
        remote_id,
        status=message.text,
        media_ids=list(prepared.get("media") or ()) or None,
        spoiler_text=message.warning or None,
        poll=poll,
    )
    made = client.ask(put, MASTODON.after_edit)
    found = sent_of(made)
    if found is None:
        raise client.judged(MASTODON.after_edit)
    return found


def boost(client: Client, remote_id: str) -> None:
    """docs.joinmastodon.org/methods/statuses/#boost: a second time changes nothing (Mastodon's ReblogService).

    Only after its boost was taken back could it be shown a third time, which we do not do.
    """
    client.session.deadline_seconds = min(SECONDS, client.session.deadline_seconds)
    try:
        client.ask(lambda: client.api.status_reblog(remote_id), MASTODON.on_press)
    except ChannelError as error:
        if MASTODON.is_gone(client.session.last):
            raise Refused(fill(PRESSED["gone"], client.place), error.diagnosis) from error
        raise
