import { defineConfig } from "vitest/config";

const project = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, pool: "forks" as const },
});

export default defineConfig({
  test: {
    reporters: process.env["CI"] === "true" ? ["default", ["json", { outputFile: ".cache/tests.json" }]] : ["default"],
    maxWorkers: 2,
    projects: [
      project("unit", 60_000),
      project("contract", 60_000),
      project("edge", 120_000),
      project("e2e", 180_000),
      project("architecture", 60_000),
    ],
  },
});
