"""No secret stands in what is reported, wherever a client shows it."""

import base64
import json
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.driving.carrier import AdapterFailed
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.secret_forms import SHORTEST
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.jobs import jobs_of, run_cases, run_jobs
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.driver import Unsupported
from livestorm_contract_tests.suite.masking import HIDDEN, Mask
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.stage import Stage
from livestorm_contract_tests.suite.verdicts import Verdict

from ..bites.play import put
from ..bites.table import Bite
from ..model_client.authorization import Authorization
from ..model_client.client import ModelClient
from ..model_client.operations import Operations
from ..model_client.part import Part
from ..model_client.values import Message, User
from ..runs.test_jobs import case as a_case

CHARACTERS = st.characters(exclude_characters=HIDDEN, exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS)
SETTINGS = Settings(seed="1")
SECRETS = st.text(CHARACTERS, min_size=SHORTEST)


def in_base64(text: str) -> str:
    """Write a text as HTTP Basic has it."""
    return base64.b64encode(text.encode()).decode()


WRITINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: quote(text, safe=""),
    quote,
    quote_plus,
    repr,
    ascii,
    lambda text: repr(repr(text)),
    json.dumps,
    lambda text: json.dumps(text, ensure_ascii=False),
    in_base64,
    lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
)


@given(secret=SECRETS, around=st.tuples(TEXTS, TEXTS), write=st.sampled_from(WRITINGS))
def test_secret_is_hidden_however_it_is_written(
    secret: str, around: tuple[str, str], write: Callable[[str], str]
) -> None:
    """In any text of the evidence."""
    before, after = around
    written = write(before + secret + after)
    (shown,) = Mask([secret]).evidence({"outcomes": [{"error": written}]})["outcomes"]  # type: ignore[index]
    assert HIDDEN in shown["error"]
    assert secret not in shown["error"]


@given(secret=SECRETS, before=TEXTS)
def test_base64_of_a_secret_is_hidden_to_its_ends(secret: str, before: str) -> None:
    """Its last characters tell the secret's last ones."""
    told = f"Authorization: Basic {in_base64(before + secret)}, and more"
    assert Mask([secret]).text(told) == f"Authorization: Basic {HIDDEN}, and more"


@given(TEXTS)
def test_nothing_else_changes(text: str) -> None:
    """Without a secret, and with one that is too short to tell."""
    evidence = {"found": text, "outcomes": [{"seq": 1, "status": None}]}
    assert Mask([]).evidence(evidence) == evidence
    assert Mask(["a", "true", "/oauth/token"]).evidence(evidence) == evidence


class LeavesWithItsSecret(Authorization):
    """Begins at another server, with all that it has in the query."""

    secrets: ClassVar[set[str]] = set()

    def begin(self, user: User) -> Message:
        """Show the secret."""
        self.secrets.add(self.config["client_secret"])
        query = f"client_secret={self.config['client_secret']}"
        return {
            **super().begin(user),
            "authorize_url": f"http://127.0.0.1:9/oauth/authorize?{query}",
        }


class TellsItsHeader(Authorization):
    """Begins at another server, with its header for HTTP Basic in the query."""

    secrets: ClassVar[set[str]] = set()

    def begin(self, user: User) -> Message:
        """Show the header."""
        header = in_base64(f"{self.config['client_id']}:{self.config['client_secret']}")
        self.secrets.update({self.config["client_secret"], header, header[-20:]})
        return {**super().begin(user), "authorize_url": f"http://127.0.0.1:9/?is=Basic {header}"}


class TellsItsTokens(Operations):
    """Calls all its failures by the tokens that it has."""

    secrets: ClassVar[set[str]] = set()

    def op_call(self, message: Message) -> Message:
        """Show the tokens."""
        stored = self.client.store.load(self.user_of(message)) or {}
        self.secrets.update({stored["access_token"], stored["refresh_token"]})
        told = f"{stored['access_token']} and {stored['refresh_token']}"
        return {"kind": "bug", "error": {"message": told, "repr": told}}


@pytest.mark.parametrize(
    ("case", "client"),
    [("A01", LeavesWithItsSecret), ("A01", TellsItsHeader), ("E01", TellsItsTokens)],
)
def test_report_hides_what_a_client_shows(case: str, client: type[Part]) -> None:
    """The failure is told, and the secret is not."""
    result = put(case, Bite(client))
    shown = str([one.evidence for one in result.checks])
    assert result.verdict is Verdict.FAIL
    assert HIDDEN in shown
    assert [one for one in vars(client)["secrets"] if one in shown] == []


def told_of(result: CaseResult) -> str:
    """Give all that a report has of a result."""
    return str((result.reason, result.skipped, [one.evidence for one in result.checks]))


def check_before_it_is_known(stage: Stage) -> str:
    """Show a token before the client is heard to use it."""
    issued = stage.fake.issue_tokens()["access_token"]
    stage.check("asked", False, told=issued)
    stage.client.do("seed", token={"access_token": issued})
    stage.client.call()
    return issued


def check_with_a_code_that_is_never_sent(stage: Stage) -> str:
    """Show a callback that the client does not get."""
    url = stage.client.obtain_callback()
    stage.check("asked", False, told=url)
    return parse_qs(urlsplit(url).query)["code"][0]


@pytest.mark.parametrize("play", [check_before_it_is_known, check_with_a_code_that_is_never_sent])
def test_evidence_hides_what_comes_up_at_any_time(play: Callable[[Stage], str]) -> None:
    """Also what comes up after the check, or is in the suite's hands only."""
    secrets: list[str] = []
    case = a_case(1, lambda stage: secrets.append(play(stage)))
    _, (result,) = run_cases([case], lambda: InProcessCarrier(ModelClient), SETTINGS)
    assert result.verdict is Verdict.FAIL
    assert HIDDEN in told_of(result)
    assert [one for one in secrets if one in told_of(result)] == []


@pytest.mark.parametrize("ending", [Unsupported, AdapterFailed, ValueError])
def test_reason_hides_secrets(ending: type[Exception]) -> None:
    """Also of an operation without an end, whether it is skipped, in error, or the suite fails."""
    secrets: list[str] = []

    def play(stage: Stage) -> None:
        issued = stage.fake.issue_tokens()["access_token"]
        secrets.append(issued)
        stage.client.do("seed", token={"access_token": issued})
        stage.client.start("call", path="/me").pending.result()
        raise ending(f"it says {issued!r}")

    case = a_case(1, play)
    _, (result,) = run_cases([case], lambda: InProcessCarrier(ModelClient), SETTINGS)
    assert HIDDEN in (result.reason or "")
    assert [one for one in secrets if one in told_of(result)] == []


class RefusesItsSecret(ModelClient):
    """Takes no configuration, and says all of it."""

    def command(self, message: Message) -> Message:
        """Refuse."""
        return {"kind": "unsupported", "reason": f"no use for {message['config']}"}


@pytest.mark.parametrize("name", ["A01", "P02"])
def test_reason_hides_the_secret_of_a_refused_configuration(name: str) -> None:
    """In a case and in a property, though neither has begun."""
    case = all_cases_and_properties()[name]
    jobs = jobs_of([case], SETTINGS)[:1]
    _, (result,) = run_jobs(jobs, lambda: InProcessCarrier(RefusesItsSecret), SETTINGS)
    assert result.verdict is Verdict.SKIP
    assert f"'client_secret': '{HIDDEN}'" in (result.reason or "")
