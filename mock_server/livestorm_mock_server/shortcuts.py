"""What a test does without a browser or a wait: a code, a pair of tokens, an end to them."""

from dataclasses import replace
from urllib.parse import urlsplit

from .doorkeeper.authorize import grant_access, refuse
from .doorkeeper.errors import OAuthError
from .doorkeeper.pre_authorization import PARAMETERS, check_authorizable, read_pre_authorization
from .doorkeeper.scopes import split_scope
from .doorkeeper.tokens import new_token, token_body
from .exchange import Exchange
from .rails.errors import BadRequest, RailsError
from .rails.parameters import Parameters, parse_query
from .rails.request import Request
from .rails.text import to_s
from .reading import InvalidInputError, UnknownKeyError, expected_one_of
from .sandbox import Sandbox
from .scenario import ApplicationEntry, check_application, check_scopes
from .scenario_records import application_of
from .store.records import AccessToken, Application, User


class RefusedRequestError(InvalidInputError):
    """The engine would refuse the authorization request without asking the user."""

    def __init__(self, reason: str) -> None:
        super().__init__("the authorization request", reason, "one that the engine accepts")
        self.args = (f"the authorization request is refused: {reason}",)


async def decide_as_user(
    sandbox: Sandbox,
    url: str | None = None,
    base_url: str | None = None,
    /,
    *,
    decision: str = "approve",
    user: str | None = None,
    **parameters: str,
) -> str:
    """Approve or deny as a user would; give the URL that the browser is sent to.

    `url` is the authorization URL that a client made; `parameters` are those of an authorization
    request (`client_id`, `state`, `code_challenge`, ...) and replace its own. The client defaults
    to the first application, the redirect URI to its first. `base_url` is how the one who asks
    addressed the server. Raises InvalidInputError, also for a request that the engine would not ask
    the user about.
    """
    if decision not in ("approve", "deny"):
        expected = expected_one_of(decision, ("approve", "deny"))
        raise InvalidInputError("decision", decision, expected)
    for name in parameters:
        if name not in PARAMETERS:
            raise UnknownKeyError(name, parameters[name], expected_one_of(name, PARAMETERS))
    asked = {"response_type": "code"} | _parameters_of(url) | parameters
    application = await _application(sandbox, to_s(asked.get("client_id")) or None)
    asked["client_id"] = application.client_id
    asked.setdefault("redirect_uri", application.redirect_uris[0])
    exchange = _exchange(sandbox, _user(sandbox, user), base_url)
    pre = read_pre_authorization(asked)
    try:
        await check_authorizable(exchange, pre)
        if decision == "deny":
            answer = refuse(exchange, pre)
        else:
            answer = await grant_access(exchange, pre, application)
    except OAuthError as error:
        raise RefusedRequestError(f"{error.code} ({error.reason})") from error
    except RailsError as error:
        raise RefusedRequestError(f"the engine fails ({error})") from error
    if "Location" not in answer.headers:
        raise InvalidInputError("response_mode", pre.response_mode, "one that redirects")
    return answer.headers["Location"]


async def issue_tokens(
    sandbox: Sandbox,
    *,
    client_id: str | None = None,
    user: str | None = None,
    scope: str | None = None,
    expires_in: int | None = None,
) -> dict[str, object]:
    """Issue a pair without any flow; give the token endpoint's success body."""
    application = await _application(sandbox, client_id)
    exchange = _exchange(sandbox, None)
    scopes = split_scope(scope or "") or sandbox.options.default_scopes
    check_scopes("scope", scopes, sandbox.options.scopes)
    lifetime = sandbox.options.access_token_lifetime if expires_in is None else expires_in
    new = new_token(exchange, application, _user(sandbox, user), scopes, expires_in=lifetime)
    return token_body(await sandbox.store.issue_token(new, reuse=False), exchange.now)


async def register_application(sandbox: Sandbox, entry: ApplicationEntry) -> Application:
    """Register an application; absent credentials are drawn.

    Raises InvalidInputError, also for a client id that is taken.
    """
    applications = await sandbox.store.applications()
    number = max(one.id for one in applications) + 1
    now = sandbox.clock.now()
    application = application_of(entry, sandbox.randomness, number=number, now=now)
    if any(one.client_id == application.client_id for one in applications):
        raise InvalidInputError("client_id", application.client_id, "one of its own")
    check_application("", entry, sandbox.options.scopes)
    await sandbox.store.add_application(application)
    return application


async def rotate_secret(sandbox: Sandbox, client_id: str) -> Application:
    """Give an application a new secret; the old one is wrong from now on.

    Raises InvalidInputError.
    """
    application = await _application(sandbox, client_id)
    changed = replace(application, client_secret=sandbox.randomness.token())
    await sandbox.store.add_application(changed)
    return changed


async def expire_token(sandbox: Sandbox, token: str) -> None:
    """End the lifetime of an access token, given it or its refresh token.

    Raises InvalidInputError.
    """
    found = await _find_token(sandbox, token)
    await sandbox.store.expire_token(found.id)


async def revoke_token(sandbox: Sandbox, token: str) -> None:
    """Revoke the pair of an access or refresh token. Raises InvalidInputError."""
    found = await _find_token(sandbox, token)
    await sandbox.store.revoke_token(found.id, sandbox.clock.now())


def _parameters_of(url: str | None) -> Parameters:
    try:
        return parse_query(urlsplit(url or "").query.encode())
    except (BadRequest, ValueError) as error:
        raise InvalidInputError("url", url, f"an authorization URL ({error})") from None


async def _find_token(sandbox: Sandbox, token: str) -> AccessToken:
    found = await sandbox.store.find_token(token) or await sandbox.store.find_refresh_token(token)
    if found is None:
        shown = f"{token[:6]}..." if len(token) > 12 else token
        raise InvalidInputError("token", shown, "an access or refresh token of this sandbox")
    return found


async def _application(sandbox: Sandbox, client_id: str | None) -> Application:
    applications = await sandbox.store.applications()
    if client_id is None:
        return applications[0]
    for application in applications:
        if application.client_id == client_id:
            return application
    known = [application.client_id for application in applications]
    raise InvalidInputError("client_id", client_id, expected_one_of(client_id, known))


def _user(sandbox: Sandbox, email: str | None) -> User:
    found = sandbox.users[0] if email is None else sandbox.find_user(email)
    if found is None:
        known = [user.email for user in sandbox.users]
        raise InvalidInputError("user", email, expected_one_of(email, known))
    return found


def _exchange(sandbox: Sandbox, user: User | None, base_url: str | None = None) -> Exchange:
    request = Request(
        method="GET",
        raw_path="/",
        query=b"",
        headers=[],
        body=b"",
        prefix=sandbox.prefix,
        named_url=sandbox.addresses.url(base_url),
    )
    return Exchange(request=request, provider=sandbox, now=sandbox.clock.now(), user=user)
