// openid-client: flows over oauth4webapi; its user keeps flows and tokens, and refreshes in time.
import * as openid from "openid-client";
import { begun, called, failure, isLoopback, isLost, serve, stamped } from "../protocol.mjs";

function configuration(config, url = config.token_url) {
  const server = { issuer: new URL(config.token_url).origin, authorization_endpoint: config.authorize_url, token_endpoint: config.token_url };
  const made = new openid.Configuration(server, config.client_id, undefined, openid.ClientSecretPost(config.client_secret));
  if (isLoopback(url)) openid.allowInsecureRequests(made); // the fake speaks plain HTTP
  made.timeout = 8;
  return made;
}

const KNOWN = [openid.ClientError, openid.ResponseBodyError, openid.AuthorizationResponseError, openid.WWWAuthenticateChallengeError];

await serve({
  name: "openid-client", version: "6.9.0",
  features: { refresh: "explicit", pkce: true, state: "library" },
  describe: (error) => ({
    kind: error.code === "OAUTH_HTTP_REQUEST_FORBIDDEN" ? "security_error" : undefined,
    code: error.error ?? error.cause?.[0]?.parameters?.error, status: error.status ?? error.response?.status ?? error.cause?.status,
    transport: isLost(error) || error.code === "OAUTH_TIMEOUT",
    known: KNOWN.some((one) => error instanceof one),
  }),
  ops: {
    async begin(user, _, config) {
      const flow = (user.flow = { state: openid.randomState(), verifier: openid.randomPKCECodeVerifier() });
      const parameters = { redirect_uri: config.redirect_uri, scope: config.scopes.join(" "), state: flow.state, code_challenge: await openid.calculatePKCECodeChallenge(flow.verifier), code_challenge_method: "S256" };
      return { authorize_url: openid.buildAuthorizationUrl(configuration(config), parameters).href };
    },
    async callback(user, { url }, config) {
      const { state, verifier } = begun(user);
      user.token = stamped(await openid.authorizationCodeGrant(configuration(config), new URL(url), { expectedState: state, pkceCodeVerifier: verifier }));
    },
    async refresh(user, _, config) {
      const held = user.token?.refresh_token;
      if (!held) throw failure("reauth_required");
      user.token = stamped({ refresh_token: held, ...await openid.refreshTokenGrant(configuration(config), held) });
    },
    async call({ token }, { path, method = "GET" }, config) {
      if (!token) throw failure("reauth_required");
      const response = await openid.fetchProtectedResource(configuration(config, config.api_base), token.access_token, new URL(config.api_base + path), method);
      return called(response, path);
    },
  },
});
