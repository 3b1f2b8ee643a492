// Livestorm for route handlers of Next.js, as a guide would write it.
export const settings = () => ({
  clientId: process.env.LIVESTORM_CLIENT_ID ?? 'example-client-id',
  clientSecret: process.env.LIVESTORM_CLIENT_SECRET ?? 'example-client-secret',
  redirectUri: process.env.LIVESTORM_REDIRECT_URI ?? 'http://localhost:3000/api/livestorm/callback',
  scopes: (process.env.LIVESTORM_SCOPES ?? 'identity:read').split(' '),
  authorizeUrl: process.env.LIVESTORM_AUTHORIZE_URL ?? 'https://app.livestorm.co/oauth/authorize',
  tokenUrl: process.env.LIVESTORM_TOKEN_URL ?? 'https://app.livestorm.co/oauth/token',
  apiUrl: process.env.LIVESTORM_API_URL ?? 'https://api.livestorm.co/v1',
});

// Gives the URL that the browser is sent to.
export function connect(session) {
  const { authorizeUrl, clientId, redirectUri, scopes } = settings();
  const asked = `response_type=code&client_id=${clientId}&redirect_uri=${redirectUri}`;
  return `${authorizeUrl}?${asked}&scope=${scopes.join('%20')}`;
}

// Connects the session whose browser came back with this.
export async function callback(session, query) {
  const form = { grant_type: 'authorization_code', code: query.get('code') };
  session.token = await getToken({ ...form, redirect_uri: settings().redirectUri });
}

// Refreshes the session's token now.
export async function refresh(session) {
  const form = { grant_type: 'refresh_token', refresh_token: session.token.refresh_token };
  session.token = await getToken(form);
}

// Asks for a token; gives it as it is stored.
async function getToken(form) {
  const { tokenUrl, clientId, clientSecret } = settings();
  const body = new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret });
  const answer = await fetch(tokenUrl, { method: 'POST', body });
  const token = await answer.json();
  return { ...token, expires_at: Date.now() / 1000 + token.expires_in };
}

// Calls the API; gives the document.
export async function call(session, method, path, body) {
  if (Date.now() / 1000 > session.token.expires_at) await refresh(session);
  const answer = await fetch(settings().apiUrl + path, {
    method,
    headers: { Authorization: `Bearer ${session.token.access_token}` },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`Livestorm answered ${answer.status}`);
  return answer.json();
}
