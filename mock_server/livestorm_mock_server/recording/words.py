"""Words that say what went wrong, and never whose it was: all others of a message are left out."""

import re
from http import HTTPStatus
from typing import Final

from ..doorkeeper import errors

_SAID = """
a about above access account action active admin after again all allowance allowed already an and
any api application applications approved are as at attempt attendee attendees attribute audio
authentication authorization authorize authorized available back bad be bearer because been before
being below between blank blocked body boolean both but by call calls can can't canceled cancelled
cannot challenge chat check checkbox client code configuration conflict connect connected
connection contact contacts content contract could created creator credential credentials csv
current custom data date day days default deleted demand denied denies detail details did disabled
does doesn't don't double draft due during each either email empty enabled end ended endpoint
enough error errors event events exceeded exist existing exists expired expires failed failure
false field fields file filter first for forbidden format found from full gateway given grant
granted guest guests has have header hidden host hosts hour id identifier identity if image in
inactive include incorrect insufficient integer internal interval invalid invite invited is isn't
it its job jobs key known lacks last later least less limit limited limits list live locked long
m4a mac maintenance malformed many match matches maximum meeting member members message messages
method minimum minute minutes missing moderator month monthly more most mp3 mp4 must name needed
needs neither never no none nor not null number object occurred of off offline on once one only
open openid or organization organizations other over overloaded owner page parameter parameters
parse participant participants past path paused payload pdf pending people per period permission
permissions permitted person phone plan plans please poll polls precondition private profile
provided provider public question quota rate reach reached read received recording recurring
refresh refused registered registration rejected relationship repeated replay replays request
requested requests required requires reset resource resources response retry revoked role same
scheduled schema scope scopes second seconds secret select send sent series server service session
sessions should signature single size slow soon speaker speakers started status still string
submitted succeeded support supported suspended tag tags taken task tasks team template templates
temporarily text than that the their them there these this those time timeout to token tokens too
true try type unable unauthorized unavailable unblocked unexpected unique unknown unprocessable
unreadable unsupported until up upcoming update upstream url usage use used user users valid
validated value values verifier version video waiting was webhook webhooks webinar webm were what
when where which while will with within without word workspace write wrong yet you your
attributes example integration livestorm localhost recorded relationships
"""
_BETWEEN = re.compile(r"[_:/.\- ]")
_LETTERS = re.compile(r"[a-z'][a-z'\d]*")


def _known() -> frozenset[str]:
    texts = [_SAID, *(status.phrase.lower() for status in HTTPStatus)]
    for kind in vars(errors).values():
        text = getattr(kind, "text", None)
        if isinstance(text, str):
            texts.append(text.lower())
    return frozenset(word for text in texts for word in _LETTERS.findall(text))


WORDS: Final = _known()


def parts_of(text: str) -> list[str]:
    """Give the words that a name, a scope or a path is made of."""
    return _BETWEEN.split(text)


def is_plain(word: str) -> bool:
    """Tell whether a word says nothing of anybody: all its parts are known, or it is a status."""
    parts = parts_of(word.lower())
    return all(part in WORDS for part in parts) or re.fullmatch(r"[1-5]\d\d", word) is not None
