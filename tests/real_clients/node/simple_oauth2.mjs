// One step of simple-oauth2's authorization code flow; the parameters are a JSON argument, the
// result is one line of JSON.

import { AuthorizationCode } from "simple-oauth2";

const given = JSON.parse(process.argv[2]);
const base = new URL(given.app_url);
const path = base.pathname.replace(/\/$/, "");

const client = new AuthorizationCode({
  client: { id: given.client_id, secret: given.client_secret },
  auth: {
    tokenHost: base.origin,
    tokenPath: `${path}/oauth/token`,
    revokePath: `${path}/oauth/revoke`,
    authorizePath: `${path}/oauth/authorize`,
  },
  options: given.options ?? {},
});

const steps = {
  authorize: ({ redirect_uri, scope, state }) => ({
    url: client.authorizeURL({ redirect_uri, scope, state }),
  }),
  exchange: async ({ code, redirect_uri }) => ({
    token: await client.getToken({ code, redirect_uri }),
  }),
  refresh: async ({ token }) => ({ token: await client.createToken(token).refresh() }),
  refresh_if_expired: async ({ token, window }) => {
    const accessToken = client.createToken(token);
    const expired = accessToken.expired(window);
    return { expired, token: expired ? await accessToken.refresh() : accessToken };
  },
  revoke: async ({ token, token_type }) => {
    await client.createToken(token).revoke(token_type);
    return {};
  },
  revoke_all: async ({ token }) => {
    await client.createToken(token).revokeAll();
    return {};
  },
};

try {
  console.log(JSON.stringify(await steps[given.step](given)));
} catch (error) {
  if (!error.isBoom) throw error;
  const { res, payload } = error.data;
  console.log(JSON.stringify({ status: res.statusCode, error: payload.error }));
}
