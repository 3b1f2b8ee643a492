// Sign in and ask who one is, over undici.
import { request } from 'undici';

const APP = 'https://app.livestorm.co';
const API = 'https://api.livestorm.co/v1';

const application = {
  client_id: process.env.LIVESTORM_CLIENT_ID,
  redirect_uri: process.env.LIVESTORM_REDIRECT_URI,
};

const query = new URLSearchParams({ ...application, response_type: 'code', scope: 'identity:read' });
const opened = await request(`${APP}/oauth/authorize?${query}`);
await opened.body.dump();
const code = new URL(opened.headers.location).searchParams.get('code');

const form = new URLSearchParams({
  ...application,
  grant_type: 'authorization_code',
  code,
  client_secret: process.env.LIVESTORM_CLIENT_SECRET,
});
const issued = await request(`${APP}/oauth/token`, {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: form.toString(),
});
const { access_token } = await issued.body.json();

const me = await request(`${API}/me`, { headers: { authorization: `Bearer ${access_token}` } });
console.log(JSON.stringify({ email: (await me.body.json()).data.attributes.email }));
