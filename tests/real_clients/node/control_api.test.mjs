// All that the control API offers, driven over HTTP only. The environment variable LIVESTORM_MOCK
// holds the line that `livestorm-mock serve --json` prints.

import { setTimeout as pause } from "node:timers/promises";
import assert from "node:assert/strict";
import { test } from "node:test";

import { EventSource } from "eventsource";
import har from "har-validator";
import mermaid from "mermaid";

const server = JSON.parse(process.env.LIVESTORM_MOCK);

// What kinds need beyond `on` and `fault`, and what keeps them short.
const PARAMETERS = {
  api_error: { status: 503 },
  barrier: { parties: 1 },
  callback: { variant: "wrong_state" },
  delay: { seconds: 0 },
  drip: { size: 1000, seconds: 0 },
  endless_headers: { megabytes: 1 },
  hang: { seconds: 0.02 },
  huge_body: { megabytes: 1 },
  oauth_error: { error: "invalid_grant" },
  sequence: { steps: [502, "ok"] },
  token_body: { variant: "array" },
  token_fields: { drop: ["refresh_token"] },
  token_lifetime: { expires_in: 60 },
};

// Where kinds strike that have nothing to do at api.me.
const PLACES = {
  callback: "authorize",
  token_body: "token",
  token_fields: "token",
  token_lifetime: "token",
};

class Sandbox {
  static async open(body = {}) {
    const answer = await fetch(`${server.control_url}/sandboxes`, post(body));
    assert.equal(answer.status, 201);
    return new Sandbox(await answer.json());
  }

  constructor(described) {
    Object.assign(this, described);
  }

  // Calls the control API; gives the body, parsed, and asserts the status.
  async control(method, path, body, status = 200) {
    const answer = await fetch(`${this.control_url}/${path}`, { ...post(body), method });
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    return text && JSON.parse(text);
  }

  arm(on, fault, keys = {}) {
    return this.control("POST", "faults", { on, fault, ...keys }, 201);
  }

  me(token) {
    return fetch(`${this.api_url}/me`, { headers: { Authorization: `Bearer ${token}` } });
  }

  token(members) {
    const { client_id, client_secret } = this;
    const body = new URLSearchParams({ client_id, client_secret, ...members });
    return fetch(`${this.app_url}/oauth/token`, { method: "POST", body });
  }

  authorize() {
    const { client_id, redirect_uris } = this;
    const query = { client_id, redirect_uri: redirect_uris[0], response_type: "code" };
    const url = `${this.app_url}/oauth/authorize?${new URLSearchParams(query)}`;
    return fetch(url, { redirect: "manual" });
  }

  strike(place, { access_token, refresh_token }) {
    if (place === "authorize") return this.authorize();
    return place === "token" ? this.refresh(refresh_token) : this.me(access_token);
  }

  refresh(refresh_token) {
    return this.token({ grant_type: "refresh_token", refresh_token });
  }

  async journal(query = "") {
    return (await this.control("GET", `journal${query}`)).exchanges;
  }
}

function post(body) {
  const headers = { "Content-Type": "application/json" };
  return body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
}

function scenario(toml) {
  return Sandbox.open().then(async (sandbox) => {
    const described = await sandbox.control("PUT", "scenario", { toml });
    return Object.assign(sandbox, described);
  });
}

async function kinds() {
  const described = await (await fetch(`${server.control_url}/openapi.json`)).json();
  return Object.keys(described.components.schemas.Fault.discriminator.mapping);
}

