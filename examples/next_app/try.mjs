// Connects an account as a browser would, and prints what the route handlers answer.
import { GET as callback } from './app/api/livestorm/callback/route.js';
import { GET as connect } from './app/api/livestorm/connect/route.js';
import { GET as me } from './app/api/livestorm/me/route.js';

const here = 'http://localhost:3000';
const begun = await connect(new Request(`${here}/api/livestorm/connect`));
const headers = { Cookie: begun.headers.get('set-cookie').split(';')[0] };
const consent = await fetch(begun.headers.get('location'), { redirect: 'manual' });
const back = await callback(new Request(consent.headers.get('location'), { headers }));
const to = back.headers.get('location');
const answer = to ? await me(new Request(here + to, { headers })) : back;
console.log(JSON.stringify(await answer.json()));
process.exitCode = answer.status === 200 ? 0 : 1;
