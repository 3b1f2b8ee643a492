import nodeTest from "./node-test.cjs";

export const { useLivestorm } = nodeTest;
