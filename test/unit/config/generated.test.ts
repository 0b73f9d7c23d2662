import { describe, expect, it } from "vitest";
import { renderJsonSchema } from "../../../src/config/json-schema.ts";
import { renderReference } from "../../../src/config/reference.ts";

// `npx vitest run test/unit/config -u` writes both anew.
describe("generated files of the configuration", () => {
  it("keeps docs/configuration.md equal to the schema", async () => {
    await expect(renderReference()).toMatchFileSnapshot("../../../docs/configuration.md");
  });

  it("keeps sluice.schema.json equal to the schema", async () => {
    await expect(renderJsonSchema()).toMatchFileSnapshot("../../../src/config/sluice.schema.json");
  });
});