test("every kind can be armed, strikes once, and leaves the next request clean", async (t) => {
  const unlimited = { provider: { rate_limits: false } };
  for (const kind of (await kinds()).filter((one) => one !== "tls")) {
    await t.test(kind, async () => {
      const sandbox = await Sandbox.open(unlimited);
      const tokens = await sandbox.control("POST", "tokens", {});
      const keys = { times: 1, ...PARAMETERS[kind] };
      const place = PLACES[kind] ?? "api.me";
      const { id } = await sandbox.arm(place, kind, keys);
      // Node may leave the text of a broken gzip body pending for ever.
      const read = sandbox.strike(place, tokens).then((answer) => answer.text()).catch(() => {});
      const given_up = new AbortController();
      const { signal } = given_up;
      await Promise.race([read, pause(5000, undefined, { signal }).catch(() => {})]);
      given_up.abort();
      const { faults } = await sandbox.control("GET", "faults");
      assert.deepEqual(faults.map((one) => [one.id, one.hits]), [[id, 1]]);
      const [struck] = await sandbox.journal(`?fault=${kind}`);
      assert.equal(struck.fault.id, id);
      await sandbox.control("DELETE", `faults/${id}`, undefined, 204);
      const { access_token: fresh } = await sandbox.control("POST", "tokens", {});
      assert.equal((await sandbox.me(fresh)).status, 200);
    });
  }
});

test("a fault of the handshake is refused where there is no TLS", async () => {
  const sandbox = await Sandbox.open();
  const keys = { on: "connection", fault: "tls", variant: "expired" };
  const { error } = await sandbox.control("POST", "faults", keys, 422);
  assert.match(error, /TLS/);
});

test("a lost refresh has happened, which store and journal tell", async () => {
  const sandbox = await Sandbox.open({ provider: { rotation: "instant" } });
  const { refresh_token } = await sandbox.control("POST", "tokens", {});
  await sandbox.arm("token.refresh_token", "reset", { phase: "after", times: 1 });
  await assert.rejects(sandbox.refresh(refresh_token));
  const [lost] = await sandbox.journal();
  assert.equal(lost.response, null);
  const [sent, issued] = lost.tokens;
  assert.equal(sent.refresh_token, refresh_token);
  assert.equal(issued.refreshed_from, refresh_token);
  assert.equal((await sandbox.refresh(refresh_token)).status, 400);
  assert.equal((await sandbox.me(issued.access_token)).status, 200);
});

test("a sequence goes step by step, under conditions", async () => {
  const sandbox = await Sandbox.open();
  const { access_token } = await sandbox.control("POST", "tokens", {});
  const when = { client_id: sandbox.client_id, method: "GET" };
  await sandbox.arm("api", "sequence", { steps: ["ok", 500, "reset", "ok"], when });
  const seen = [];
  for (let call = 0; call < 5; call += 1) {
    seen.push(await sandbox.me(access_token).then((answer) => answer.status, () => "reset"));
  }
  assert.deepEqual(seen, [200, 500, "reset", 200, 200]);
});

test("a request asks for its own fault", async () => {
  const sandbox = await Sandbox.open();
  const headers = { "X-Livestorm-Mock-Fault": "rate_limited; retry_after=2" };
  const answer = await fetch(`${sandbox.api_url}/ping`, { headers });
  assert.deepEqual([answer.status, answer.headers.get("retry-after")], [429, "2"]);
});

test("two refreshes wait for each other at a barrier", async () => {
  const sandbox = await Sandbox.open({ provider: { rotation: "instant" } });
  const { refresh_token } = await sandbox.control("POST", "tokens", {});
  await sandbox.arm("token.refresh_token", "barrier", { parties: 2 });
  const answers = await Promise.all([1, 2].map(() => sandbox.refresh(refresh_token)));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 400]);
});

test("the control API releases who waits at a barrier", async () => {
  const sandbox = await Sandbox.open();
  const { refresh_token } = await sandbox.control("POST", "tokens", {});
  const { id } = await sandbox.arm("token.refresh_token", "barrier", { parties: 9 });
  const waiting = sandbox.refresh(refresh_token);
  while ((await sandbox.journal()).length === 0);
  await sandbox.control("POST", `faults/${id}/release`);
  assert.equal((await waiting).status, 200);
});

