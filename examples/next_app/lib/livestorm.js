// Livestorm for route handlers of Next.js. `naive/` is the same as a guide would write it; each
// comment here that begins with "Mends" names what the suite says of that one.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

const SECONDS = 10;
const MOST_BYTES = 1 << 20;
const LOOPBACK = /^(localhost|\[::1\]|127(\.\d+){3})$/;
const ONCE = ['code', 'state', 'error'];
const ANSWERS = { denied: 403, security_error: 400, reauth_required: 401, retry_later: 503 };

// Mends errors-not-read: what a caller does about a code of RFC 6749; any other is no such answer.
const KINDS = new Map([
  ['access_denied', 'denied'],
  ['invalid_grant', 'reauth_required'],
  ['server_error', 'retry_later'],
  ['temporarily_unavailable', 'retry_later'],
  ['invalid_client', 'config_error'],
  ['invalid_request', 'config_error'],
  ['invalid_scope', 'config_error'],
  ['unauthorized_client', 'config_error'],
  ['unsupported_grant_type', 'config_error'],
]);

export const settings = () => ({
  clientId: process.env.LIVESTORM_CLIENT_ID ?? 'example-client-id',
  clientSecret: process.env.LIVESTORM_CLIENT_SECRET ?? 'example-client-secret',
  redirectUri: process.env.LIVESTORM_REDIRECT_URI ?? 'http://localhost:3000/api/livestorm/callback',
  scopes: (process.env.LIVESTORM_SCOPES ?? 'identity:read').split(' '),
  authorizeUrl: process.env.LIVESTORM_AUTHORIZE_URL ?? 'https://app.livestorm.co/oauth/authorize',
  tokenUrl: process.env.LIVESTORM_TOKEN_URL ?? 'https://app.livestorm.co/oauth/token',
  apiUrl: process.env.LIVESTORM_API_URL ?? 'https://api.livestorm.co/v1',
});

// Mends unexpected-exception, secrets-shown: all that a caller has to expect, and nothing of the
// request or the answer in it but status and code. `wait` is in seconds.
export class LivestormError extends Error {
  name = 'LivestormError';

  constructor(kind, told, { code = null, status = null, wait = null } = {}) {
    super(`Livestorm: ${told}`);
    Object.assign(this, { kind, code, status, wait });
  }
}

// Mends unexpected-exception: whatever Livestorm does, the user gets an answer.
export async function answered(make) {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof LivestormError)) throw error;
    const { kind, code, status, wait, message } = error;
    const headers = wait ? { 'Retry-After': String(Math.ceil(wait)) } : {};
    const told = { error: message, kind, code, status };
    return Response.json(told, { status: ANSWERS[kind] ?? 502, headers });
  }
}

// Mends state-missing, pkce-wrong, authorization-request-wrong: drawn anew each time, kept where
// nobody else finds it, and encoded once.
// Gives the URL that the browser is sent to.
export function connect(session) {
  const { authorizeUrl, tokenUrl, apiUrl, clientId, redirectUri, scopes } = settings();
  for (const url of [authorizeUrl, tokenUrl, apiUrl]) checkConfidential(url);
  const [state, verifier] = [draw(), draw()];
  session.begun = { state, verifier };
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return `${authorizeUrl}?${asked}`;
}

const draw = () => randomBytes(32).toString('base64url');

// Mends state-missing, callback-error-ignored, code-sent-twice, callback-not-checked: the state is
// compared first and forgotten, so that a callback counts once.
// Connects the session whose browser came back with this.
export async function callback(session, query) {
  const { begun } = session;
  if (ONCE.some((name) => query.getAll(name).length > 1)) {
    throw new LivestormError('security_error', 'the callback says something twice');
  }
  if (!begun || !isSame(query.get('state') ?? '', begun.state)) {
    throw new LivestormError('security_error', 'this browser has begun nothing of the kind');
  }
  session.begun = null;
  const [code, error] = [query.get('code'), shown(query.get('error') ?? '')];
  if (error) {
    const kind = error === 'invalid_grant' ? 'protocol_error' : KINDS.get(error);
    throw new LivestormError(kind ?? 'protocol_error', `refused: ${error}`, { code: error });
  }
  if (!code) throw new LivestormError('protocol_error', 'the callback has neither code nor error');
  const { redirectUri, scopes } = settings();
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
  const token = await getToken({ ...form, code_verifier: begun.verifier });
  Object.assign(session, { token: { scope: scopes.join(' '), ...token }, needsReauth: false });
}

// In a time that tells nothing.
function isSame(given, expected) {
  const [one, other] = [given, expected].map((x) => createHash('sha256').update(x).digest());
  return timingSafeEqual(one, other);
}

