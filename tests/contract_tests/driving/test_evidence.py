"""What a report shows of an operation, and the lines that repeat its request."""

import base64
import json
import re
import subprocess
from dataclasses import replace
from urllib.parse import parse_qs, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_contract_tests.driving.evidence import (
    LONGEST_BODY,
    deciding,
    evidence_of,
    show_exchange,
)
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import ErrorTold, Reply
from livestorm_contract_tests.driving.outcome import Outcome
from livestorm_contract_tests.driving.repeating import ORIGIN, repeat
from livestorm_contract_tests.driving.secret_forms import secrets_of
from livestorm_contract_tests.fake.journal import Exchange
from livestorm_contract_tests.report.findings import finding_of
from livestorm_contract_tests.suite.masking import Mask
from livestorm_mock_server import MockLivestorm

from ...pages.made import ROOT
from ..bites.c09 import TakesErrorsForTokens
from ..bites.play import put
from ..bites.table import Bite
from ..exchanges import sent_form
from ..programs import need_program

VARIABLES = {
    "CLIENT_ID": "client-0123456789abcdef",
    "CLIENT_SECRET": "secret-0123456789abcdef",
    "CODE": "code-0123456789abcdef0123",
    "CODE_VERIFIER": "verifier-0123456789abcdef",
    "REFRESH_TOKEN": "refresh-0123456789abcdef",
    "ACCESS_TOKEN": "access-0123456789abcdef",
}


def sent(
    parameters: dict[str, str], *, authorization: str | None = None, target: str = "/oauth/token"
) -> Exchange:
    """Make a form that was posted with credentials in the header, or without."""
    headers = {} if authorization is None else {"authorization": authorization}
    return sent_form(parameters, headers=headers, target=target)


def done(op: str, *exchanges: Exchange) -> Outcome:
    """Make the outcome of an operation that was reported ok."""
    return Outcome(command={"op": op}, reply=Reply(kind=Kind.OK), exchanges=exchanges, seconds=0)


def arguments_of(line: str) -> list[str]:
    """Give the arguments that a shell gives curl, with the variables as they were."""
    script = f"""curl() {{ printf '%s\\0' "$@"; }}; {line}"""
    ran = subprocess.run(
        ["bash", "-c", script], env=VARIABLES, capture_output=True, text=True, check=True
    )
    return ran.stdout.split("\0")[:-1]


TOKEN, API = sent({"code": "x"}), replace(sent({}), seq=2, endpoint="api.me", target="/v1/me")
STRUCK = replace(API, seq=3, fault="html_page")


@pytest.mark.parametrize(
    ("outcome", "seq"),
    [
        (done("callback", TOKEN, API), 1),
        (done("refresh", TOKEN, API), 1),
        (done("call", TOKEN, API), 2),
        (done("callback", STRUCK, TOKEN), 3),
        (done("call", STRUCK, API), 3),
        (done("call"), None),
    ],
)
def test_what_decided_is_a_struck_exchange_or_the_last_of_its_kind(
    outcome: Outcome, seq: int | None
) -> None:
    """A callback or a refresh is about tokens, a call about any answer."""
    decisive = deciding(outcome)
    assert (decisive and decisive.seq) == seq


def test_only_one_exchange_is_shown_whole() -> None:
    """That of the last operation that sent anything; the others are a line each."""
    shown = evidence_of([done("callback", TOKEN), done("call", API), done("state")])
    assert [bool(one["decisive"]) for one in shown] == [False, True, False]


def test_request_and_answer_are_shown_as_text() -> None:
    """The line, the headers, the body; what is long is cut and says by how much."""
    shown = show_exchange(replace(TOKEN, body=b"x" * (LONGEST_BODY + 7)))
    assert str(shown["request"]).startswith("POST /oauth/token\nhost: 127.0.0.1:40117\n")
    assert str(shown["request"]).endswith("\n\ncode=x")
    assert str(shown["answer"]).startswith("400\ncontent-type: application/json\n\nxxx")
    assert str(shown["answer"]).endswith("x [and 7 more characters]")


def test_callback_that_was_given_is_shown() -> None:
    """Without any request it is what decided."""
    outcome = replace(done("callback"), command={"op": "callback", "url": "http://c/cb?error=x"})
    assert evidence_of([outcome])[0]["asked"] == "http://c/cb?error=x"


def basic(name: str, secret: str) -> str:
    """Give the header of a client that encodes its credentials (RFC 6749, section 2.3.1)."""
    told = f"{quote_plus(name)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(told.encode()).decode()}"


