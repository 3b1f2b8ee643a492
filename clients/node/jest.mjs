import { afterAll, afterEach, beforeAll, beforeEach } from "@jest/globals";

import fixtures from "./fixtures.cjs";

const hooks = { before: beforeAll, after: afterAll, beforeEach, afterEach };
export const useLivestorm = fixtures.fixtureOf(hooks);
