import assert from "node:assert/strict";
import { test } from "node:test";

import { useLivestorm } from "livestorm-mock/node-test";

import { connected } from "./connected.mjs";

const livestorm = useLivestorm();

test("the user is known", async () => {
  const { sandbox } = livestorm;
  const { access_token } = await sandbox.tokens.issue();
  assert.equal(await connected(access_token, sandbox.apiUrl), "ada.martin@example.test");
});

test("nobody is known once access is revoked", async () => {
  const { sandbox } = livestorm;
  const { access_token } = await sandbox.tokens.issue();
  await sandbox.tokens.revoke(access_token);
  assert.equal(await connected(access_token, sandbox.apiUrl), null);
});

test("the limit is waited for", async () => {
  const { sandbox } = livestorm;
  const { access_token } = await sandbox.tokens.issue();
  await sandbox.faults.arm({ on: "api.me", fault: "rate_limited", retry_after: 1, times: 1 });
  assert.equal(await connected(access_token, sandbox.apiUrl), "ada.martin@example.test");
  assert.deepEqual(await sandbox.audit(), []);
});
