"""What a test does without a browser or a wait: a code, a pair of tokens, an end to them."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from .browsing import Browser, Form, Page
from .doorkeeper.authorize import PATH
from .doorkeeper.pre_authorization import PARAMETERS
from .doorkeeper.scopes import default_scopes, split_scope
from .doorkeeper.tokens import new_token, token_body
from .exchange import Exchange, Visitor
from .loopback import Loopback
from .origins import split
from .rails.errors import RailsError
from .rails.request import Request
from .reading import InvalidInputError, MissingKeyError, UnknownKeyError, expected_one_of
from .real_hosts import APP
from .sandbox import Sandbox
from .scenario import ApplicationEntry, check_application, check_scopes
from .scenario_records import application_of
from .store.records import AccessToken, Application, User


class RefusedRequestError(InvalidInputError):
    """The browser is not sent back to the client."""

    def __init__(self, reason: str) -> None:
        super().__init__("the authorization request", reason, "one that the provider accepts")
        self.args = (f"the authorization request is refused: {reason}",)


async def decide_as_user(
    sandbox: Sandbox,
    loopback: Loopback,
    url: str | UnsetType | None = UNSET,
    base_url: str | None = None,
    /,
    *,
    decision: str = "approve",
    user: str | None = None,
    **parameters: str,
) -> str:
    """Open an authorization URL and decide as a user would; give where the browser is sent.

    `url` is what a client made, and is opened as it is, None what one gave that made none;
    `parameters` are those of an authorization request (`state`, `scope`, ...) and replace its own.
    Without a `url` they are all there is: the client defaults to the first application, the
    redirect URI to its first, `response_type` to `code`. `base_url` is the origin at which the one
    who asks addressed the server. What is sent is in the journal, and faults strike it. Raises
    InvalidInputError, also where the provider does not send the browser back, or does not ask a
    user who is to deny.
    """
    _check_words(decision, parameters)
    if url is UNSET:
        asked = await _own_url(sandbox, base_url, parameters)
    else:
        if not isinstance(url, str):
            raise InvalidInputError("url", url, "the URL that a client made, or no key at all")
        _check_leads_here(sandbox, url, base_url)
        asked = _with_parameters(url, parameters)
    if "form_post" in parse_qs(urlsplit(asked).query).get("response_mode", ()):
        raise InvalidInputError("response_mode", "form_post", "one that redirects")
    visitor = Visitor(user=_user(sandbox, user), brings_url=url is not UNSET)
    bound_to = sandbox.id if _is_at_livestorm(asked) else None
    port = sandbox.addresses.port_of(asked)
    browser = Browser(loopback, visitor, port=port, bound_to=bound_to)
    page = await _decide(sandbox, browser, asked, decision)
    if page.location is None:
        raise RefusedRequestError(await _told(sandbox, page))
    return page.location


async def issue_tokens(
    sandbox: Sandbox,
    *,
    client_id: str | None = None,
    user: str | None = None,
    scope: str | None = None,
    expires_in: int | None = None,
) -> dict[str, object]:
    """Issue a pair without any flow; give the token endpoint's success body.

    Raises InvalidInputError for what no flow would grant.
    """
    application = await _application(sandbox, client_id)
    exchange, options = _exchange(sandbox), sandbox.options
    allowed = application.scopes or options.scopes
    scopes = split_scope(scope or "") or default_scopes(options.default_scopes, application.scopes)
    check_scopes("scope", scopes, allowed)
    if not scopes:
        raise MissingKeyError("scope", expected_one_of(None, allowed))
    lifetime = options.access_token_lifetime if expires_in is None else expires_in
    new = new_token(exchange, application, _user(sandbox, user), scopes, expires_in=lifetime)
    return token_body(await sandbox.store.issue_token(new, reuse=False), exchange.now)


async def register_application(sandbox: Sandbox, entry: ApplicationEntry) -> Application:
    """Register an application, which a reset keeps; absent credentials are drawn.

    Raises InvalidInputError, also for a client id that is taken.
    """

    def make(applications: Sequence[Application]) -> Application:
        number = max(one.id for one in applications) + 1
        now = sandbox.clock.now()
        application = application_of(entry, sandbox.announcing, number=number, now=now)
        if any(one.client_id == application.client_id for one in applications):
            raise InvalidInputError("client_id", application.client_id, "one of its own")
        check_application("", entry, sandbox.options.scopes)
        return application

    return await sandbox.register(make)


async def rotate_secret(sandbox: Sandbox, client_id: str) -> Application:
    """Give an application a new secret; the old one is wrong from now on, until a reset.

    Raises InvalidInputError.
    """
    application = await _application(sandbox, client_id)
    changed = replace(application, client_secret=sandbox.randomness.token())
    await sandbox.replace_application(changed)
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


def _check_words(decision: str, parameters: Mapping[str, str]) -> None:
    if decision not in ("approve", "deny"):
        expected = expected_one_of(decision, ("approve", "deny"))
        raise InvalidInputError("decision", decision, expected)
    for name, value in parameters.items():
        if name not in PARAMETERS:
            raise UnknownKeyError(name, value, expected_one_of(name, PARAMETERS))


async def _own_url(sandbox: Sandbox, base_url: str | None, parameters: Mapping[str, str]) -> str:
    """Make the authorization URL of a client that leaves the rest to the defaults."""
    application = await _application(sandbox, parameters.get("client_id"))
    asked = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": application.redirect_uris[0],
    }
    query = urlencode(asked | dict(parameters), errors="replace")
    return f"{sandbox.addresses.url(base_url)}{sandbox.prefix}{PATH}?{query}"


def _with_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """Replace parameters of a URL; all else stays byte for byte as it is."""
    parts = urlsplit(url)
    if not parameters:
        return url
    sent = parts.query.split("&")
    kept = [one for one in sent if unquote_plus(one.partition("=")[0]) not in parameters]
    query = "&".join([*kept, urlencode(parameters, errors="replace")])
    return parts._replace(query=query).geturl()


def _check_leads_here(sandbox: Sandbox, url: str, base_url: str | None) -> None:
    """Check that a URL is this sandbox's authorization endpoint. Raises InvalidInputError."""
    prefix = "" if _is_at_livestorm(url) else sandbox.prefix
    own, addresses = f"{prefix}{PATH}", sandbox.addresses
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if not parts.scheme or not parts.netloc:
        expected = f"an authorization URL, such as {addresses.url(base_url)}{own}?..."
        raise InvalidInputError("url", url, expected)
    if not _is_at_livestorm(url) and not addresses.includes(url, base_url):
        origins = (addresses.url(base_url), addresses.other(base_url), f"https://{APP}")
        given = f"{parts.scheme}://{parts.netloc}"
        raise InvalidInputError("the origin of url", given, expected_one_of(given, origins))
    if not _is_to_authorize(sandbox, prefix, parts.path):
        raise InvalidInputError("the path of url", parts.path, own)


