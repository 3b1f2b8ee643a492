// simple-oauth2: a token object that can refresh; calls, the callback's parameters and the store are its user's.
import { randomBytes } from "node:crypto";
import { AuthorizationCode } from "simple-oauth2";
import { failure, leftToUser, serve } from "../protocol.mjs";

const client = (config) => new AuthorizationCode({
  client: { id: config.client_id, secret: config.client_secret },
  auth: { tokenHost: new URL(config.token_url).origin, tokenPath: new URL(config.token_url).pathname, authorizeHost: new URL(config.authorize_url).origin, authorizePath: new URL(config.authorize_url).pathname },
  options: { authorizationMethod: "body" },
  http: { timeout: 8000 },
});
// A date that is none is told as a text: JSON would make null of it.
const seconds = (date) => (Number.isNaN(date.getTime()) ? String(date) : date.getTime() / 1000);
const held = ({ token }) => ({ ...token, expires_at: token.expires_at instanceof Date ? seconds(token.expires_at) : token.expires_at ?? null });

await serve({
  name: "simple-oauth2", version: "5.1.0",
  features: { refresh: "explicit", state: "adapter" },
  describe: (error) => ({ code: error.data?.payload?.error, status: error.data?.res?.statusCode, transport: error.isBoom && !error.data?.res, known: error.isBoom }),
  ops: {
    begin(user, _, config) {
      user.flow = randomBytes(32).toString("base64url");
      return { authorize_url: client(config).authorizeURL({ redirect_uri: config.redirect_uri, scope: config.scopes, state: user.flow }) };
    },
    async callback(user, { url }, config) {
      const answer = new URL(url).searchParams, expected = user.flow;
      user.flow = undefined;
      const isAnswer = expected && answer.getAll("state").join() === expected && answer.getAll("code").length === 1;
      if (!isAnswer || answer.has("error")) throw leftToUser("reading the callback");
      user.token = held(await client(config).getToken({ code: answer.get("code"), redirect_uri: config.redirect_uri }));
    },
    async refresh(user, _, config) {
      if (!user.token) throw failure("reauth_required");
      user.token = held(await client(config).createToken(user.token).refresh());
    },
  },
});
