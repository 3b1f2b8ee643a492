// simple-oauth2: a token object that can refresh; no call layer, and `state` is left to its user.
import { randomBytes } from "node:crypto";
import { AuthorizationCode } from "simple-oauth2";
import { denied, failure, serve } from "../protocol.mjs";

const client = (config) => new AuthorizationCode({
  client: { id: config.client_id, secret: config.client_secret },
  auth: { tokenHost: new URL(config.token_url).origin, tokenPath: new URL(config.token_url).pathname, authorizeHost: new URL(config.authorize_url).origin, authorizePath: new URL(config.authorize_url).pathname },
  options: { authorizationMethod: "body" },
  http: { timeout: 8000 },
});
const held = ({ token }) => ({ ...token, expires_at: token.expires_at instanceof Date ? token.expires_at.getTime() / 1000 : null });

await serve({
  name: "simple-oauth2", version: "5.1.0",
  features: { refresh: "explicit", state: "adapter" },
  describe: (error) => ({ code: error.data?.payload?.error, status: error.data?.res ? error.output?.statusCode : undefined, transport: error.isBoom && !error.data?.res, known: error.isBoom }),
  ops: {
    begin(user, _, config) {
      user.state = randomBytes(32).toString("base64url");
      return { authorize_url: client(config).authorizeURL({ redirect_uri: config.redirect_uri, scope: config.scopes, state: user.state }) };
    },
    async callback(user, { url }, config) {
      const answer = new URL(url).searchParams, expected = user.state;
      user.state = undefined;
      if (!expected || answer.get("state") !== expected) throw failure("security_error");
      if (answer.get("error") || !answer.get("code")) throw denied(answer.get("error"));
      user.token = held(await client(config).getToken({ code: answer.get("code"), redirect_uri: config.redirect_uri }));
    },
    async refresh(user, _, config) {
      user.token = held(await client(config).createToken(user.token).refresh());
    },
  },
});
