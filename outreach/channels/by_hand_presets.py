"""The places without an API: what each takes, where it is opened, what carries words there, who may answer there.

A limit stands with its source. Where a place documents none, it is a careful one, far below what people report, and
says so. An address carries words only where the place documents that it does (`share`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.channels.base import Limits
from outreach.words import Sentence

GROUPS: Mapping[str, Sentence] = {
    "school": Sentence("In your school"),
    "people": Sentence("Groups of readers and librarians"),
    "networks": Sentence("Networks"),
}


@dataclass(frozen=True)
class Preset:
    name: str
    limits: Limits
    group: str  # of GROUPS
    compose_url: str | None = None  # the page where the person pastes, where it is the same for everybody
    share: str = ""  # opens with {words}, or with {link}, filled in; mailto: with {heading} as well
    asks: Sentence | None = None  # the address that only the library knows, asked for once
    example: str = ""
    hosts: tuple[str, ...] = ()  # of what is posted there
    read_aloud: bool = False
    linked: bool = True  # what is posted there has an address of its own
    answers: Sentence | None = None  # how to say who may answer


def _topics(**more: int) -> Limits:
    """Of a forum: each post has a heading. None of them documents how long it may be: 5,000 is careful."""
    return Limits(**{"characters": 5_000, "images": 0} | more, hashtags=False, manner="heading")  # type: ignore[arg-type]


_PLAIN = Limits(characters=5_000, images=10, image_bytes=8_000_000, alt_characters=1_000)
_GROUP = Sentence("The address of the group there")

_SCHOOL: Mapping[str, Preset] = {
    "announcements": Preset(
        Sentence("Morning announcements"),
        Limits(characters=600, words=60, images=0, hashtags=False),
        "school",
        read_aloud=True,
        linked=False,
    ),
    # no limit of its own; a paragraph that a principal takes without shortening it
    "newsletter": Preset(
        Sentence("The principal's newsletter"),
        Limits(characters=1_500, images=3, image_bytes=8_000_000, hashtags=False, manner="heading"),
        "school",
        share="mailto:{email}?subject={heading}&body={words}",  # RFC 6068
        asks=Sentence("The e-mail of whoever makes it"),
        example="principal@school.example",
        linked=False,
    ),
    # announcement: text, 30,000 characters (developers.google.com/workspace/classroom/reference/rest, courses.
    # announcements); the share link takes the address of a page (…/classroom/guides/sharebutton)
    "classroom": Preset(
        "Google Classroom",
        Limits(characters=30_000, images=10, image_bytes=8_000_000, hashtags=False),
        "school",
        "https://classroom.google.com/",
        share="https://classroom.google.com/share?url={link}",
        asks=Sentence("The address of the class there"),
        example="https://classroom.google.com/c/…",
        hosts=("classroom.google.com",),
        answers=Sentence("In the settings of the class, under Stream, choose “Only teachers can post or comment”."),
    ),
    "vle": Preset(
        Sentence("The school's learning site (Moodle, Canvas, Schoology)"),
        _topics(images=10),
        "school",
        asks=Sentence("The address of the course or forum there"),
        example="https://moodle.school.example/…",
        answers=Sentence(
            "In Moodle's Announcements nobody else can post. In Canvas, leave “Allow users to comment” unticked."
        ),
    ),
    "parents": Preset(Sentence("Parents' app (ParentSquare, ClassDojo, Remind)"), _PLAIN, "school"),
    # text.body 4,096 (developers.facebook.com/docs/whatsapp, text messages); people report 65,536 in the app.
    # wa.me/?text= is documented (faq.whatsapp.com/5913398998672934)
    "whatsapp": Preset(
        "WhatsApp",
        Limits(characters=4_096, images=10, image_bytes=5_000_000, hashtags=False, manner="whatsapp"),
        "school",
        "https://web.whatsapp.com/",
        share="https://wa.me/?text={words}",
        linked=False,
        # faq.whatsapp.com/526742385997912 (2026)
        answers=Sentence(
            "Tap the name of the group, then Group permissions, and turn off “Send messages”: only admins can."
        ),
    ),
}

_PEOPLE: Mapping[str, Preset] = {
    # 63,206 characters, as for every post on Facebook
    "facebook_group": Preset(
        Sentence("Facebook Group"),
        Limits(characters=63_206, images=10, image_bytes=8_000_000),
        "people",
        "https://www.facebook.com/groups/",
        asks=_GROUP,
        example="https://www.facebook.com/groups/…",
        hosts=("facebook.com", "fb.com"),
        answers=Sentence("After posting, open the three dots of the post and choose “Turn off commenting”."),
    ),
    # pictures only by the address of one that stands elsewhere
    "goodreads": Preset(
        Sentence("Goodreads group"),
        _topics(),
        "people",
        "https://www.goodreads.com/group",
        asks=_GROUP,
        example="https://www.goodreads.com/group/show/…",
        hosts=("goodreads.com",),
    ),
    "librarything": Preset(
        Sentence("LibraryThing group"),
        _topics(),
        "people",
        "https://www.librarything.com/groups",
        asks=_GROUP,
        example="https://www.librarything.com/ngroups/…",
        hosts=("librarything.com",),
    ),
    "ning": Preset(
        Sentence("Ning (Teacher-Librarian Ning, Classroom 2.0)"),
        _topics(images=10),
        "people",
        asks=_GROUP,
        example="https://teacherlibrarian.ning.com/…",
        answers=Sentence("Under the discussion, “Close Discussion” ends the answers."),
    ),
    "ala_connect": Preset(
        "ALA Connect",
        _topics(images=10),
        "people",
        "https://connect.ala.org/home",
        asks=Sentence("The address of the community there"),
        example="https://connect.ala.org/…",
        hosts=("connect.ala.org",),
    ),
    "mighty": Preset(
        "Mighty Networks",
        Limits(characters=5_000, images=10, image_bytes=8_000_000),  # none is documented: careful
        "people",
        asks=Sentence("The address of the network there"),
        example="https://….mn.co/",
    ),
}

_NETWORKS: Mapping[str, Preset] = {
    # Instagram: 2,200 characters, a picture is a must, 10 pictures, alt text up to 1,000
    "instagram": Preset(
        "Instagram",
        Limits(
            characters=2_200,
            images=10,
            image_required=True,
            image_bytes=8_000_000,
            alt_characters=1_000,
            shape="tall",
        ),
        "networks",
        "https://www.instagram.com/",
        hosts=("instagram.com",),
        answers=Sentence("Before you share it, open “Advanced settings” and turn off commenting."),
    ),
    # Facebook counts up to 63,206 characters; what is read is far less
    "facebook": Preset(
        Sentence("Facebook page"),
        Limits(characters=63_206, images=10, image_bytes=8_000_000),
        "networks",
        "https://www.facebook.com/",
        hosts=("facebook.com", "fb.com"),
        answers=Sentence("After posting, open the three dots of the post: “Who can comment on your post?”."),
    ),
    # as in x.py; twitter.com/intent/tweet?text= (developer.x.com, X for websites, web intent)
    "x": Preset(
        "X",
        Limits(280, "weighted", link_cost=23, images=4, image_bytes=5_000_000, alt_characters=1_000, shape="wide"),
        "networks",
        "https://x.com/compose/post",
        share="https://twitter.com/intent/tweet?text={words}",
        hosts=("x.com", "twitter.com"),
        answers=Sentence("Before you post, press “Everyone can reply” and choose who may."),
    ),
    # as in threads.py; the intent: developers.facebook.com/docs/threads/threads-web-intents
    "threads": Preset(
        "Threads",
        Limits(500, "emoji_bytes", images=20, image_bytes=8_000_000, alt_characters=1_000, shape="tall"),
        "networks",
        "https://www.threads.com/",
        share="https://www.threads.com/intent/post?text={words}",
        hosts=("threads.com", "threads.net"),
        answers=Sentence("Before you post, press “Anyone can reply” and choose who may."),
    ),
    # 3,000 characters (learn.microsoft.com, Posts API, commentary); no address that carries words is documented
    "linkedin": Preset(
        "LinkedIn",
        Limits(3_000, "utf16", images=20, image_bytes=8_000_000, alt_characters=4_086),
        "networks",
        "https://www.linkedin.com/feed/",
        asks=Sentence("The address of your page there"),
        example="https://www.linkedin.com/company/…",
        hosts=("linkedin.com",),
        answers=Sentence("Before you post, open “Comment control” and choose “No one”."),
    ),
    "other": Preset(Sentence("Another place"), _PLAIN, "networks", asks=Sentence("Its address"), example="https://…"),
}

PRESETS: Mapping[str, Preset] = {**_SCHOOL, **_PEOPLE, **_NETWORKS}
