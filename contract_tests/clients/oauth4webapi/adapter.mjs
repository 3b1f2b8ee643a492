// oauth4webapi: every step of the flow as a function; no store, no lock, no refresh by itself.
import * as oauth from "oauth4webapi";
import { serve, stamped } from "../protocol.mjs";

const insecure = { [oauth.allowInsecureRequests]: true, signal: () => AbortSignal.timeout(8000) };
const parties = (config) => ({
  server: { issuer: new URL(config.token_url).origin, token_endpoint: config.token_url },
  client: { client_id: config.client_id },
  auth: oauth.ClientSecretPost(config.client_secret),
});

await serve({
  name: "oauth4webapi", version: "3.8.8",
  features: { refresh: "explicit", pkce: true, state: "library" },
  describe: (error) => ({
    code: error.error, status: error.status ?? error.response?.status ?? error.cause?.status,
    transport: error instanceof TypeError || error.name === "TimeoutError",
    known: error instanceof oauth.OperationProcessingError || error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError,
  }),
  ops: {
    async begin(user, _, config) {
      user.state = oauth.generateRandomState();
      user.verifier = oauth.generateRandomCodeVerifier();
      const query = { response_type: "code", client_id: config.client_id, redirect_uri: config.redirect_uri, scope: config.scopes.join(" "), state: user.state, code_challenge: await oauth.calculatePKCECodeChallenge(user.verifier), code_challenge_method: "S256" };
      return { authorize_url: `${config.authorize_url}?${new URLSearchParams(query)}` };
    },
    async callback(user, { url }, config) {
      const { server, client, auth } = parties(config);
      const answer = oauth.validateAuthResponse(server, client, new URL(url), user.state ?? oauth.expectNoState);
      const response = await oauth.authorizationCodeGrantRequest(server, client, auth, answer, config.redirect_uri, user.verifier, insecure);
      user.token = stamped(await oauth.processAuthorizationCodeResponse(server, client, response));
    },
    async refresh(user, _, config) {
      const { server, client, auth } = parties(config);
      const response = await oauth.refreshTokenGrantRequest(server, client, auth, user.token.refresh_token, insecure);
      user.token = stamped(await oauth.processRefreshTokenResponse(server, client, response));
    },
    async call({ token }, { path, method = "GET" }, config) {
      const response = await oauth.protectedResourceRequest(token.access_token, method, new URL(config.api_base + path), undefined, undefined, insecure);
      if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { status: response.status });
      return { http_status: response.status };
    },
  },
});
