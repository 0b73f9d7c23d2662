import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COUNTERS, HISTOGRAMS } from "../../../src/telemetry/metric-table.ts";
import { listSourceFiles, ROOT } from "./source-files.ts";

const page = await readFile(join(ROOT, "docs/telemetry.md"), "utf8");

describe("docs/telemetry.md", () => {
  it("has a row for each metric, with its labels", () => {
    const rows = Object.entries({ ...COUNTERS, ...HISTOGRAMS }).map(([name, { help, labels }]) => {
      const shown = labels.map((label) => `\`${label}\``).join(", ");
      return `| \`${name}\` |${shown === "" ? "" : ` ${shown}`} | ${help} |`;
    });
    expect(rows.filter((row) => !page.includes(`${row}\n`))).toEqual([]);
    expect(rows.length).toBeGreaterThan(10);
  });

  it("names exactly the attributes that a span can have", async () => {
    const source = await readFile(join(ROOT, "src/telemetry/span-attributes.ts"), "utf8");
    const own = [...source.matchAll(/^\s+"([a-z_.]+)":/gm)].map(([, name]) => name);
    const conventional = ["server.address", "server.port", "url.scheme"];
    const [, list = ""] = /Attributes, where they apply:([\s\S]*?)\n\n/.exec(page) ?? [];
    expect([...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual([...own, ...conventional]);
  });

  it("quotes log messages that are written somewhere", async () => {
    const sources = (await Promise.all((await listSourceFiles()).map((file) => readFile(file, "utf8")))).join("\n");
    const [, table = ""] = page.split("| message | level | when |");
    const messages = table
      .split("\n")
      .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, message = ""]) => message));
    expect(messages.filter((message) => !sources.includes(`"${message}"`))).toEqual([]);
    expect(messages.length).toBeGreaterThan(10);
  });
});
