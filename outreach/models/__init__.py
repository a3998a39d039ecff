"""Columns, constraints, indexes; no queries, no network."""

from outreach.models.accounts import Account, NetworkSetup
from outreach.models.corrections import Change, Correction
from outreach.models.feeds import DigestRule, Feed, FeedRun, FeedTitle
from outreach.models.history import Event, Heartbeat, Mail
from outreach.models.libraries import Closure, Interruption, Library, Slot
from outreach.models.lists import Cover, Import, ImportTitle, Lookup, Sheet, Turn
from outreach.models.media import Medium, PostMedium
from outreach.models.people import Membership, OneTimeLink, Person
from outreach.models.plans import Consent, District, Question, Series, Start, post_consent
from outreach.models.posts import Approval, Attempt, Delivery, Placement, Post, PostVersion
from outreach.models.titles import Facet, PostTitle, Title, TitleId

__all__ = [
    "Account",
    "Approval",
    "Attempt",
    "Change",
    "Closure",
    "Consent",
    "Correction",
    "Cover",
    "Delivery",
    "DigestRule",
    "District",
    "Event",
    "Facet",
    "Feed",
    "FeedRun",
    "FeedTitle",
    "Heartbeat",
    "Import",
    "ImportTitle",
    "Interruption",
    "Library",
    "Lookup",
    "Mail",
    "Medium",
    "Membership",
    "NetworkSetup",
    "OneTimeLink",
    "Person",
    "Placement",
    "Post",
    "PostMedium",
    "PostTitle",
    "PostVersion",
    "Question",
    "Series",
    "Sheet",
    "Slot",
    "Start",
    "Title",
    "TitleId",
    "Turn",
    "post_consent",
]
