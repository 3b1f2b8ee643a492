// openid-client: flows over oauth4webapi; no store, no lock, no refresh by itself.
import * as openid from "openid-client";
import { serve, stamped } from "../protocol.mjs";

function configuration(config) {
  const server = { issuer: new URL(config.token_url).origin, authorization_endpoint: config.authorize_url, token_endpoint: config.token_url };
  const made = new openid.Configuration(server, config.client_id, undefined, openid.ClientSecretPost(config.client_secret));
  openid.allowInsecureRequests(made);
  made.timeout = 8;
  return made;
}

await serve({
  name: "openid-client", version: "6.9.0",
  features: { refresh: "explicit", pkce: true, state: "library" },
  describe: (error) => ({
    code: error.error, status: error.status ?? error.cause?.status,
    transport: error instanceof TypeError || error.code === "OAUTH_TIMEOUT",
    known: error instanceof openid.ClientError || error instanceof openid.ResponseBodyError || error instanceof openid.AuthorizationResponseError,
  }),
  ops: {
    async begin(user, _, config) {
      user.state = openid.randomState();
      user.verifier = openid.randomPKCECodeVerifier();
      const parameters = { redirect_uri: config.redirect_uri, scope: config.scopes.join(" "), state: user.state, code_challenge: await openid.calculatePKCECodeChallenge(user.verifier), code_challenge_method: "S256" };
      return { authorize_url: openid.buildAuthorizationUrl(configuration(config), parameters).href };
    },
    async callback(user, { url }, config) {
      user.token = stamped(await openid.authorizationCodeGrant(configuration(config), new URL(url), { expectedState: user.state, pkceCodeVerifier: user.verifier }));
    },
    async refresh(user, _, config) {
      user.token = stamped(await openid.refreshTokenGrant(configuration(config), user.token.refresh_token));
    },
    async call({ token }, { path, method = "GET" }, config) {
      const response = await openid.fetchProtectedResource(configuration(config), token.access_token, new URL(config.api_base + path), method);
      if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { status: response.status });
      return { http_status: response.status };
    },
  },
});
