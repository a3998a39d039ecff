"""How a post repeats, in a letter: in the language of whoever reads it."""

from __future__ import annotations

from datetime import datetime, time

from outreach import clock
from outreach.letter import Say
from outreach.models import Post, Series
from outreach.posts.series_plan import next_of
from outreach.posts.series_rule import WEEKDAYS, choice_of, said, said_end
from outreach.words import Sentence


def comes_again(post: Post, now: datetime, say: Say) -> str:
    """Its rule, its end, what an approval means for those that follow, and the next days. Empty: it does not repeat."""
    row = post.series
    if row is None or row.stopped_at is not None or post.series_at is None:
        return ""
    told = [say(Sentence("It repeats: %(how)s.", how=_how(row, say))), say(_means(row))]
    days = ", ".join(say(Sentence("%(day)s", day=clock.today(at, row.library.timezone))) for at in next_of(row, now))
    return "\n".join([*told, say(Sentence("Next: %(days)s", days=days))] if days else told)


def _how(row: Series, say: Say) -> str:
    rule, end, choice = said(row.rule, row.clock), said_end(row.rule), choice_of(row.rule)
    days = ", ".join(say(WEEKDAYS[n]) for n in choice.days)
    how = say(rule.filled(**rule.values | {"time": time.fromisoformat(row.clock)} | ({"days": days} if days else {})))
    if end and choice.until:
        end = end.filled(until=choice.until)
    return f"{how}, {say(end)}" if end else how


def _means(row: Series) -> Sentence:
    if row.draws:
        return Sentence("Each time it asks another question, which is reviewed by itself.")
    return Sentence("Whoever approves it approves all that follow, too, as long as they read the same.")
