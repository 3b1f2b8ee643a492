import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { ControlError, LivestormMockMissingError, start } from "livestorm-mock";

const { argumentsOf, findCommand } = createRequire(import.meta.url)("../process.cjs");

let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "livestorm-mock-node-"));
});
after(() => rm(folder, { recursive: true }));

// Writes a program of Node; gives its path.
async function program(name, text) {
  const file = path.join(folder, name);
  await writeFile(file, `#!${process.execPath}\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

test("a fake is started, asked and stopped", async () => {
  const livestorm = await start({ autoApprove: true, rateLimits: false, seed: 1 });
  const answer = await fetch(`${livestorm.apiUrl}/ping`);
  assert.equal(answer.status, 401);
  await livestorm.stop();
  await assert.rejects(fetch(`${livestorm.apiUrl}/ping`));
});

test("the command is one that is named, that is on the PATH, or that uvx gets", async () => {
  await program("livestorm-mock", "");
  const there = { PATH: folder };
  const named = { ...there, LIVESTORM_MOCK_COMMAND: "py -m fake" };
  assert.deepEqual(findCommand({}, named).words, ["py", "-m", "fake"]);
  const listed = { ...there, LIVESTORM_MOCK_COMMAND: '["a b", "c"]' };
  assert.deepEqual(findCommand({}, listed).words, ["a b", "c"]);
  assert.deepEqual(findCommand({ command: ["x"] }, named).words, ["x"]);
  assert.deepEqual(findCommand({}, there).words, ["livestorm-mock"]);
  await rm(path.join(folder, "livestorm-mock"));
  await program("uvx", "");
  assert.match(findCommand({}, there).words.join(" "), /^uvx livestorm-mock@\d+\.\d+\.\d+$/);
  await rm(path.join(folder, "uvx"));
  assert.throws(() => findCommand({}, there), {
    name: "LivestormMockMissingError",
    message: /neither it nor uvx is on the PATH.*Install version \d+\.\d+\.\d+ from a checkout/,
  });
  const broken = { LIVESTORM_MOCK_COMMAND: "[1]" };
  assert.throws(() => findCommand({}, broken), /LIVESTORM_MOCK_COMMAND is \[1\]; expected words/);
});

test("options are those of serve, and others are refused", () => {
  const given = { redirectUris: ["https://a.test/", "https://b.test/"], rateLimits: false, tls: true };
  assert.deepEqual(argumentsOf({ ...given, scenario: "happy_path", seed: undefined }), [
    "--redirect-uri=https://a.test/",
    "--redirect-uri=https://b.test/",
    "--no-rate-limits",
    "--tls",
    "--scenario=happy_path",
  ]);
  assert.throws(() => argumentsOf({ scenari: "x" }), /scenari is no option.*expected one of: scenario/);
});

test("what can't be started is told, with what it said", async () => {
  await assert.rejects(start({ command: [path.join(folder, "none")] }), {
    name: "LivestormMockMissingError",
    message: /none \(from `command`\) could not be started: spawn .* ENOENT/,
  });
  await assert.rejects(start({ scenario: "no_such" }), (error) => {
    assert.ok(error instanceof LivestormMockMissingError);
    return /ended with status [1-9]\n[^]*there is no scenario 'no_such'/.test(error.message);
  });
  const other = await program("other", 'console.log("hello"); process.stdin.resume().on("end", () => {});');
  await assert.rejects(start({ command: [other] }), /is no livestorm-mock: it printed hello/);
});

test("another version is refused, unless it is asked for", async () => {
  const old = await program(
    "old",
    `const http = require("node:http");
    const server = http.createServer((_, answer) => answer.setHeader("Content-Type", "application/json").end('{"version": "0.0.9"}'));
    server.listen(0, "127.0.0.1", () =>
      console.log(JSON.stringify({ control_url: "http://127.0.0.1:" + server.address().port + "/_mock" })));
    process.stdin.resume().on("end", () => process.exit());`,
  );
  await assert.rejects(start({ command: [old] }), /livestorm-mock \d\S* is needed, .* is 0\.0\.9/);
  const taken = await start({ command: [old], anyVersion: true });
  await taken.stop();
});

test("a fake ends with the process that forgot to stop it, and does not hold it up", async () => {
  const text = `import { start } from "livestorm-mock";
    const livestorm = await start();
    console.log(livestorm.controlUrl);`;
  const forgetful = spawn(process.execPath, ["--input-type=module", "-e", text], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [told] = await once(forgetful.stdout.setEncoding("utf8"), "data");
  const [status] = await once(forgetful, "close");
  assert.equal(status, 0);
  await gone(`${told.trim()}/health`);
});

// Waits until nobody answers any more.
async function gone(url) {
  for (;;) {
    try {
      await (await fetch(url, { headers: { Connection: "close" } })).text();
    } catch {
      return;
    }
  }
}

test("what the control API refuses is an error with its words", async () => {
  const livestorm = await start();
  await assert.rejects(livestorm.faults.arm({ on: "tokn", fault: "reset" }), (error) => {
    assert.ok(error instanceof ControlError);
    assert.equal(error.status, 422);
    return /POST \/_mock\/faults: 422 .*did you mean 'token'/.test(error.message);
  });
  await livestorm.stop();
});
