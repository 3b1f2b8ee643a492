// passport-oauth2: the login as a Passport strategy; it neither refreshes nor calls an API.
import OAuth2Strategy from "passport-oauth2";
import { serve, stamped } from "../protocol.mjs";

// Read a query as Express does: what is repeated comes as a list.
function queryOf(url) {
  const read = new URL(url).searchParams;
  return Object.fromEntries([...read.keys()].map((name) => [name, read.getAll(name).length > 1 ? read.getAll(name) : read.get(name)]));
}

// Play Express and Passport: one request through the strategy, to its end.
function run(user, config, query) {
  user.session ??= {};
  const options = { authorizationURL: config.authorize_url, tokenURL: config.token_url, clientID: config.client_id, clientSecret: config.client_secret, callbackURL: config.redirect_uri, scope: config.scopes, state: true, pkce: true };
  return new Promise((resolve, reject) => {
    const verify = (access_token, refresh_token, parameters, profile, done) => done(null, { ...parameters, access_token, refresh_token });
    const strategy = new OAuth2Strategy(options, verify);
    strategy.userProfile = (_, done) => done(null, {});
    Object.assign(strategy, { redirect: (url) => resolve({ url }), success: (token) => resolve({ token }), error: (error) => reject(Object.assign(error, { reported: true })) });
    strategy.fail = (challenge, status) => reject(Object.assign(new Error(challenge?.message ?? "refused"), { kind: status === 403 ? "security_error" : "denied" }));
    strategy.authenticate({ query, session: user.session, headers: {}, connection: {} }, {});
  });
}

await serve({
  name: "passport-oauth2", version: "1.8.0",
  features: { pkce: true, state: "library" },
  describe(error) {
    const cause = error.oauthError ?? error, status = cause.statusCode;
    return { code: typeof error.code === "string" ? error.code : undefined, status, transport: cause instanceof Error && typeof cause.code === "string" && cause !== error, known: error.reported };
  },
  ops: {
    async begin(user, _, config) {
      return { authorize_url: (await run(user, config, {})).url };
    },
    async callback(user, { url }, config) {
      const { token } = await run(user, config, queryOf(url));
      if (!token) throw Object.assign(new Error("redirected again"), { kind: "protocol_error" });
      user.token = stamped(token);
    },
  },
});
