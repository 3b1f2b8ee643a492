// What the two route handlers share. Livestorm's hosts are constants, as in what is shipped.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const APP = 'https://app.livestorm.co';
export const API = 'https://api.livestorm.co/v1';
export const COOKIE = 'livestorm';
const SECONDS = 10;

// How Livestorm has registered the application.
export const settings = () => ({
  clientId: process.env.LIVESTORM_CLIENT_ID ?? 'example-client-id',
  clientSecret: process.env.LIVESTORM_CLIENT_SECRET ?? 'example-client-secret',
  redirectUri: process.env.LIVESTORM_REDIRECT_URI ?? 'http://localhost:3000/api/livestorm/callback',
});

export const draw = () => randomBytes(32).toString('base64url');

export const challengeOf = (verifier) =>
  createHash('sha256').update(verifier).digest('base64url');

export function same(one, other) {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a, b);
}

// Gives the JSON of a 2xx answer. Throws on any other, and says nothing of what was sent.
export async function ask(url, options = {}) {
  const answer = await fetch(url, {
    ...options,
    redirect: 'error',
    cache: 'no-store',
    signal: AbortSignal.timeout(SECONDS * 1000),
  });
  if (!answer.ok) throw new Error(`Livestorm answered ${answer.status}`);
  return answer.json();
}
