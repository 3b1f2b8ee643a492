// Connects an account as a browser would, and prints what the route handlers answer.
import { GET as callback } from './app/api/livestorm/callback/route.js';
import { GET as connect } from './app/api/livestorm/connect/route.js';

const begun = await connect();
const cookie = begun.headers.get('set-cookie').split(';')[0];
const consent = await fetch(begun.headers.get('location'), { redirect: 'manual' });
const { search } = new URL(consent.headers.get('location'));
// Next.js gives the handler a request with the query that came to the redirect URI.
const address = `http://localhost:3000/api/livestorm/callback${search}`;
const answer = await callback(new Request(address, { headers: { Cookie: cookie } }));
console.log(JSON.stringify(await answer.json()));
process.exitCode = answer.status === 200 ? 0 : 1;
