"""What a LinkedIn page asks for."""

from __future__ import annotations

from outreach.channels.about import About, Asked
from outreach.channels.linkedin_wire import VERSION
from outreach.words import Sentence

NOWHERE = "http://localhost/outreach"  # nothing answers there: the code stands in the address, to be copied

ABOUT = About(
    name=Sentence("LinkedIn page"),
    steps=(
        Sentence("Press the button, and sign in to LinkedIn as an administrator of the library's page."),
        Sentence("Press Allow there. How you come back is told on the next page."),
        Sentence("Every two months LinkedIn wants this again; we remind you."),
    ),
    cannot=(
        Sentence("Answers below a post: each message stands on its own."),
        Sentence("Other pictures in a post that is out, or another poll: take it down and post it anew."),
        Sentence("A preview of a page that a link leads to."),
    ),
    answers_told=Sentence("Who may comment is chosen on LinkedIn, on the post itself."),
    setup_steps=(
        Sentence(
            "Read this first. LinkedIn lets only registered organizations post to pages by a program, for business "
            "use, and looks at each: it wants a business e-mail address, your organization's legal name and address, "
            "its website with a privacy policy, and a video of what you do. That takes weeks. For one small library "
            "the honest way is by hand: leave this empty, and Outreach asks a person at the right time."
        ),
        Sentence("Sign in at developer.linkedin.com, and press Create app. Choose your page, and call it Outreach."),
        Sentence("An administrator of the page confirms the app: Settings > Verify makes the address to send her."),
        Sentence(
            "Under Products ask for Community Management API, and fill in what LinkedIn wants to know. Nothing else "
            "may be turned on in the same app. Wait for its answer."
        ),
        Sentence(
            "Under Auth > Authorized redirect URLs write the address of Outreach that this page shows. Without one, "
            "write http://localhost/outreach there: after signing in, people see a page that cannot be opened, and "
            "copy its address."
        ),
        Sentence("Copy Client ID and Primary Client Secret from Auth into the form."),
    ),
    setup_asks=(
        Asked("client_id", Sentence("Client ID"), "77abcdefghijkl"),
        Asked("client_secret", Sentence("Client secret"), secret=True),
        Asked(
            "version",
            Sentence("Version"),
            VERSION,
            optional=True,
            help=Sentence("Year and month. Leave it empty until LinkedIn says that a version has ended."),
        ),
    ),
    more=True,
    by_hand="linkedin",
    edits="words",
    libraries=("outreach.channels.http",),
)
