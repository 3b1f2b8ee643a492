// Puts client.js to the suite: livestorm-mock check --client "node adapter.js"
// It stands in the place of the Express application: its routes, its sessions and its error handler.

import { createHash } from "node:crypto";
import { parse } from "node:querystring"; // as Express 5 reads queries
import { createInterface } from "node:readline";
import { inspect } from "node:util";
import { connectLivestorm } from "./client.js";

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const fingerprint = (text) => (typeof text === "string" ? `sha256:${sha256(text)}` : null);

let livestorm, sessions;

function configure({ config }) {
  livestorm = connectLivestorm({
    authorizeUrl: config.authorize_url,
    tokenUrl: config.token_url,
    apiUrl: config.api_base,
    clientId: config.client_id,
    clientSecret: config.client_secret,
    redirectUri: config.redirect_uri,
    scopes: config.scopes,
  });
  sessions = new Map();
}

const commands = {
  begin: (session) => ({ authorize_url: livestorm.login(session) }),
  callback: (session, { url }) => livestorm.callback(session, parse(new URL(url).search.slice(1))),
  refresh: (session) => livestorm.refresh(session),
  async call(session, { path, method, body }) {
    await livestorm.call(session, path, method, body);
  },
  seed(session, { token }) {
    session.token = token;
    session.expiresAt = token.expires_at ? token.expires_at * 1000 : undefined;
  },
  state({ token, expiresAt }) {
    if (!token) return { token: null, needs_reauth: true };
    return {
      token: {
        access_token: fingerprint(token.access_token),
        refresh_token: fingerprint(token.refresh_token),
        expires_at: expiresAt && expiresAt / 1000,
      },
      needs_reauth: false,
    };
  },
};

// What the application's error handler gets. An error without a `kind` is one that nobody expects.
function failed(error) {
  const { kind = "bug", code = null, status = null } = error;
  const told = { class: error.name, code, http_status: status, message: error.message, repr: inspect(error) };
  return { kind, error: told };
}

async function reply({ type, op, user = "u1", ...message }) {
  if (type === "configure") configure(message);
  if (type !== "command") return { kind: "ok" };
  if (!Object.hasOwn(commands, op)) return { kind: "unsupported", reason: `no ${op}` };
  if (!sessions.has(user)) sessions.set(user, {});
  const session = sessions.get(user);
  const run = async () => {
    try {
      return { kind: "ok", ...(await commands[op](session, message)) };
    } catch (error) {
      return failed(error);
    }
  };
  if (!(message.parallel > 1)) return run();
  const results = await Promise.all(Array.from({ length: message.parallel }, run));
  return { ...(results.find((one) => one.kind !== "ok") ?? results[0]), results };
}

send({
  type: "ready",
  protocol: 1,
  client: { name: "naive-axios", version: "1", language: `node ${process.versions.node}`, stack: ["axios"] },
  ops: Object.keys(commands),
  features: {
    refresh: "auto",
    refresh_ahead: true,
    parallel: true,
    parallel_calls: 50,
    base_path: true,
    logs: ["stderr"],
  },
});
createInterface({ input: process.stdin }).on("line", async (line) => {
  const message = JSON.parse(line);
  send({ ...(await reply(message)), type: "result", id: message.id });
});