@settings(max_examples=60)
@given(secret=st.text(st.characters(codec="utf-8"), min_size=16, max_size=40))
def test_no_secret_is_shown_wherever_it_was_sent(secret: str) -> None:
    """In the form, in a header in any form, in the answer, in the lines to be pasted."""
    parameters = {"client_id": "x", "client_secret": secret, "code": f"{secret}2"}
    exchange = sent(parameters, authorization=basic("x", secret))
    exchange = replace(exchange, body=json.dumps({"said": secret}).encode())
    shown = Mask(secrets_of(exchange)).evidence(show_exchange(exchange))
    text = json.dumps(shown, ensure_ascii=False)
    assert (secret in text, basic("x", secret) in text) == (False, False)


TEXTS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20)


@settings(max_examples=40)
@given(extra=TEXTS, path=st.sampled_from(["/oauth/token", "/oauth/token?a=$b&c=`d`", "/x?'\"!"]))
def test_lines_repeat_the_request(extra: str, path: str) -> None:
    """A shell that knows the variables sends the same form to the same path, whatever is in it."""
    parameters = {
        "grant_type": "authorization_code",
        "client_id": VARIABLES["CLIENT_ID"],
        "client_secret": VARIABLES["CLIENT_SECRET"],
        "code": VARIABLES["CODE"],
        "extra": extra,
    }
    (line,) = repeat(sent(parameters, target=path))
    assert [name for name, text in VARIABLES.items() if text in line] == []
    given_to_curl = arguments_of(line)
    assert f"{ORIGIN}{path}" in given_to_curl
    body = parse_qs(given_to_curl[given_to_curl.index("--data-raw") + 1], keep_blank_values=True)
    assert body == {name: [value] for name, value in parameters.items()}


def test_basic_credentials_are_given_as_such() -> None:
    """curl encodes them itself."""
    authorization = basic(VARIABLES["CLIENT_ID"], VARIABLES["CLIENT_SECRET"])
    given_to_curl = arguments_of(*repeat(sent({}, authorization=authorization)))
    told = f"{VARIABLES['CLIENT_ID']}:{VARIABLES['CLIENT_SECRET']}"
    assert given_to_curl[given_to_curl.index("-u") + 1] == told


def test_bearer_token_is_a_variable() -> None:
    """A call with a token is repeated with another one."""
    call = replace(
        sent({}, authorization=f"Bearer {VARIABLES['ACCESS_TOKEN']}", target="/v1/me"),
        method="GET",
        endpoint="api.me",
        request_body="",
    )
    (line,) = repeat(call)
    assert line == f'curl -i {ORIGIN}/v1/me -H "authorization: Bearer $ACCESS_TOKEN"'


@pytest.mark.parametrize(
    "exchange",
    [
        replace(TOKEN, endpoint=""),
        replace(TOKEN, request_body="x" * 5000),
        replace(TOKEN, request_body="\\xff"),
        replace(TOKEN, request_body="a\0b"),
        replace(TOKEN, method="P;OST"),
    ],
    ids=["elsewhere", "long", "bytes", "nul", "verb"],
)
def test_what_nobody_would_paste_has_no_lines(exchange: Exchange) -> None:
    """A request to no endpoint, a long one, bytes that are no text."""
    assert repeat(exchange) == []


def test_lines_of_a_failure_bring_its_answer_again() -> None:
    """Pasted with what docs/report.md says before them, they arm the fault and get its answer."""
    for program in ("bash", "curl", "jq", "sed"):
        need_program(program)
    result = put("C09", Bite(TakesErrorsForTokens))
    check = next(one for one in result.checks if one.check == "C09:kind")
    decisive = finding_of(check).decisive
    assert decisive is not None
    page = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    (variables,) = re.findall(r"```bash\n(.*?)```", page, re.DOTALL)
    with MockLivestorm(
        consent="approve",
        client_id="demo-client",
        client_secret="demo-secret",
        any_redirect_uri=True,
    ) as fake:
        script = "\n".join([variables, *decisive.repeat]).replace(ORIGIN, fake.app_url)
        ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    status, _, body = str(decisive.answer).partition("\n\n")
    assert f" {status.split()[0]} " in ran.stdout
    assert ran.stdout.endswith(body), ran.stderr


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ErrorTold(class_name="KeyError", message="'code'"), "KeyError: 'code'"),
        (ErrorTold(class_name="builtins.KeyError", repr="KeyError('code')"), "KeyError('code')"),
        (ErrorTold(class_name="a.b.AxiosError"), "AxiosError"),
        (ErrorTold(message="AxiosError: no", class_name="AxiosError"), "AxiosError: no"),
        (ErrorTold(message="no"), "no"),
        (ErrorTold(), ""),
    ],
)
def test_error_is_told_with_its_class(error: ErrorTold, told: str) -> None:
    """A message alone, such as the key that is missing, says little."""
    outcome = replace(done("call"), reply=Reply(kind=Kind.BUG, error=error))
    (shown,) = evidence_of([outcome])
    assert shown["error"] == told
