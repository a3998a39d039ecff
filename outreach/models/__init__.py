"""Columns, constraints, indexes; no queries, no network."""

from outreach.models.accounts import Account
from outreach.models.feeds import DigestRule, Feed, FeedRun, FeedTitle
from outreach.models.history import Event, Heartbeat, Mail
from outreach.models.libraries import Closure, Library, Slot
from outreach.models.lists import Cover, Import, ImportTitle, Lookup, Turn
from outreach.models.media import Medium, PostMedium
from outreach.models.people import Membership, OneTimeLink, Person
from outreach.models.posts import Delivery, Placement, Post
from outreach.models.titles import Facet, PostTitle, Title, TitleId

__all__ = [
    "Account",
    "Closure",
    "Cover",
    "Delivery",
    "DigestRule",
    "Event",
    "Facet",
    "Feed",
    "FeedRun",
    "FeedTitle",
    "Heartbeat",
    "Import",
    "ImportTitle",
    "Library",
    "Lookup",
    "Mail",
    "Medium",
    "Membership",
    "OneTimeLink",
    "Person",
    "Placement",
    "Post",
    "PostMedium",
    "PostTitle",
    "Slot",
    "Title",
    "TitleId",
    "Turn",
]
