// oauth4webapi: every step of the flow as a function; its user keeps flows and tokens, and refreshes in time.
import * as oauth from "oauth4webapi";
import { begun, called, failure, isLoopback, isLost, serve, stamped } from "../protocol.mjs";

// Plain HTTP is allowed to this machine only, where the fake is.
const options = (url) => ({ [oauth.allowInsecureRequests]: isLoopback(url), signal: () => AbortSignal.timeout(8000) });
const parties = (config) => ({
  server: { issuer: new URL(config.token_url).origin, token_endpoint: config.token_url },
  client: { client_id: config.client_id },
  auth: oauth.ClientSecretPost(config.client_secret),
});

const KNOWN = [oauth.OperationProcessingError, oauth.UnsupportedOperationError, oauth.ResponseBodyError, oauth.AuthorizationResponseError, oauth.WWWAuthenticateChallengeError];

await serve({
  name: "oauth4webapi", version: "3.8.8",
  features: { refresh: "explicit", pkce: true, state: "library" },
  describe: (error) => ({
    kind: error.code === "OAUTH_HTTP_REQUEST_FORBIDDEN" ? "security_error" : undefined,
    code: error.error ?? error.cause?.[0]?.parameters?.error, status: error.status ?? error.response?.status ?? error.cause?.status,
    transport: isLost(error),
    known: KNOWN.some((one) => error instanceof one),
  }),
  ops: {
    async begin(user, _, config) {
      const flow = (user.flow = { state: oauth.generateRandomState(), verifier: oauth.generateRandomCodeVerifier() });
      const query = { response_type: "code", client_id: config.client_id, redirect_uri: config.redirect_uri, scope: config.scopes.join(" "), state: flow.state, code_challenge: await oauth.calculatePKCECodeChallenge(flow.verifier), code_challenge_method: "S256" };
      return { authorize_url: `${config.authorize_url}?${new URLSearchParams(query)}` };
    },
    async callback(user, { url }, config) {
      const { server, client, auth } = parties(config), { state, verifier } = begun(user);
      const answer = oauth.validateAuthResponse(server, client, new URL(url), state);
      const response = await oauth.authorizationCodeGrantRequest(server, client, auth, answer, config.redirect_uri, verifier, options(config.token_url));
      user.token = stamped(await oauth.processAuthorizationCodeResponse(server, client, response));
    },
    async refresh(user, _, config) {
      const { server, client, auth } = parties(config);
      const held = user.token?.refresh_token;
      if (!held) throw failure("reauth_required");
      const response = await oauth.refreshTokenGrantRequest(server, client, auth, held, options(config.token_url));
      user.token = stamped({ refresh_token: held, ...await oauth.processRefreshTokenResponse(server, client, response) });
    },
    async call({ token }, { path, method = "GET" }, config) {
      if (!token) throw failure("reauth_required");
      const response = await oauth.protectedResourceRequest(token.access_token, method, new URL(config.api_base + path), undefined, undefined, options(config.api_base));
      return called(response, path);
    },
  },
});
