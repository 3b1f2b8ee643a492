// Sign in and ask who one is, over node:https.
import https from 'node:https';
import { text } from 'node:stream/consumers';

const APP = 'https://app.livestorm.co';
const API = 'https://api.livestorm.co/v1';

const application = {
  client_id: process.env.LIVESTORM_CLIENT_ID,
  redirect_uri: process.env.LIVESTORM_REDIRECT_URI,
};

function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, options, async (response) => {
      resolve({ headers: response.headers, body: await text(response) });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const query = new URLSearchParams({ ...application, response_type: 'code', scope: 'identity:read' });
const { headers } = await send(`${APP}/oauth/authorize?${query}`, {});
const code = new URL(headers.location).searchParams.get('code');

const form = new URLSearchParams({
  ...application,
  grant_type: 'authorization_code',
  code,
  client_secret: process.env.LIVESTORM_CLIENT_SECRET,
});
const posting = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
const issued = await send(`${APP}/oauth/token`, posting, form.toString());

const authorization = `Bearer ${JSON.parse(issued.body).access_token}`;
const me = await send(`${API}/me`, { headers: { authorization } });
console.log(JSON.stringify({ email: JSON.parse(me.body).data.attributes.email }));
