// Sign in and ask who one is, over Node's own fetch.
const APP = 'https://app.livestorm.co';
const API = 'https://api.livestorm.co/v1';

const application = {
  client_id: process.env.LIVESTORM_CLIENT_ID,
  redirect_uri: process.env.LIVESTORM_REDIRECT_URI,
};

const query = new URLSearchParams({ ...application, response_type: 'code', scope: 'identity:read' });
const answer = await fetch(`${APP}/oauth/authorize?${query}`, { redirect: 'manual' });
const code = new URL(answer.headers.get('location')).searchParams.get('code');

const form = new URLSearchParams({
  ...application,
  grant_type: 'authorization_code',
  code,
  client_secret: process.env.LIVESTORM_CLIENT_SECRET,
});
const issued = await fetch(`${APP}/oauth/token`, { method: 'POST', body: form });
const { access_token } = await issued.json();

const me = await fetch(`${API}/me`, { headers: { authorization: `Bearer ${access_token}` } });
console.log(JSON.stringify({ email: (await me.json()).data.attributes.email }));
