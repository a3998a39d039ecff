"""What a Facebook page asks for."""

from __future__ import annotations

from outreach.channels.about import About, Asked
from outreach.channels.graph import VERSION
from outreach.words import Sentence

ABOUT = About(
    name=Sentence("Facebook page"),
    steps=(
        Sentence("Press the button, and sign in to Facebook as somebody who looks after the library's page."),
        Sentence("Choose the page when Facebook asks, and leave everything turned on. Then you are back here."),
    ),
    cannot=(
        Sentence("Polls: their choices are written as lines, and people answer in words."),
        Sentence("Answers below a post: each message stands on its own."),
        Sentence("Other pictures in a post that is out: take it down and post it anew. Its words can be changed."),
    ),
    answers_told=Sentence("Who may comment is chosen on Facebook, in the settings of the page."),
    setup_steps=(
        Sentence("Sign in at developers.facebook.com with your own Facebook account, and open My Apps > Create app."),
        Sentence("Choose the use case “Manage everything on your Page”, or the type Business. Call the app Outreach."),
        Sentence(
            "Under Use cases > Customize add the permissions pages_show_list, pages_read_engagement and "
            "pages_manage_posts."
        ),
        Sentence(
            "Open Facebook Login > Settings, and write under “Valid OAuth Redirect URIs” the address of Outreach that "
            "this page shows. Without one, write https://www.facebook.com/connect/login_success.html there, and turn "
            "on “Embedded browser OAuth login”."
        ),
        Sentence("Under App roles > Roles add everybody who will connect a page. They accept it on Facebook."),
        Sentence(
            "Under App settings > Basic write the address of your district's privacy policy, then switch the app to "
            "Live: as long as it is in development, only people with a role see the posts."
        ),
        Sentence("No App Review is needed as long as only people with a role on the app connect pages."),
        Sentence("Copy App ID and App secret from App settings > Basic into the form."),
    ),
    setup_asks=(
        Asked("app_id", Sentence("App ID"), "1234567890123456"),
        Asked("app_secret", Sentence("App secret"), secret=True),
        Asked(
            "config_id",
            Sentence("Configuration ID"),
            optional=True,
            help=Sentence("Only where the app has Facebook Login for Business: of a configuration with a user token."),
        ),
        Asked(
            "version",
            Sentence("Version"),
            VERSION,
            optional=True,
            help=Sentence("Leave it empty until Facebook says that a version has ended."),
        ),
    ),
    by_hand="facebook",
    edits="words",
    libraries=("outreach.channels.http",),
)
