"use strict";

const { beforeAll, afterAll, beforeEach, afterEach } = require("@jest/globals");
const { fixtureOf } = require("./fixtures.cjs");

const hooks = { before: beforeAll, after: afterAll, beforeEach, afterEach };
module.exports = { useLivestorm: fixtureOf(hooks) };
