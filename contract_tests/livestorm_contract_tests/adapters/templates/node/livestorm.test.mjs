// A first test: `livestorm-mock serve` is a fake Livestorm, and each test has a sandbox of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, beforeEach, test } from "node:test";
import { Client } from "./livestorm_example.mjs"; // YOURS

let server, sandbox;

async function control(url, body) {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json();
}

async function connect() {
  const { app_url, api_url, client_id, client_secret, redirect_uris } = sandbox;
  const client = new Client({
    authorize_url: `${app_url}/oauth/authorize`,
    token_url: `${app_url}/oauth/token`,
    api_base: api_url,
    client_id,
    client_secret,
    redirect_uri: redirect_uris[0],
    scopes: ["identity:read"],
  });
  // The user at the browser:
  const { location } = await control(`${sandbox.control_url}/authorize`, { url: client.begin(), decision: "approve" });
  await client.callback(location);
  return client;
}

before(async () => {
  const options = ["serve", "--port", "0", "--json", "--quiet", "--exit-with-parent"];
  const child = spawn("livestorm-mock", options, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await Promise.race([once(child.stdout, "data"), once(child, "error").then(([error]) => Promise.reject(error))]);
  server = { child, ...JSON.parse(line) };
});
beforeEach(async () => { sandbox = await control(`${server.control_url}/sandboxes`, {}); });
after(() => server?.child.stdin.end());

test("a connected user can call", async () => {
  const client = await connect();
  assert.equal(await client.call("GET", "/me"), 200);
});

test("a limit is told with its wait", async () => {
  const client = await connect();
  await control(`${sandbox.control_url}/faults`, { on: "api.me", fault: "rate_limited", retry_after: 2 });
  await assert.rejects(client.call("GET", "/me"), { kind: "retry_later", wait: 2 });
});
