import { describe, expect, it } from "vitest";
import { readFacts } from "../../../src/authorize/facts-of.ts";
import { beginProgress, type Progress } from "../../../src/authorize/progress.ts";
import type { Intent, Json } from "../../../src/core/intent.ts";
import { targetOf } from "../understanding/target-of.ts";
import { CALL, CALLER, NOW, PERMIT } from "./a-world.ts";

const PSEUDONYMS = { hmacHex: (text: string) => `<${text}>` };

const INTENT: Intent = {
  protocol: "http",
  target: targetOf("api.example.com", ["v1", "things"]),
  tool: { kind: "known", name: "t.one" },
  operation: { kind: "none" },
  model: { kind: "known", name: "gpt-5" },
  args: { to: "acct_1", secret: "s", n: 7, meta: { id: "m1", big: ["x".repeat(2000)] }, long: "x".repeat(1025) },
  bindings: { id: "b1" },
  amount: null,
  cost: null,
  amountExpected: false,
};

function factsOf(paths: readonly (readonly string[])[], parts: Partial<Progress> = {}): Readonly<Record<string, Json>> {
  const ruling = { ...PERMIT, factPaths: paths };
  return readFacts({ ...beginProgress(CALL, NOW, 1), caller: CALLER, intent: INTENT, ruling, ...parts }, PSEUDONYMS);
}

describe("the facts of a record", () => {
  it.each([
    [["args", "to"], "hmac:<acct_1>"],
    [["args", "n"], 7],
    [["args", "meta"], /^hmac:/],
    [["args", "none"], null],
    [["path", "id"], "hmac:<b1>"],
    [["segment", "1"], "hmac:<things>"],
    [["segment", "9"], null],
    [["model"], "gpt-5"],
    [["operation"], null],
    [["tool"], "t.one"],
    [["caller", "agent"], "finance-1"],
    [["caller", "tenant"], "default"],
    [["http", "host"], "api.example.com"],
    [["http", "path"], "hmac:</v1/things>"],
    [["usage", "p/rate", "share"], null],
    [["time", "UTC", "hour"], null],
  ])("hide the text at %j", (path, shown) => {
    const [value] = Object.values(factsOf([path]));
    expect({ value }).toEqual({ value: shown instanceof RegExp ? expect.stringMatching(shown) : shown });
  });

  it("show the arguments that the catalogue records, and what is inside them", () => {
    expect(
      factsOf(
        [
          ["args", "to"],
          ["args", "meta", "id"],
          ["args", "secret"],
        ],
        { recorded: ["to", "meta"] },
      ),
    ).toEqual({
      "args.to": "acct_1",
      "args.meta.id": "m1",
      "args.secret": "hmac:<s>",
    });
  });

  it("hide recorded arguments that are longer than a record's facts may be", () => {
    expect(
      factsOf(
        [
          ["args", "long"],
          ["args", "meta"],
        ],
        { recorded: ["long", "meta"] },
      ),
    ).toEqual({
      "args.long": expect.stringMatching(/^hmac:/),
      "args.meta": expect.stringMatching(/^hmac:/),
    });
  });

  it("show nothing of a name that is recorded elsewhere", () => {
    expect(
      factsOf(
        [
          ["path", "id"],
          ["caller", "session"],
        ],
        { recorded: ["id", "session"] },
      ),
    ).toEqual({
      "path.id": "hmac:<b1>",
      "caller.session": null,
    });
  });

  it("are none of a call that was not understood, and so many at most", () => {
    expect(factsOf([["args", "to"]], { intent: null, recorded: ["to"] })).toEqual({ "args.to": null });
    expect(Object.keys(factsOf(Array.from({ length: 40 }, (_, i) => ["args", `a${i}`])))).toHaveLength(32);
  });
});