test("what can't be armed is refused with the near miss", async () => {
  const sandbox = await Sandbox.open();
  const wrong = [
    [{ on: "token.refresh", fault: "reset" }, "token.refresh_token"],
    [{ on: "token", fault: "reste" }, "reset"],
    [{ on: "token", fault: "reset", tmies: 1 }, "times"],
  ];
  for (const [fault, near] of wrong) {
    const { error } = await sandbox.control("POST", "faults", fault, 422);
    assert.ok(error.includes(`did you mean '${near}'`), error);
  }
});

test("the clock moves, stands still and runs on", async () => {
  const sandbox = await Sandbox.open();
  const { access_token } = await sandbox.control("POST", "tokens", {});
  const { now } = await sandbox.control("POST", "clock", { freeze: true });
  const later = await sandbox.control("POST", "clock", { advance: 7201 });
  assert.deepEqual(later, { now: now + 7201, frozen: true });
  const refused = await sandbox.me(access_token);
  assert.equal(refused.status, 401);
  assert.equal(Date.parse(refused.headers.get("date")), Math.floor(now + 7201) * 1000);
  assert.equal((await sandbox.control("POST", "clock", { resume: true })).frozen, false);
  assert.equal((await sandbox.control("POST", "clock", { set: now })).now >= now, true);
  assert.equal((await sandbox.me(access_token)).status, 200);
});

test("a long poll and a stream see what the client does", async () => {
  const sandbox = await Sandbox.open();
  const source = new EventSource(`${sandbox.control_url}/journal/stream?endpoint=api.ping`);
  const streamed = new Promise((resolve) => source.addEventListener("exchange", resolve));
  const polled = sandbox.journal("?endpoint=api.ping&wait=30");
  await fetch(`${sandbox.api_url}/ping`);
  const event = await streamed;
  source.close();
  assert.deepEqual(await polled, [JSON.parse(event.data)]);
  assert.equal(event.lastEventId, "1");
});

test("the journal is exported as HAR and as Mermaid, which their readers take", async () => {
  const sandbox = await Sandbox.open({ auto_approve: true });
  const ask = new URLSearchParams({
    response_type: "code",
    client_id: sandbox.client_id,
    redirect_uri: sandbox.redirect_uris[0],
    state: "<&;#:'\"\n>",
  });
  await fetch(`${sandbox.app_url}/oauth/authorize?${ask}`, { redirect: "manual" });
  const { refresh_token, access_token } = await sandbox.control("POST", "tokens", {});
  await sandbox.arm("api.me", "close", { times: 1 });
  await assert.rejects(sandbox.me(access_token));
  await sandbox.arm("api.me", "garbage", { times: 1 });
  await sandbox.me(access_token);
  await sandbox.control("POST", "clock", { advance: 7201 });
  await sandbox.refresh(refresh_token);
  await sandbox.token({ grant_type: "#;<b>", client_id: "a;b#c: \"d\" end\nloop" });
  await fetch(`${sandbox.app_url}/oauth/;#x`, { method: "DELETE" });

  await har.har(await sandbox.control("GET", "journal/har"));
  const diagram = await (await fetch(`${sandbox.control_url}/journal/mermaid`)).text();
  assert.equal((await mermaid.parse(diagram)).diagramType, "sequence");
  assert.ok(!diagram.includes(refresh_token));
});

test("the audit names what the client did wrong", async () => {
  const sandbox = await Sandbox.open();
  const { client_id, client_secret } = sandbox;
  const query = new URLSearchParams({ grant_type: "refresh_token", client_id, client_secret });
  await fetch(`${sandbox.app_url}/oauth/token?${query}`, { method: "POST" });
  const { findings } = await sandbox.control("GET", "audit");
  const found = findings.find((finding) => finding.rule === "secret_in_query");
  assert.deepEqual([found.severity, found.exchanges], ["error", [1]]);
});