// Mends no-refresh-lock: who comes while one is under way waits for what comes of that.
// Refreshes the session's token now.
export async function refresh(session) {
  session.refreshing ??= replaceToken(session).finally(() => {
    session.refreshing = null;
  });
  await session.refreshing;
}

// Mends refresh-token-lost, dead-grant-not-told, tokens-dropped-on-failure, failure-remembered: the
// old token goes when a new one is there; only `invalid_grant` needs the user.
async function replaceToken(session) {
  const spent = session.token;
  if (!spent?.refresh_token || session.needsReauth) {
    throw new LivestormError('reauth_required', 'there is nothing to refresh with');
  }
  const form = { grant_type: 'refresh_token', refresh_token: spent.refresh_token };
  try {
    const token = await getToken(form);
    if (session.token === spent) session.token = { ...spent, ...token };
  } catch (error) {
    if (session.token === spent) session.needsReauth = error.kind === 'reauth_required';
    throw error;
  }
}

// Mends token-request-wrong, report-does-not-fit: a refusal is one, and no success.
// Asks for a token; gives it as it is stored.
async function getToken(form) {
  const { tokenUrl, clientId, clientSecret } = settings();
  const body = new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret });
  const type = 'application/x-www-form-urlencoded';
  const headers = { Accept: 'application/json', 'Content-Type': type };
  const asked = Date.now() / 1000;
  const answer = await send('token', tokenUrl, { method: 'POST', headers, body: String(body) });
  const members = readJSON(answer.text);
  if (!isSuccess(answer) || 'error' in members) throw refused(answer.status, members.error);
  return readToken(members, answer.status, asked);
}

// Mends errors-not-read, foreign-text-passed-on: RFC 6749, section 5.2.
function refused(status, error) {
  const code = typeof error === 'string' ? shown(error) : null;
  const kind = status < 300 || status > 399 ? KINDS.get(code) : null;
  const told = `the token endpoint answered ${status} ${code ?? ''}`;
  return new LivestormError(kind ?? 'protocol_error', told, { code, status });
}

// Mends token-not-validated, lifetime-misread, value-of-wrong-type, other-grant-not-read: texts as
// token and scope, a number as lifetime, or it is unknown (RFC 6749, section 5.1).
function readToken({ access_token, refresh_token, token_type, expires_in, scope }, status, asked) {
  const isBearer = typeof token_type === 'string' && token_type.toLowerCase() === 'bearer';
  if (!isBearer || !isText(access_token) || (refresh_token && !isText(refresh_token))) {
    throw new LivestormError('protocol_error', `${status} without a token`, { status });
  }
  const isNumber = ['number', 'string'].includes(typeof expires_in);
  const isLifetime = isNumber && /^-?\d{1,10}(\.\d+)?$/.test(expires_in);
  return {
    access_token,
    ...(refresh_token && { refresh_token }),
    ...(typeof scope === 'string' && { scope }),
    expires_at: isLifetime ? asked + Number(expires_in) : null,
  };
}

const isText = (text) => typeof text === 'string' && /^[!-~]+$/.test(text);

// Mends unauthorized-not-mended: a 401 is tried once more, with another token.
// Calls the API; gives the document.
export async function call(session, method, path, body) {
  if (!/^\/(?!\/)/.test(path)) {
    throw new LivestormError('security_error', 'a path begins with one slash');
  }
  if (!session.token || session.needsReauth) {
    throw new LivestormError('reauth_required', 'the user is not connected');
  }
  if (hasExpired(session.token) && session.token.refresh_token) await refresh(session);
  const spent = session.token;
  let answer = await askAPI(spent, method, path, body);
  if (isOutdated(answer) && spent.refresh_token) {
    if (session.token === spent) await refresh(session);
    answer = await askAPI(session.token, method, path, body);
  }
  return readDocument(answer, path);
}

function askAPI(token, method, path, body) {
  const type = 'application/vnd.api+json';
  const headers = { Accept: type, Authorization: `Bearer ${token.access_token}` };
  if (body !== undefined) headers['Content-Type'] = type;
  const content = body === undefined ? undefined : JSON.stringify(body);
  return send('api', settings().apiUrl + path, { method, headers, body: content });
}

// Mends expiry-miscounted: a token of unknown lifetime is none that is over.
function hasExpired({ expires_at }) {
  return typeof expires_at === 'number' && Date.now() / 1000 >= expires_at;
}

const isSuccess = ({ status }) => status >= 200 && status < 300;

const isOutdated = (answer) => answer.status === 401 && !lacksScope(answer);

function lacksScope({ headers }) {
  const challenge = headers['www-authenticate'] ?? '';
  return /Bearer .*\berror="?insufficient_scope/.test(challenge);
}

