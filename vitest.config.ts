import { defineConfig } from "vitest/config";

const project = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, pool: "forks" as const },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project("unit", 20_000),
      project("contract", 30_000),
      project("edge", 60_000),
      project("e2e", 120_000),
      project("architecture", 30_000),
    ],
  },
});
