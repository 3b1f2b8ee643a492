"""Behaviours that several cases judge, each with one level wherever it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .verdicts import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What a client does, in one sentence; `why` says what the level follows from."""

    does: str
    level: Level
    why: str
    judged_by: str
    """The checks, `C09:store-unchanged`, with spaces between."""


BEHAVIOURS: Final = (
    Behaviour(
        does="keeps what is stored through a failure that does not end the grant",
        level=Level.MUST,
        why="a lost refresh token costs the connection (INV-2)",
        judged_by="B01:store-unchanged B03:store-unchanged B04:store-unchanged B05:store-unchanged "
        "B06:store-unchanged B07:store-unchanged B08:store-unchanged B09:store-unchanged "
        "B10:store-unchanged C05:store-unchanged C06:store-unchanged C07:store-unchanged "
        "C08:store-unchanged C09:store-unchanged C10:store-unchanged C11:store-unchanged "
        "C12:store-unchanged D06:tokens-kept "
        "D07:tokens-kept D08:tokens-kept D09:store-untouched D13:tokens-kept F01:tokens-kept "
        "F05:tokens-kept F09:tokens-kept G01:tokens-kept G02:tokens-kept G03:tokens-kept "
        "G04:tokens-kept G05:tokens-kept H04:store-unchanged J04:store-unchanged J04:not-flagged",
    ),
    Behaviour(
        does="keeps the refresh token where an answer brings none in its place",
        level=Level.MUST,
        why="RFC 6749, section 6; a lost refresh token costs the connection",
        judged_by="D02:kept D02:sent-again D03:kept D03:sent-again",
    ),
    Behaviour(
        does="sends no token request for a callback that is no grant",
        level=Level.MUST,
        why="RFC 6749, sections 4.1.2.1 and 10.12",
        judged_by="A03:no-token-request B01:no-token-request B03:no-token-request "
        "B04:no-token-request B05:no-token-request B06:no-token-request B07:no-token-request "
        "B08:no-token-request B10:no-token-request",
    ),
    Behaviour(
        does="does not repeat a code exchange that was refused",
        level=Level.MUST,
        why="RFC 6749, section 4.1.2: a code is used once",
        judged_by="C06:no-loop C07:not-repeated",
    ),
    Behaviour(
        does="reports an OAuth error as the kind that its code stands for",
        level=Level.SHOULD,
        why="no specification says so, and invalid_grant can also be a matter of settings",
        judged_by="C06:kind C07:kind D05:kind D06:kind",
    ),
    Behaviour(
        does="shows the server's error code",
        level=Level.ROBUST,
        why="no specification says so",
        judged_by="C07:code-told C10:code-told C14:code-told",
    ),
    Behaviour(
        does="reports a limit or an outage as one that passes, or waits for its end",
        level=Level.ROBUST,
        why="no specification says so; taken for anything else it calls for a human in vain",
        judged_by="C05:kind D08:kind D09:kind E06:kind F01:kind F02:kind F03:kind F04:kind "
        "F05:kind F07:kind F08:kind F09:kind F10:kind G01:kind G02:kind G03:kind G04:kind "
        "G06:kind G10:nobody",
    ),
    Behaviour(
        does="waits for as long as an answer asks for",
        level=Level.ROBUST,
        why='RFC 9110, section 10.2.3, says "ought to" (INV-5)',
        judged_by="D09:not-before F01:not-before F05:not-before F08:pause F09:not-before "
        "F10:not-before",
    ),
    Behaviour(
        does="says when it may be tried again",
        level=Level.SHOULD,
        why="no specification says so, and a caller can do without",
        judged_by="D09:not-before-told F01:tells-when F05:tells-when F09:tells-when",
    ),
    Behaviour(
        does="goes on without a human when the fault is over",
        level=Level.ROBUST,
        why="no specification says so (INV-9)",
        judged_by="A08:recovers B03:recovers B06:recovers C05:new-flow D07:recovers D08:recovers "
        "D09:recovers E06:recovers E07:recovers F01:recovers F02:recovers F03:recovers "
        "F04:recovers F06:recovers F09:recovers G01:recovers G02:recovers G03:recovers "
        "G04:recovers G05:recovers G06:recovers G07:recovers G08:recovers G09:recovers "
        "D06:recovers C05:new-flow-after-several D06:recovers-from-several "
        "D07:recovers-from-several D08:recovers-from-several D09:recovers-from-several "
        "D10:recovers-from-several F01:recovers-from-several",
    ),
    Behaviour(
        does="stops after one refresh and one more try",
        level=Level.ROBUST,
        why="RFC 6750, section 3.1, says MAY; a loop is of the client's making (INV-4)",
        judged_by="D13:one-refresh E02:one-refresh E02:one-retry E03:one-refresh E03:one-retry",
    ),
    Behaviour(
        does="sends four requests at most for one call",
        level=Level.ROBUST,
        why="no specification says so (INV-4)",
        judged_by="D13:bounded E06:get-bounded F03:bounded F04:bounded F10:bounded",
    ),
    Behaviour(
        does="pauses before it tries again",
        level=Level.ROBUST,
        why="no specification says so",
        judged_by="E06:get-backs-off F03:backs-off",
    ),
)

LEVELS: Final[Mapping[str, Level]] = {
    check: one.level for one in BEHAVIOURS for check in one.judged_by.split()
}
"""The level of a check that judges one of the behaviours."""
