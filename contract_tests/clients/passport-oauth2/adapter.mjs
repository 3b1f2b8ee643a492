// passport-oauth2: the login as a Passport strategy; it neither refreshes nor calls an API.
import OAuth2Strategy from "passport-oauth2";
import { serve, stamped } from "../protocol.mjs";

// Play Express and Passport: one request through the strategy, to its end.
function run(user, config, query) {
  user.session ??= {};
  const options = { authorizationURL: config.authorize_url, tokenURL: config.token_url, clientID: config.client_id, clientSecret: config.client_secret, callbackURL: config.redirect_uri, scope: config.scopes, state: true, pkce: true };
  return new Promise((resolve, reject) => {
    const verify = (access_token, refresh_token, parameters, profile, done) => done(null, { ...parameters, access_token, refresh_token });
    const strategy = new OAuth2Strategy(options, verify);
    strategy.userProfile = (_, done) => done(null, {});
    Object.assign(strategy, { redirect: (url) => resolve({ url }), success: (token) => resolve({ token }), error: reject });
    strategy.fail = (challenge, status) => reject(Object.assign(new Error(challenge?.message ?? "refused"), { kind: status === 403 ? "security_error" : "denied" }));
    strategy.authenticate({ query, session: user.session, headers: {}, connection: {} }, {});
  });
}

await serve({
  name: "passport-oauth2", version: "1.8.0",
  features: { pkce: true, state: "library" },
  describe(error) {
    const cause = error.oauthError ?? error, status = cause.statusCode;
    return { code: typeof error.code === "string" ? error.code : undefined, status, transport: Boolean(cause.code && cause.syscall), known: error instanceof OAuth2Strategy.InternalOAuthError || error instanceof OAuth2Strategy.TokenError || error instanceof OAuth2Strategy.AuthorizationError };
  },
  ops: {
    async begin(user, _, config) {
      return { authorize_url: (await run(user, config, {})).url };
    },
    async callback(user, { url }, config) {
      const { token } = await run(user, config, Object.fromEntries(new URL(url).searchParams));
      if (!token) throw Object.assign(new Error("redirected again"), { kind: "protocol_error" });
      user.token = stamped(token);
    },
  },
});
