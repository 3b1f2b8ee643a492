// Connects an account as a browser would, and prints what the application answers.

import axios from 'axios';
import { app } from './app.mjs';

const browser = axios.create({ maxRedirects: 0, validateStatus: null, timeout: 10_000 });

const server = app.listen(0, '127.0.0.1', async () => {
  const here = `http://127.0.0.1:${server.address().port}`;
  const connect = await browser.get(`${here}/connect`);
  const cookie = connect.headers['set-cookie'][0].split(';')[0];
  const consent = await browser.get(connect.headers.location);
  const { search } = new URL(consent.headers.location);
  // The redirect URI is the application's public one; here it is at its port.
  const callback = await browser.get(`${here}/callback${search}`, { headers: { Cookie: cookie } });
  console.log(JSON.stringify(callback.data));
  process.exitCode = callback.status === 200 ? 0 : 1;
  server.close();
  server.closeAllConnections();
});
