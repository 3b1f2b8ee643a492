export * from "./fixtures.cjs";
