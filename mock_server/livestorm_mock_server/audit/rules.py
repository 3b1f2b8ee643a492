"""The rules of the audit."""

from .bearer import access_tokens_after_401, bearers_to_other_origins, secrets_to_other_origins
from .client_authentication import several_client_authentications
from .codes import codes_sent_twice, different_redirect_uris
from .pace import requests_during_retry_after, requests_over_limit
from .pkce import malformed_verifiers, missing_pkce, plain_challenges, reused_verifiers
from .query import access_tokens_in_query, secrets_in_query
from .redirect_uris import unregistered_redirect_uris
from .refreshing import concurrent_refreshes, dead_grants, superseded_refresh_tokens
from .rule import Rule
from .state import guessable_state, missing_state, reused_state
from .transport import missing_accept, plain_http, unverified_certificates

RULES = (
    Rule(
        id="missing_state",
        severity="error",
        reference="RFC 6749, section 10.12",
        wrong="an authorization request has no `state`",
        notice=missing_state,
    ),
    Rule(
        id="reused_state",
        severity="error",
        reference="RFC 9700, section 2.1",
        wrong="the same `state` is used for several flows",
        notice=reused_state,
    ),
    Rule(
        id="guessable_state",
        severity="error",
        reference="RFC 6749, section 10.10",
        wrong="a `state` can't hold 128 random bits, has a pattern, or differs little from the"
        " one before",
        notice=guessable_state,
    ),
    Rule(
        id="missing_pkce",
        severity="warning",
        reference="RFC 9700, section 2.1.1",
        wrong="an authorization request has no `code_challenge`",
        notice=missing_pkce,
    ),
    Rule(
        id="plain_challenge",
        severity="warning",
        reference="RFC 7636, section 4.2",
        wrong="`code_challenge_method` is `plain`, or missing, which means the same",
        notice=plain_challenges,
    ),
    Rule(
        id="malformed_verifier",
        severity="error",
        reference="RFC 7636, section 4.1",
        wrong="a `code_verifier` is not 43 to 128 characters long, or has foreign characters",
        notice=malformed_verifiers,
    ),
    Rule(
        id="reused_verifier",
        severity="error",
        reference="RFC 9700, section 2.1.1",
        wrong="the same challenge or verifier is used for several flows",
        notice=reused_verifiers,
    ),
    Rule(
        id="different_redirect_uri",
        severity="error",
        reference="RFC 6749, section 4.1.3",
        wrong="the token request's `redirect_uri` is not, character by character, that of the"
        " authorization request",
        notice=different_redirect_uris,
    ),
    Rule(
        id="unregistered_redirect_uri",
        severity="warning",
        reference="RFC 9700, section 4.1",
        wrong="a `redirect_uri` is used that is not registered for the client, and that the option"
        " `any_redirect_uri` alone lets in",
        notice=unregistered_redirect_uris,
    ),
    Rule(
        id="code_sent_twice",
        severity="error",
        reference="RFC 6749, section 4.1.2",
        wrong="a code is sent again, even if the first attempt failed",
        notice=codes_sent_twice,
    ),
    Rule(
        id="several_client_authentications",
        severity="error",
        reference="RFC 6749, section 2.3",
        wrong="a request authenticates the client in more than one way",
        notice=several_client_authentications,
    ),
    Rule(
        id="secret_in_query",
        severity="error",
        reference="RFC 6749, section 2.3.1",
        wrong="a client secret, password, code, verifier or refresh token is in a query string",
        notice=secrets_in_query,
    ),
    Rule(
        id="access_token_in_query",
        severity="error",
        reference="RFC 9700, section 4.3.2",
        wrong="an access token is in a query string",
        notice=access_tokens_in_query,
    ),
    Rule(
        id="superseded_refresh_token",
        severity="error",
        reference="RFC 6749, section 6",
        wrong="a refresh token is sent after an answer with its successor has arrived",
        notice=superseded_refresh_tokens,
    ),
    Rule(
        id="concurrent_refresh",
        severity="warning",
        reference="RFC 9700, section 4.14.2",
        wrong="two requests with the same refresh token are under way at the same time",
        notice=concurrent_refreshes,
    ),
    Rule(
        id="dead_grant",
        severity="warning",
        reference="RFC 6749, section 5.2",
        wrong="a refresh token is sent again after `invalid_grant`",
        notice=dead_grants,
    ),
    Rule(
        id="access_token_after_401",
        severity="warning",
        reference="RFC 6750, section 3.1",
        wrong="an access token is refused with 401 three times or more, and not refreshed",
        notice=access_tokens_after_401,
    ),
    Rule(
        id="bearer_to_other_origin",
        severity="error",
        reference="RFC 6749, section 10.3",
        wrong="an access token is sent to another origin, after a redirection or a link",
        notice=bearers_to_other_origins,
    ),
    Rule(
        id="secret_to_other_origin",
        severity="error",
        reference="RFC 6749, section 10.4",
        wrong="a client secret, code, verifier or refresh token is sent to another origin",
        notice=secrets_to_other_origins,
    ),
    Rule(
        id="request_during_retry_after",
        severity="warning",
        reference="RFC 6585, section 4",
        wrong="a request is sent before the `Retry-After` of a 429 is over",
        notice=requests_during_retry_after,
    ),
    Rule(
        id="over_rate_limit",
        severity="note",
        reference="RFC 6585, section 4",
        wrong="more API requests are sent in a second than the sandbox allows (5)",
        notice=requests_over_limit,
    ),
    Rule(
        id="plain_http",
        severity="warning",
        reference="RFC 6749, section 10.9",
        wrong="a request goes over plain http to a host other than this machine",
        notice=plain_http,
    ),
    Rule(
        id="unverified_certificate",
        severity="error",
        reference="RFC 9110, section 4.3.4",
        wrong="a request is sent over TLS with a certificate that is expired, for another name or"
        " of an unknown authority, as the fault `tls` shows one",
        notice=unverified_certificates,
    ),
    Rule(
        id="missing_accept",
        severity="note",
        reference="RFC 9110, section 12.5.1",
        wrong="a token request has no `Accept`",
        notice=missing_accept,
    ),
)
