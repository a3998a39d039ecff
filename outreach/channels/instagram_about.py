"""What connecting an Instagram account asks for."""

from __future__ import annotations

from outreach.channels.about import About, Asked
from outreach.channels.container_login import Door
from outreach.words import Sentence

HOME = "https://graph.instagram.com"

DOOR = Door(
    place="Instagram",
    page="https://www.instagram.com/oauth/authorize",
    codes="https://api.instagram.com",
    home=HOME,
    scopes=(
        "instagram_business_basic",
        "instagram_business_content_publish",
        "instagram_business_manage_comments",  # to switch them off
    ),
    long="ig_exchange_token",
    again="ig_refresh_token",
)

UNLESS = Sentence("Leave it empty unless Meta asks.")

ABOUT = About(
    name="Instagram",
    steps=(
        Sentence(
            "In the Instagram app, signed in as the library, open Settings > Account type and tools, and switch to a "
            "professional account. It costs nothing."
        ),
        Sentence(
            "On instagram.com open Settings > Website permissions > Apps and websites > Tester invites, and accept the "
            "invitation of your district. If there is none, ask whoever set Instagram up here."
        ),
        Sentence("Press the button below. Instagram asks whether we may post: press Allow."),
    ),
    cannot=(
        Sentence("Posts without a picture, polls, and parts that answer each other."),
        Sentence("Links: people read them and cannot press them."),
        Sentence("Changing a post or taking it down by itself: you are asked to do it in the app."),
    ),
    setup_steps=(
        Sentence(
            "Instagram fetches pictures by itself: Outreach needs an address that everybody reaches, set as "
            "OUTREACH_PUBLIC_URL."
        ),
        Sentence(
            "Sign in at developers.facebook.com/apps, press Create app, and choose the use case Manage messaging & "
            "content on Instagram, with API setup with Instagram login."
        ),
        Sentence(
            "There add these permissions: instagram_business_basic, instagram_business_content_publish, "
            "instagram_business_manage_comments."
        ),
        Sentence(
            "Under Business login settings enter the address of this Outreach that is shown with this form as redirect."
        ),
        Sentence(
            "Under App roles > Roles press Add people, choose Instagram tester, and enter the name of each library on "
            "Instagram. Testers need no review by Meta."
        ),
        Sentence(
            "Copy the Instagram app ID and the Instagram app secret (not the ones of the app itself) into the form."
        ),
    ),
    setup_asks=(
        Asked("app_id", Sentence("Instagram app ID"), "990602627938098"),
        Asked("app_secret", Sentence("Instagram app secret"), secret=True),
        Asked("version", Sentence("Version"), "v26.0", optional=True, help=UNLESS),
    ),
    by_hand="instagram",
    prepares=True,
    fetches=True,
    answers=("nobody", "everyone"),
    libraries=("outreach.channels.http",),
)

NOT_SET_UP = Sentence(
    "Instagram is posted by hand here: at its time we ask you, and the words and the picture are there to copy."
)
NO_ADDRESS = Sentence(
    "Instagram fetches pictures by itself, and this Outreach has no public address. So it is posted by hand: at its "
    "time we ask you, and the words and the picture are there to copy."
)
