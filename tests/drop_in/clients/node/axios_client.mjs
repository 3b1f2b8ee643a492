// Sign in and ask who one is, over axios.
import axios from 'axios';

const APP = 'https://app.livestorm.co';
const API = 'https://api.livestorm.co/v1';

const application = {
  client_id: process.env.LIVESTORM_CLIENT_ID,
  redirect_uri: process.env.LIVESTORM_REDIRECT_URI,
};

const { headers } = await axios.get(`${APP}/oauth/authorize`, {
  params: { ...application, response_type: 'code', scope: 'identity:read' },
  maxRedirects: 0,
  validateStatus: (status) => status === 302,
});
const code = new URL(headers.location).searchParams.get('code');

const { data: issued } = await axios.post(`${APP}/oauth/token`, {
  ...application,
  grant_type: 'authorization_code',
  code,
  client_secret: process.env.LIVESTORM_CLIENT_SECRET,
});

const api = axios.create({ baseURL: API, headers: { Authorization: `Bearer ${issued.access_token}` } });
const { data: me } = await api.get('/me');
console.log(JSON.stringify({ email: me.data.attributes.email }));
