import { defineConfig } from "vitest/config";

/** The tests that must notice a change of the policy compiler. */
export default defineConfig({
  test: { include: ["test/unit/policy-compile/**/*.test.ts", "test/unit/policy-lint/**/*.test.ts"], pool: "forks", testTimeout: 60_000 },
});