// Mends no-document-taken, api-error-not-shown: what the API says of an error is passed on.
function readDocument(answer, path) {
  const { status, headers, text } = answer;
  const document = readJSON(text);
  const isEmpty = status === 204 || (path === '/ping' && text === '');
  const isDocument = 'data' in document && !('errors' in document);
  if (isSuccess(answer) && (isEmpty || isDocument)) return document;
  let kind = status === 403 || lacksScope(answer) ? 'config_error' : 'protocol_error';
  if (isOutdated(answer)) kind = 'reauth_required';
  const told = [`the API answered ${status}`, ...words(document), headers['www-authenticate']];
  throw new LivestormError(kind, shown(told.filter(Boolean).join('; ')), { status });
}

function words({ errors }) {
  const listed = Array.isArray(errors) ? errors.slice(0, 3) : [];
  const told = listed.flatMap((one) => [one?.title, one?.detail]);
  return told.filter((text) => typeof text === 'string');
}

// Mends no-time-out: for the whole of it, not for each read.
async function send(limit, url, options) {
  checkConfidential(url);
  checkPause(limit);
  const signal = AbortSignal.timeout(SECONDS * 1000);
  try {
    return available(limit, await exchange(url, { ...options, agent: false, signal }));
  } catch (error) {
    if (error instanceof LivestormError) throw error;
    const told = `no whole answer came: ${error.code ?? error.name}`;
    throw new LivestormError('transport_error', told);
  }
}

// Mends redirects-followed-with-secrets, body-misread: nothing is followed, and what is no whole
// answer is none. The fetch of Node 20 takes one without its last chunk (nodejs/undici#5273).
function exchange(url, { body, ...options }) {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const receive = async (answer) => {
      const text = await readText(answer);
      if (!answer.complete) throw new LivestormError('transport_error', 'the answer was cut');
      return { status: answer.statusCode, headers: answer.headers, text };
    };
    request(url, options, (answer) => receive(answer).then(resolve, reject))
      .on('error', reject)
      .end(body);
  });
}

// Mends answers-unbounded: what is too long is left.
async function readText(answer) {
  const pieces = [];
  let length = 0;
  for await (const piece of answer) {
    pieces.push(piece);
    length += piece.length;
    if (length > MOST_BYTES) throw new LivestormError('protocol_error', 'the answer is too long');
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

// Mends plain-http-used: a secret goes nowhere without TLS but on this machine.
function checkConfidential(url) {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !LOOPBACK.test(hostname)) {
    throw new LivestormError('security_error', 'plain http is for this machine only');
  }
}

export const freeAt = new Map();

// Mends retry-after-not-read: who comes too early is told so, and sends nothing.
function checkPause(limit) {
  const wait = secondsUntil(freeAt.get(limit) ?? 0);
  if (wait) throw new LivestormError('retry_later', 'a limit is reached', { wait });
}

function pause(limit, seconds) {
  freeAt.set(limit, Math.max(Date.now() + seconds * 1000, freeAt.get(limit) ?? 0));
}

// Mends outage-misnamed, limit-taken-for-logout: it passes, so nobody has to connect again.
function available(limit, answer) {
  const { status, headers } = answer;
  const isUsedUp = headers['ratelimit-interval-remaining'] === '0';
  if (status < 300 && isUsedUp) pause(limit, 1);
  if (status !== 429 && status < 500) return answer;
  const wait = status === 429 || status === 503 ? readRetryAfter(headers) : 0;
  pause(limit, wait);
  const told = `the server answered ${status}`;
  throw new LivestormError('retry_later', told, { status, wait: wait || null });
}

// Mends retry-after-not-read: seconds or a date (RFC 9110, section 10.2.3); nonsense is nothing.
function readRetryAfter(headers) {
  const text = (headers['retry-after'] ?? '').trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const isDate = /^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(text);
  if (text) return isDate ? secondsUntil(Date.parse(text)) : 0;
  const reset = headers['ratelimit-reset'] ?? '';
  const isUsedUp = headers['ratelimit-monthly-remaining'] === '0' && /^\d{10}$/.test(reset);
  return isUsedUp ? secondsUntil(reset * 1000) : 0;
}

const secondsUntil = (moment) => Math.max(0, (moment - Date.now()) / 1000 || 0);

// Mends jsonapi-error-taken-for-token, odd-answer-breaks: what is no object has no members.
function readJSON(text) {
  try {
    const members = JSON.parse(text);
    return typeof members === 'object' && !Array.isArray(members) ? (members ?? {}) : {};
  } catch {
    return {};
  }
}

// Mends foreign-text-passed-on: short, and one line.
const shown = (text) => [...text].slice(0, 200).join('').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