def _is_at_livestorm(url: str) -> bool:
    """Tell whether a URL is at the host of Livestorm's authorization endpoint."""
    parts = split(url)
    return parts.scheme in ("http", "https") and parts.hostname == APP


def _is_to_authorize(sandbox: Sandbox, prefix: str, path: str) -> bool:
    if not path.startswith(f"{prefix}/"):
        return False
    raw_path = path.removeprefix(prefix)
    request = Request(method="GET", raw_path=raw_path, query=b"", headers=[], body=b"")
    try:
        return sandbox.router.match(request).route.path == PATH
    except RailsError:
        return False


async def _decide(sandbox: Sandbox, browser: Browser, url: str, decision: str) -> Page:
    """Open a URL, and press a button where the user is asked. Raises InvalidInputError."""
    page = await browser.open(url)
    form = next((one for one in page.forms() if _is_for(decision, one)), None)
    if form is not None:
        return await browser.submit(page, form)
    if decision == "deny" and _grants(page.location or ""):
        expected = f"approve, as the user is not asked: {await _told(sandbox, page)}"
        raise InvalidInputError("decision", decision, expected)
    return page


def _is_for(decision: str, form: Form) -> bool:
    """Tell whether a form of the consent page is the one of a decision."""
    is_consent = {"client_id", "authenticity_token"} <= form.fields.keys()
    return is_consent and (form.fields.get("_method") == "delete") == (decision == "deny")


def _grants(location: str) -> bool:
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return not {"code", "access_token"}.isdisjoint(parse_qs(f"{parts.query}&{parts.fragment}"))


async def _told(sandbox: Sandbox, page: Page) -> str:
    """Say what came of a request, by its exchange in the journal."""
    status = "nothing is answered" if page.status is None else f"the answer is {page.status}"
    name = page.connection.name
    exchanges = [one.exchange for one in await sandbox.exchanges()]
    found = (one for one in exchanges if one.connection_name is name)
    reason = next((one.reason for one in found), None)
    return status if reason is None else f"{reason} ({status})"


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


def _exchange(sandbox: Sandbox) -> Exchange:
    request = Request(method="GET", raw_path="/", query=b"", headers=[], body=b"")
    return Exchange(request=request, provider=sandbox, now=sandbox.clock.now())
