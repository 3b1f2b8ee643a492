"use strict";

// vitest refuses to be required, and says so; tests of vitest are modules, or become some.
const { beforeAll, afterAll, beforeEach, afterEach } = require("vitest");
const { fixtureOf } = require("./fixtures.cjs");

const hooks = { before: beforeAll, after: afterAll, beforeEach, afterEach };
module.exports = { useLivestorm: fixtureOf(hooks) };
