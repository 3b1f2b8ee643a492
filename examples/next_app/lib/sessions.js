// What is known of each browser, by a cookie. A Map serves one process: where there are several,
// put a store that they share in its place.
import { randomUUID } from 'node:crypto';

export const COOKIE = 'livestorm';
export const sessions = new Map();

// Gives the session of a request, a new one where there is none.
export function sessionOf(request) {
  const pairs = (request.headers.get('cookie') ?? '').split('; ').map((one) => one.split('='));
  const known = pairs.find(([name]) => name === COOKIE)?.[1];
  const id = sessions.has(known) ? known : randomUUID();
  if (!sessions.has(id)) sessions.set(id, { id });
  return sessions.get(id);
}
