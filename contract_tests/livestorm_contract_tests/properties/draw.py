"""Hypothesis strategies for scripts."""

from hypothesis import strategies as st

from .answers.answer import Answer
from .answers.api_answers import api_answers, refusals
from .answers.token_answers import token_answers
from .script import (
    Advance,
    Arm,
    Call,
    Connect,
    Disarm,
    Expire,
    Refresh,
    Restart,
    Revoke,
    Script,
    Seed,
    Step,
)

TIMES = st.sampled_from((1, None))
PHASES = st.sampled_from(("before", "after"))

TRANSPORT = ("close", "reset", "reset_in_body", "short_body", "cut_chunked", "truncated_json")
"""Kinds of faults that end at once."""

SECONDS = st.sampled_from((1.0, 60.0, 3600.0, 7100.0, 7201.0))


def answers_of(on: str, answers: st.SearchStrategy[Answer]) -> st.SearchStrategy[Arm]:
    """Draw a drawn answer of a part of the provider."""
    return st.builds(
        lambda answer, times, phase: Arm(fault=answer.as_fault(on, times=times, phase=phase)),
        answers,
        TIMES,
        PHASES,
    )


def transport_faults() -> st.SearchStrategy[Arm]:
    """Draw a fault of the transport, before or after the effect."""
    return st.builds(
        lambda on, kind, phase: Arm(fault={"on": on, "fault": kind, "phase": phase, "times": 1}),
        st.sampled_from(("token", "api")),
        st.sampled_from(TRANSPORT),
        PHASES,
    )


def exchanges() -> st.SearchStrategy[Script]:
    """Draw an exchange of a code under any answer, with a connection before it or without."""
    before = st.sampled_from(((), (Seed(),)))
    arming = answers_of("token.authorization_code", token_answers())
    return st.builds(lambda some, arm: Script(steps=(*some, arm, Connect())), before, arming)


def refreshes() -> st.SearchStrategy[Script]:
    """Draw refreshes in a row, each under any answer."""
    armings = st.lists(answers_of("token.refresh_token", token_answers()), min_size=1, max_size=3)
    return armings.map(
        lambda arms: Script(
            steps=(Seed(), *(step for arm in arms for step in (arm, Refresh(), Disarm())))
        )
    )


def calls() -> st.SearchStrategy[Script]:
    """Draw API calls under any answer, with a token that is fresh or expired."""
    return st.builds(
        lambda seed, arms: Script(steps=(seed, *arms, Call())),
        st.builds(Seed, expired=st.booleans()),
        st.lists(answers_of("api", st.one_of(refusals(), api_answers())), min_size=1, max_size=2),
    )


def steps() -> st.SearchStrategy[Step]:
    """Draw a step of a sequence."""
    return st.one_of(
        st.builds(Call, parallel=st.sampled_from((1, 1, 1, 2, 5))),
        st.just(Refresh()),
        st.just(Connect()),
        answers_of("token", token_answers()),
        answers_of("api", api_answers()),
        transport_faults(),
        st.sampled_from((Disarm(), Expire(), Revoke(), Restart(how="kill"), Restart(how="stop"))),
        st.builds(Advance, seconds=SECONDS),
    )


def sequences() -> st.SearchStrategy[Script]:
    """Draw a connection and whatever may happen to it."""
    return st.lists(steps(), min_size=2, max_size=8).map(lambda some: Script(steps=(Seed(), *some)))
