import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { CLASS_STATUS, CODES, type Code } from "../../../src/core/codes.ts";
import { renderCodes } from "../../../src/core/codes-page.ts";
import type { Deny } from "../../../src/core/decision.ts";
import { unknownFacts } from "../../../src/edge/grpc/deny-fault.ts";
import { encodeDecision } from "../../../src/edge/grpc/encode-decision.ts";
import { decodeCheckResponse } from "../../tools/check-request.ts";
import { listSourceFiles } from "./source-files.ts";

const CLASSES = Object.keys(CLASS_STATUS) as (keyof typeof CLASS_STATUS)[];

describe("docs/codes.md", () => {
  // `npx vitest run -u test/unit/docs` writes it anew.
  it("equals what the codes say", async () => {
    await expect(renderCodes()).toMatchFileSnapshot("../../../docs/codes.md");
  });

  it.each(CLASSES)("gives %s the status that goes out", (name) => {
    const { http, code: grpc } = CLASS_STATUS[name];
    const sent = decodeCheckResponse(encodeDecision(denyOf(name), { method: "GET", grpc: false }));
    expect({ http: sent.httpStatus, grpc: sent.code }).toEqual({ http, grpc });
  });

  it("calls reserved exactly what no file gives", async () => {
    const files = await listSourceFiles();
    const text = (await Promise.all(files.filter((file) => !file.includes("/core/codes")).map((file) => readFile(file, "utf8")))).join(
      "\n",
    );
    const given = (Object.keys(CODES) as Code[]).filter((code) => text.includes(`"${code}"`));
    const page = renderCodes().split("\n");
    const reserved = (Object.keys(CODES) as Code[]).filter((code) =>
      page.some((line) => line.startsWith(`| \`${code}\` `) && line.includes("Reserved")),
    );
    expect(reserved.toSorted()).toEqual((Object.keys(CODES) as Code[]).filter((code) => !given.includes(code)).toSorted());
    expect(given.length).toBeGreaterThan(20);
  });
});

function denyOf(name: keyof typeof CLASS_STATUS): Deny {
  const refusal = { kind: "deny", code: "any", message: "m", hint: "h", rule: null, facts: unknownFacts("01J") } as const;
  switch (name) {
    case "policy":
      return { ...refusal, class: name, approval: null };
    case "identity":
      return { ...refusal, class: name, challenge: { to: "agent", withError: false } };
    case "limit":
    case "fault":
      return { ...refusal, class: name, retryAfterMs: 1000 };
    case "revoked":
    case "budget":
    case "malformed":
      return { ...refusal, class: name };
  }
}
