"""What connecting a Threads account asks for."""

from __future__ import annotations

from outreach.channels.about import ANSWERS, About, Asked
from outreach.channels.container_login import Door
from outreach.words import Sentence

HOME = "https://graph.threads.net"

DOOR = Door(
    place="Threads",
    page="https://threads.net/oauth/authorize",
    codes=HOME,
    home=HOME,
    scopes=(
        "threads_basic",
        "threads_content_publish",
        "threads_manage_replies",  # parts that answer each other
        "threads_read_replies",  # and to find them again
        "threads_delete",
    ),
    long="th_exchange_token",
    again="th_refresh_token",
)

ABOUT = About(
    name="Threads",
    steps=(
        Sentence("Sign in at threads.com as the library."),
        Sentence(
            "Open Settings > Account > Website permissions > Invites, and accept the invitation of your district. "
            "If there is none, ask whoever set Threads up here."
        ),
        Sentence("Press the button below. Threads asks whether we may post: press Allow."),
    ),
    cannot=(
        Sentence("Pictures, where this Outreach has no public address: then words and polls only."),
        Sentence("Polls of more than a day, or with answers longer than 25 letters."),
        Sentence("Where nobody may answer, those whom the post names still can."),
        Sentence("Changing a post that is out: take it down and post it anew."),
    ),
    setup_steps=(
        Sentence(
            "Sign in at developers.facebook.com/apps, press Create app, and choose the use case Access the Threads API."
        ),
        Sentence(
            "Under Use cases > Threads > Customize add these permissions: threads_basic, threads_content_publish, "
            "threads_manage_replies, threads_read_replies, threads_delete."
        ),
        Sentence(
            "In the settings there, enter the address of this Outreach that is shown with this form as redirect, "
            "uninstall and delete callback. Where Outreach has no public address, enter https://localhost/."
        ),
        Sentence(
            "Under App roles > Roles press Add people, choose Threads tester, and enter the name of each library on "
            "Threads. Testers need no review by Meta."
        ),
        Sentence("Copy the Threads app ID and the Threads app secret (not the ones of the app itself) into the form."),
    ),
    setup_asks=(
        Asked("app_id", Sentence("Threads app ID"), "990602627938098"),
        Asked("app_secret", Sentence("Threads app secret"), secret=True),
        Asked("version", Sentence("Version"), "v1.0", optional=True, help=Sentence("Leave it empty unless Meta asks.")),
    ),
    more=True,
    by_hand="threads",
    prepares=True,
    fetches=True,
    answers=ANSWERS,
    libraries=("outreach.channels.http",),
)

NOT_SET_UP = Sentence("Threads has to be set up for the district first. Ask whoever runs Outreach.")
