"""Hypothesis strategies for scripts."""

from collections.abc import Sequence

from hypothesis import strategies as st

from .answers.answer import Answer
from .answers.api_answers import api_answers, refusals
from .answers.token_answers import token_answers
from .script import (
    Advance,
    Arm,
    Begin,
    Call,
    Callback,
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

SLOW = Arm(fault={"on": "token.refresh_token", "fault": "delay", "seconds": 0.05, "times": 2})
"""Without it the fake answers within a millisecond, in which no two refreshes can meet."""

SECONDS = st.sampled_from((1.0, 60.0, 3600.0, 7100.0, 7201.0))


CALLBACKS = st.builds(Callback, how=st.sampled_from(("approved", "denied", "forged")))


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


def exchange(arm: Arm, before: Sequence[Seed] = ()) -> Script:
    """Have a code exchanged under an answer, with a connection before it or without."""
    return Script(steps=(*before, arm, Connect()))


def refreshes_in_a_row(arms: Sequence[Arm]) -> Script:
    """Have tokens refreshed again and again, each time under an answer."""
    return Script(steps=(Seed(), *(step for arm in arms for step in (arm, Refresh(), Disarm()))))


def one_call(seed: Seed, arms: Sequence[Arm]) -> Script:
    """Have the API called under some answers."""
    return Script(steps=(seed, *arms, Call()))


def exchanges() -> st.SearchStrategy[Script]:
    """Draw an exchange of a code under any answer, with a connection before it or without."""
    before = st.sampled_from(((), (Seed(),)))
    answers = answers_of("token.authorization_code", token_answers())
    return st.builds(exchange, before=before, arm=answers)


def refreshes() -> st.SearchStrategy[Script]:
    """Draw refreshes in a row, each under any answer."""
    arms = st.lists(answers_of("token.refresh_token", token_answers()), min_size=1, max_size=3)
    return arms.map(refreshes_in_a_row)


def calls() -> st.SearchStrategy[Script]:
    """Draw API calls under any answer, with a token that is fresh or expired."""
    return st.builds(
        one_call,
        st.builds(Seed, expired=st.booleans()),
        st.lists(answers_of("api", st.one_of(refusals(), api_answers())), min_size=1, max_size=2),
    )


def steps() -> st.SearchStrategy[Step]:
    """Draw a step of a sequence."""
    return st.one_of(
        st.builds(Call, parallel=st.sampled_from((1, 1, 1, 2, 5))),
        st.just(Refresh()),
        st.sampled_from((Connect(), Begin())),
        CALLBACKS,
        answers_of("token", token_answers()),
        answers_of("api", api_answers()),
        transport_faults(),
        st.sampled_from((Disarm(), Expire(), Revoke())),
        st.builds(Restart, how=st.sampled_from(("kill", "stop"))),
        st.builds(Advance, seconds=SECONDS),
    )


def happenings() -> st.SearchStrategy[tuple[Step, ...]]:
    """Draw what may happen to a connection: mostly one step.

    Otherwise what single steps hardly ever make: calls that are refused, calls at once that have to
    refresh, a flow with something else in it.
    """
    one = st.tuples(steps())
    refused = st.tuples(answers_of("api", refusals()), st.just(Call()))
    at_once = st.builds(Call, parallel=st.sampled_from((2, 5)))
    refreshing = st.tuples(st.just(SLOW), st.just(Expire()), at_once)
    flow = st.tuples(st.just(Begin()), steps(), CALLBACKS)
    return st.one_of(one, one, one, refused, refreshing, flow)


def sequences() -> st.SearchStrategy[Script]:
    """Draw a connection and whatever may happen to it."""
    return st.lists(happenings(), min_size=2, max_size=8).map(
        lambda some: Script(steps=(Seed(), *(step for steps in some for step in steps)))
    )
