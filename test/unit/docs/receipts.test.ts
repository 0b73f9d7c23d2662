import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  isAlwaysRemoved,
  SECRET_HEADERS,
  TRACING_HEADERS,
  TRANSPORT_HEADERS,
  TRANSPORT_PREFIX,
} from "../../../src/understanding/header-names.ts";
import { ROOT } from "./source-files.ts";

describe("docs/receipts.md", () => {
  it.each([
    ["left out", [...TRANSPORT_HEADERS, ...TRACING_HEADERS]],
    ["hmac", SECRET_HEADERS],
  ] as const)("lists the headers that are %s", async (mark, names) => {
    expect((await namesAfter(mark)).toSorted()).toEqual([...names].toSorted());
  });

  it("lists headers that are removed, and names the proxies' prefix", async () => {
    const removed = await namesAfter("removed");
    expect(removed.filter((name) => !isAlwaysRemoved(name, []))).toEqual([]);
    expect(removed.length).toBeGreaterThan(5);
    expect(await readFile(join(ROOT, "docs/receipts.md"), "utf8")).toContain(`\`${TRANSPORT_PREFIX}*\``);
  });
});

/** The names in backquotes of the paragraph behind a mark. */
async function namesAfter(mark: string): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, "docs/receipts.md"), "utf8");
  const [paragraph = ""] = (text.split(`<!-- ${mark} -->\n`)[1] ?? "").split("\n\n");
  return [...paragraph.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}
