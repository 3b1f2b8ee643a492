"use strict";

const { start } = require("./index.cjs");

/**
 * Make the fixture of a test framework, of its four hooks: one fake for the tests of a file or of a
 * group, and a sandbox of its own for each test.
 */
function fixtureOf({ before, after, beforeEach, afterEach }) {
  return function useLivestorm({ sandbox: options = {}, ...server } = {}) {
    let fake = null;
    let sandbox = null;
    before(async () => {
      fake = await start(server);
    });
    after(async () => {
      await fake?.stop();
      fake = null;
    });
    beforeEach(async () => {
      sandbox = await fake.sandbox(options);
    });
    afterEach(async () => {
      await sandbox?.close();
      sandbox = null;
    });
    return {
      /** The fake; there is one while tests run. */
      get server() {
        return there(fake, "the fake");
      },
      /** The sandbox of the test that runs. */
      get sandbox() {
        return there(sandbox, "a sandbox");
      },
    };
  };
}

function there(one, what) {
  if (one === null) throw new TypeError(`there is ${what} while a test runs only`);
  return one;
}

module.exports = { fixtureOf };
