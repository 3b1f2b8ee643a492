// Connects an account as a browser would, and prints what the route handlers answer.
import { GET as callback } from './app/api/livestorm/callback/route.js';
import { GET as connect } from './app/api/livestorm/connect/route.js';

const begun = await connect();
const cookie = begun.headers.get('set-cookie').split(';')[0];
const consent = await fetch(begun.headers.get('location'), { redirect: 'manual' });
const back = new Request(consent.headers.get('location'), { headers: { Cookie: cookie } });
const answer = await callback(back);
console.log(JSON.stringify(await answer.json()));
process.exitCode = answer.status === 200 ? 0 : 1;
