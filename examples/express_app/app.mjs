// A web application: /connect sends the browser to Livestorm, /callback connects the account.
//
// Livestorm's hosts are constants, as in the application that is shipped. Against the fake:
//
//     npm ci
//     livestorm-mock run --auto-approve -- npm run try

import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import express from 'express';

const APP = 'https://app.livestorm.co';
const API = 'https://api.livestorm.co/v1';
const SECONDS = 10;

const clientId = process.env.LIVESTORM_CLIENT_ID ?? 'example-client-id';
const clientSecret = process.env.LIVESTORM_CLIENT_SECRET ?? 'example-client-secret';
const redirectUri = process.env.LIVESTORM_REDIRECT_URI ?? 'http://localhost:3000/callback';

const livestorm = axios.create({ timeout: SECONDS * 1000 });

// What a browser has begun, by its session: nobody else's callback finds it.
const begun = new Map();

const random = () => randomBytes(32).toString('base64url');

function sessionOf(request) {
  return /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
}

async function requestTokens(members) {
  const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...members });
  const { data } = await livestorm.post(`${APP}/oauth/token`, form);
  return data;
}

export const app = express();

app.get('/connect', (request, response) => {
  const [session, state, verifier] = [random(), random(), random()];
  begun.set(session, { state, verifier });
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'identity:read',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  response.cookie('session', session, { httpOnly: true, sameSite: 'lax' });
  response.redirect(`${APP}/oauth/authorize?${query}`);
});

app.get('/callback', async (request, response) => {
  const session = sessionOf(request);
  const expected = begun.get(session);
  begun.delete(session);
  if (expected === undefined || request.query.state !== expected.state) {
    response.status(400).json({ error: 'this browser has begun nothing of the kind' });
    return;
  }
  if (request.query.error !== undefined) {
    response.status(403).json({ error: request.query.error });
    return;
  }
  const tokens = await requestTokens({
    grant_type: 'authorization_code',
    code: request.query.code,
    redirect_uri: redirectUri,
    code_verifier: expected.verifier,
  });
  const { data: me } = await livestorm.get(`${API}/me`, {
    headers: { Authorization: `Bearer ${tokens.access_token}`, Accept: 'application/vnd.api+json' },
  });
  response.json({ connected: me.data.attributes.email });
});

app.use((error, request, response, next) => {
  const status = error.response?.status;
  const told = status === undefined ? 'Livestorm cannot be reached' : `Livestorm answered ${status}`;
  response.status(502).json({ error: told });
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
}
