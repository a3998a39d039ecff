"""What people read when something fails on a network: whether it went out, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.words import Sentence

# Nothing was sent; the keys are causes of `trouble`.
UNSENT: Mapping[str, Sentence] = {
    "name": Sentence("It has not gone out: we found no server called %(place)s. We try again by ourselves."),
    "refused": Sentence("It has not gone out: nothing answers at %(place)s. We try again by ourselves."),
    "network": Sentence("It has not gone out: we could not reach %(place)s. We try again by ourselves."),
    "timeout": Sentence("It has not gone out: %(place)s did not let us in in time. We try again by ourselves."),
    "cut": Sentence("It has not gone out: the connection to %(place)s broke off. We try again by ourselves."),
    "expired": Sentence(
        "It has not gone out: the certificate of %(place)s has expired. Whoever runs that server must renew it; "
        "we try again by ourselves."
    ),
    "not yet": Sentence(
        "It has not gone out: the certificate of %(place)s is not valid yet. Check the date and time of the "
        "computer Outreach runs on; we try again by ourselves."
    ),
    "unknown": Sentence(
        "It has not gone out: we do not know who issued the certificate of %(place)s. If your school re-signs "
        "secure connections, whoever runs Outreach can add its certificate with OUTREACH_CA_FILE."
    ),
    "other name": Sentence(
        "It has not gone out: the certificate of %(place)s belongs to another name. Ask whoever runs that server."
    ),
    "insecure": Sentence(
        "It has not gone out: we could not make a secure connection to %(place)s. We try again by ourselves."
    ),
    "proxy": Sentence(
        "It has not gone out: the school's web proxy did not let us through to %(place)s. "
        "Ask whoever runs Outreach to check HTTPS_PROXY; we try again by ourselves."
    ),
    "blocked": Sentence(
        "It has not gone out: %(place)s is on a private network. Whoever runs Outreach can allow it with "
        "OUTREACH_ALLOW_HOSTS; then send it again."
    ),
}

# The server answered.
SAID: Mapping[str, Sentence] = {
    "loose": Sentence(
        "It has not gone out: %(place)s does not let us in any more. Connect the account again, and it goes out."
    ),
    "wait": Sentence("It has not gone out: %(place)s asks us to wait. We try again by ourselves."),
    "picture in work": Sentence(
        "It has not gone out: %(place)s is still working on the picture. We try again by ourselves."
    ),
    "picture not taken": Sentence(
        "It has not gone out: %(place)s did not take the picture just now. We try again by ourselves."
    ),
    "picture not accepted": Sentence(
        "It has not gone out: %(place)s could not use the picture. Take another one and send it again."
    ),
    "picture too large": Sentence(
        "It has not gone out: the picture is too large for %(place)s. Use a smaller one and send it again."
    ),
    "alt too long": Sentence(
        "It has not gone out: the description of a picture is longer than the %(most)s characters that %(place)s "
        "takes. Shorten it and send it again."
    ),
    "alt dropped": Sentence(
        "It has not gone out: %(place)s did not keep the description of a picture. Send it again without the "
        "picture, or ask whoever runs that server."
    ),
    "moved": Sentence("It has not gone out: %(place)s has moved. Connect the account again with the new address."),
    "answered one gone": Sentence(
        "It has not gone out: the message it answers is no longer on %(place)s. Post it on its own instead."
    ),
    "filter": Sentence(
        "It has not gone out: something stopped us on the way to %(place)s, perhaps a web filter of the school. "
        "Ask whoever runs it to let Outreach through, then send it again."
    ),
    "not accepted": Sentence(
        "It has not gone out: %(place)s did not accept it (“%(said)s”). Change the message and send it again."
    ),
}

UNSURE: Mapping[str, Sentence] = {
    "no answer": Sentence(
        "We sent it to %(place)s and got no answer, so we are not sure it went out. We look at the account first."
    ),
    "odd answer": Sentence(
        "%(place)s gave an answer we do not understand, so we are not sure it went out. We look at the account first."
    ),
    "duplicate": Sentence(
        "%(place)s says that this stands there already, so we are not sure it went out. Look at the account; if it is "
        "another post with the same words, change some of them and send it again."
    ),
    "cannot look": Sentence(
        "We could not look at the account on %(place)s, so we are still not sure it went out. We try again by "
        "ourselves; or look there yourself."
    ),
}

LOOKED: Mapping[str, Sentence] = {
    "loose": Sentence("%(place)s does not know us any more. Connect the account again."),
    "wait": Sentence("%(place)s asks us to wait. Try again in some minutes."),
    "network": Sentence("We could not reach %(place)s. Try again later."),
    "trouble": Sentence("%(place)s has trouble of its own at the moment. Try again later."),
    "too much": Sentence("%(place)s has more messages than we can look through."),
    "no such server": Sentence(
        "%(place)s does not answer as it should. Check the address; or a web filter of the school stands in between."
    ),
    "no applications": Sentence("%(place)s does not let applications connect. Ask whoever runs it."),
    "bad code": Sentence("%(place)s does not take the code: it is wrong, too old, or was used before. Begin again."),
    "no address": Sentence(
        "“%(place)s” is not the address of a server. Write it like mastodon.social or @library@mastodon.social."
    ),
}


# Taking a message down: whether it is gone, and what comes next.
STANDS: Mapping[str, Sentence] = {
    "loose": Sentence("%(place)s does not let us in any more, so we could not take it down."),
    "wait": Sentence("%(place)s asks us to wait before we take it down. We try again by ourselves."),
    "unsure": Sentence("%(place)s did not say whether it is gone. We try again by ourselves."),
    "network": Sentence("We could not reach %(place)s to take it down. We try again by ourselves."),
    "blocked": Sentence("%(place)s is on a private network that we do not call, so we could not take it down."),
    "refused": Sentence("%(place)s did not let us take it down (“%(said)s”)."),
}

# Changing a message that is out: whether it says it already, and what comes next.
AS_IT_WAS: Mapping[str, Sentence] = {
    "loose": Sentence("%(place)s does not let us in any more, so we could not change it."),
    "wait": Sentence("%(place)s asks us to wait before we change it. We try again by ourselves."),
    "unsure": Sentence("%(place)s did not say whether it is changed. We try again by ourselves."),
    "network": Sentence("We could not reach %(place)s to change it. We try again by ourselves."),
    "blocked": Sentence("%(place)s is on a private network that we do not call, so we could not change it."),
    "refused": Sentence("%(place)s did not let us change it (“%(said)s”)."),
    "gone": Sentence("It is not on %(place)s any more, so there is nothing to change."),
}

# What a person pressed and waits for: nothing is tried again by itself.
PRESSED: Mapping[str, Sentence] = {
    "no answer": Sentence("%(place)s gave no answer, so we do not know whether it worked. Try again in some minutes."),
    "odd answer": Sentence(
        "%(place)s gave an answer we do not understand, so we do not know whether it worked. Try again in some minutes."
    ),
    "refused": Sentence("%(place)s did not accept it (“%(said)s”)."),
    "gone": Sentence("It does not stand on %(place)s any more."),
    "stays": Sentence(
        "A test went to %(place)s, and we could not delete it again. Only you can see it: look there, and delete it."
    ),
    "seen": Sentence(
        "A test went to %(place)s, and for a moment others could see it. It is deleted again. Please do not send more."
    ),
}


def fill(sentence: Sentence, place: str, **values: Any) -> Sentence:
    return sentence.filled(place=place, **values)
