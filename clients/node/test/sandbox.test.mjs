import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { test } from "node:test";

import { useLivestorm } from "livestorm-mock/node-test";

const livestorm = useLivestorm({ rateLimits: false, sandbox: { auto_approve: true } });

// Exchanges a code as a client does; gives the answer.
async function exchange(sandbox, location) {
  const code = new URL(location).searchParams.get("code");
  return fetch(`${sandbox.appUrl}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: sandbox.redirectUri,
      client_id: sandbox.clientId,
      client_secret: sandbox.clientSecret,
    }),
  });
}

function me(sandbox, { access_token: token }) {
  return fetch(`${sandbox.apiUrl}/me`, { headers: { Authorization: `Bearer ${token}` } });
}

test("a client connects, and its token expires", async () => {
  const { sandbox } = livestorm;
  const location = await sandbox.authorize({ state: "xyz" });
  assert.equal(new URL(location).searchParams.get("state"), "xyz");
  const pair = await (await exchange(sandbox, location)).json();
  assert.equal((await me(sandbox, pair)).status, 200);
  const before = await sandbox.clock.read();
  const { now } = await sandbox.clock.advance(pair.expires_in + 1);
  assert.ok(now - before.now > pair.expires_in);
  assert.equal((await me(sandbox, pair)).status, 401);
});

test("each test has a sandbox of its own", async () => {
  assert.deepEqual(await livestorm.sandbox.journal.list(), []);
  assert.notEqual(livestorm.sandbox.id, livestorm.server.id);
});

test("a fault strikes as often as it is told, and is counted", async () => {
  const { sandbox } = livestorm;
  const pair = await sandbox.tokens.issue();
  const fault = await sandbox.faults.arm({ on: "api.me", fault: "rate_limited", times: 1 });
  assert.equal((await me(sandbox, pair)).status, 429);
  assert.equal((await me(sandbox, pair)).status, 200);
  assert.equal(await sandbox.faults.hits(fault.id), 1);
  await sandbox.faults.disarm(fault.id);
  assert.deepEqual(await sandbox.faults.list(), []);
  await assert.rejects(sandbox.faults.hits(fault.id), RangeError);
});

test("the journal tells what was asked, and the audit what was wrong", async () => {
  const { sandbox } = livestorm;
  await fetch(`${sandbox.apiUrl}/me?access_token=in-the-query`);
  const [seen] = await sandbox.journal.waitFor({ endpoint: "api.me" });
  assert.equal(seen.response.status, 401);
  assert.deepEqual(await sandbox.journal.list({ status: 200 }), []);
  assert.ok((await sandbox.audit()).length > 0);
  assert.match(await sandbox.journal.mermaid(), /^sequenceDiagram/);
  assert.equal((await sandbox.journal.har()).log.entries.length, 1);
  await sandbox.journal.clear();
  assert.deepEqual(await sandbox.journal.waitFor({}, 0), []);
});

test("tokens are issued, expired and revoked", async () => {
  const { sandbox } = livestorm;
  const [expired, revoked] = [await sandbox.tokens.issue(), await sandbox.tokens.issue()];
  await sandbox.tokens.expire(expired.access_token);
  await sandbox.tokens.revoke(revoked.refresh_token);
  assert.equal((await me(sandbox, expired)).status, 401);
  assert.equal((await me(sandbox, revoked)).status, 401);
});

test("applications are registered, and their secrets change", async () => {
  const { sandbox } = livestorm;
  const given = { name: "Second", redirect_uris: ["https://second.test/callback"] };
  const registered = await sandbox.applications.register(given);
  const rotated = await sandbox.applications.rotateSecret(registered.client_id);
  assert.notEqual(rotated.client_secret, registered.client_secret);
});

test("a webhook reaches a server, and is tried again", async () => {
  const { sandbox } = livestorm;
  const statuses = [500, 204];
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(statuses.shift()).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}/hooks`;
  const [first] = await sandbox.webhooks.deliver({ event: "job.ended", url, retries: [60] });
  assert.equal(first.state, "pending");
  await sandbox.clock.advance(60);
  const [delivery] = await sandbox.webhooks.list();
  assert.equal(delivery.state, "delivered");
  assert.deepEqual(delivery.attempts.map((one) => one.status), [500, 204]);
  server.close();
});

test("a scenario is put, and a sandbox reset", async () => {
  const { sandbox } = livestorm;
  await sandbox.put("rate_limited");
  assert.equal((await sandbox.faults.list()).length, 1);
  await sandbox.put({ toml: 'title = "Mine"' });
  assert.deepEqual(await sandbox.faults.list(), []);
  await sandbox.clock.freeze();
  await sandbox.reset();
  assert.equal((await sandbox.clock.read()).frozen, false);
});

test("a state brings back what there was", async () => {
  const { sandbox } = livestorm;
  await sandbox.faults.arm({ on: "api", fault: "reset" });
  const state = await sandbox.state();
  await sandbox.put("happy_path");
  await sandbox.restore(state);
  assert.deepEqual(await sandbox.state(), state);
  assert.equal((await sandbox.faults.list()).length, 1);
});

test("requests wait at a barrier until it is released", async () => {
  const { sandbox } = livestorm;
  const { id } = await sandbox.faults.arm({ on: "api.ping", fault: "barrier", parties: 2 });
  const waiting = fetch(`${sandbox.apiUrl}/ping`);
  while ((await sandbox.faults.hits(id)) === 0);
  await sandbox.faults.release(id);
  assert.equal((await waiting).status, 401);
});

test("CommonJS has the same", () => {
  const require = createRequire(import.meta.url);
  assert.equal(typeof require("livestorm-mock").start, "function");
  assert.equal(typeof require("livestorm-mock/node-test").useLivestorm, "function");
});
