// Puts the route handlers to the suite: livestorm-mock check --client "node adapter.mjs app"
// `node adapter.mjs naive` is what a guide would write. The adapter stands in place of Next.js and
// of the browsers: it hands the handlers their requests, with the cookie of the user's session.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import { COOKIE, sessions } from './lib/sessions.js';

const isNaive = process.argv[2] === 'naive';
const folder = isNaive ? './naive' : '.';
const livestorm = await import(`${folder}/lib/livestorm.js`);
const { GET: connect } = await import(`${folder}/app/api/livestorm/connect/route.js`);
const { GET: callback } = await import(`${folder}/app/api/livestorm/callback/route.js`);

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
// What is no text is told as it is, for the report to name it.
const named = (text) => (typeof text === 'string' ? `sha256:${sha256(text)}` : (text ?? null));
const asks = (session, url) => new Request(url, { headers: { Cookie: `${COOKIE}=${session.id}` } });

function configure({ config }) {
  sessions.clear();
  livestorm.freeAt?.clear();
  Object.assign(process.env, {
    LIVESTORM_CLIENT_ID: config.client_id,
    LIVESTORM_CLIENT_SECRET: config.client_secret,
    LIVESTORM_REDIRECT_URI: config.redirect_uri,
    LIVESTORM_SCOPES: config.scopes.join(' '),
    LIVESTORM_AUTHORIZE_URL: config.authorize_url,
    LIVESTORM_TOKEN_URL: config.token_url,
    LIVESTORM_API_URL: config.api_base,
  });
}

const commands = {
  async begin(session) {
    const answer = await connect(asks(session, 'http://localhost/api/livestorm/connect'));
    return answer.status === 302 ? { authorize_url: answer.headers.get('location') } : told(answer);
  },
  async callback(session, { url }) {
    const answer = await callback(asks(session, url));
    return answer.status === 303 ? {} : told(answer);
  },
  refresh: (session) => livestorm.refresh(session),
  async call(session, { method = 'GET', path, body = {} }) {
    const content = ['POST', 'PUT', 'PATCH'].includes(method) ? body : undefined;
    await livestorm.call(session, method, path, content);
  },
  seed(session, { token }) {
    livestorm.freeAt?.clear();
    Object.assign(session, { token, needsReauth: false });
  },
  state({ token, needsReauth = false }) {
    if (!token) return { token: null, needs_reauth: false };
    const { access_token, refresh_token, expires_at, scope } = token;
    const hashes = [access_token, refresh_token].map(named);
    const held = { access_token: hashes[0], refresh_token: hashes[1], expires_at, scope };
    return { token: held, needs_reauth: needsReauth };
  },
};

// What a handler tells its user of a failure.
async function told(answer) {
  const { error: message, kind, code, status } = await answer.json();
  const wait = answer.headers.get('retry-after');
  const error = { message, code, http_status: status };
  return { kind, error, not_before_s: wait && Number(wait) };
}

// What Next.js gets. An error without a `kind` is one that nobody expects.
function failed(error) {
  const { kind = 'bug', status = null, wait = null, name, message } = error;
  const code = typeof error.code === 'string' ? error.code : null;
  const shown = { class: name, code, http_status: status, message, repr: inspect(error) };
  return { kind, error: shown, not_before_s: wait };
}

async function reply({ type, op, user = 'u1', ...message }) {
  if (type === 'configure') configure(message);
  if (type !== 'command') return { kind: 'ok' };
  if (!Object.hasOwn(commands, op)) return { kind: 'unsupported', reason: `no ${op}` };
  const id = sha256(user);
  if (!sessions.has(id)) sessions.set(id, { id });
  const run = async () => {
    try {
      return { kind: 'ok', ...(await commands[op](sessions.get(id), message)) };
    } catch (error) {
      return failed(error);
    }
  };
  if (!(message.parallel > 1)) return run();
  const results = await Promise.all(Array.from({ length: message.parallel }, run));
  return { ...(results.find((one) => one.kind !== 'ok') ?? results[0]), results };
}

send({
  type: 'ready',
  protocol: 1,
  client: {
    name: `next-${isNaive ? 'naive' : 'repaired'}`,
    version: '1',
    language: `node ${process.versions.node}`,
    stack: ['fetch'],
  },
  ops: Object.keys(commands),
  features: {
    refresh: 'auto',
    refresh_ahead: true,
    on_401: !isNaive,
    parallel: true,
    parallel_calls: 50,
    pkce: !isNaive,
    base_path: true,
    state: 'library',
    logs: ['stderr'],
  },
});
createInterface({ input: process.stdin }).on('line', async (line) => {
  const message = JSON.parse(line);
  send({ type: 'result', id: message.id, ...(await reply(message)) });
});