test("a code comes without a browser: approved, denied, narrowed", async () => {
  const sandbox = await Sandbox.open();
  const ask = { scope: "identity:read events:read", state: "abc" };
  const approved = new URL((await sandbox.control("POST", "authorize", ask)).location);
  assert.equal(approved.searchParams.get("state"), "abc");
  const denied = await sandbox.control("POST", "authorize", { ...ask, decision: "deny" });
  assert.equal(new URL(denied.location).searchParams.get("error"), "access_denied");
  const narrowed = await sandbox.control("POST", "authorize", { ...ask, scope: "identity:read" });
  const code = new URL(narrowed.location).searchParams.get("code");
  const [redirect_uri] = sandbox.redirect_uris;
  const answer = await sandbox.token({ grant_type: "authorization_code", code, redirect_uri });
  assert.equal((await answer.json()).scope, "identity:read");
});

test("a pair is minted, expired and revoked", async () => {
  const sandbox = await Sandbox.open({ provider: { rate_limits: false } });
  const pair = await sandbox.control("POST", "tokens", { expires_in: 60 });
  assert.equal(pair.expires_in, 60);
  assert.equal((await sandbox.me(pair.access_token)).status, 200);
  await sandbox.control("POST", "tokens/expire", { token: pair.access_token }, 204);
  assert.equal((await sandbox.me(pair.access_token)).status, 401);
  assert.equal((await sandbox.refresh(pair.refresh_token)).status, 200);
  await sandbox.control("POST", "tokens/revoke", { token: pair.refresh_token }, 204);
  assert.equal((await sandbox.refresh(pair.refresh_token)).status, 400);
});

test("a secret is rotated, an application registered", async () => {
  const sandbox = await Sandbox.open();
  const { refresh_token } = await sandbox.control("POST", "tokens", {});
  const path = `applications/${sandbox.client_id}/rotate-secret`;
  const { client_secret } = await sandbox.control("POST", path, {});
  assert.equal((await sandbox.refresh(refresh_token)).status, 401);
  sandbox.client_secret = client_secret;
  assert.equal((await sandbox.refresh(refresh_token)).status, 200);
  const partner = { name: "Partner", redirect_uris: ["https://partner.example.test/cb"] };
  const registered = await sandbox.control("POST", "applications", partner, 201);
  const issued = await sandbox.control("POST", "tokens", { client_id: registered.client_id });
  assert.ok(issued.access_token);
});

test("users of several organizations are told apart", async () => {
  const sandbox = await scenario(`
    [[organizations]]
    name = "North"
    [[organizations]]
    name = "South"
    [[users]]
    email = "n@north.example.test"
    [[users]]
    email = "s@south.example.test"
    organization = "South"
  `);
  const { access_token } = await sandbox.control("POST", "tokens", { user: "s@south.example.test" });
  const { data } = await (await sandbox.me(access_token)).json();
  assert.equal(data.attributes.email, "s@south.example.test");
  assert.equal(data.attributes.organization.name, "South");
});

test("a reset returns to the start", async () => {
  const sandbox = await Sandbox.open();
  const { access_token } = await sandbox.control("POST", "tokens", {});
  await sandbox.arm("api", "reset");
  await sandbox.control("POST", "reset", undefined, 204);
  assert.equal((await sandbox.me(access_token)).status, 401);
  assert.deepEqual((await sandbox.control("GET", "faults")).faults, []);
  assert.equal((await sandbox.journal()).length, 1);
  const { title } = await sandbox.control("GET", "scenario");
  assert.equal(typeof title, "string");
});

test("sandboxes know nothing of each other, and are gone when they are dropped", async () => {
  const [one, other] = await Promise.all([Sandbox.open(), Sandbox.open()]);
  const { access_token } = await one.control("POST", "tokens", {});
  await one.control("POST", "clock", { advance: 100 });
  await one.arm("api.ping", "reset");
  assert.equal((await other.me(access_token)).status, 401);
  assert.equal((await one.me(access_token)).status, 200);
  assert.equal((await other.journal()).length, 1);
  const dropped = await fetch(`${server.control_url}/sandboxes/${one.id}`, { method: "DELETE" });
  assert.equal(dropped.status, 204);
  assert.equal((await one.me(access_token)).status, 404);
});
