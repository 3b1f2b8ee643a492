import livestorm from "./index.cjs";

export const { start, Livestorm, Sandbox, ControlError, LivestormMockMissingError } = livestorm;
