// GET /api/livestorm/callback: the browser comes back, and the account is connected.
import { API, APP, COOKIE, ask, same, settings } from '../../../../lib/livestorm.js';

export const dynamic = 'force-dynamic';

const told = (status, body) =>
  Response.json(body, {
    status,
    headers: { 'Set-Cookie': `${COOKIE}=; Path=/api/livestorm; Max-Age=0; HttpOnly` },
  });

function begun(request) {
  const pairs = (request.headers.get('cookie') ?? '').split('; ').map((one) => one.split('='));
  const kept = pairs.find(([name]) => name === COOKIE)?.[1];
  return kept?.split('.') ?? [];
}

export async function GET(request) {
  const [state, verifier] = begun(request);
  const query = new URL(request.url).searchParams;
  if (!state || !verifier || !same(state, query.get('state') ?? '')) {
    return told(400, { error: 'this browser has begun nothing of the kind' });
  }
  const code = query.get('code');
  if (!code) return told(403, { error: query.get('error') ?? 'there is no code' });
  try {
    return told(200, { connected: await connected(code, verifier) });
  } catch (error) {
    return told(502, { error: error.message });
  }
}

async function connected(code, verifier) {
  const { clientId, clientSecret, redirectUri } = settings();
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    client_id: clientId,
    client_secret: clientSecret,
  });
  const tokens = await ask(`${APP}/oauth/token`, { method: 'POST', body });
  if (typeof tokens?.access_token !== 'string') throw new Error('Livestorm gave no token');
  const headers = { Authorization: `Bearer ${tokens.access_token}` };
  const me = await ask(`${API}/me`, { headers });
  return me.data.attributes.email;
}
