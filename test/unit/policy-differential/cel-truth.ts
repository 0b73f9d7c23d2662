import { BlockList, isIPv4 } from "node:net";
import { CelScalar, celEnv, celFunc, isCelError, objectType, parse, plan } from "@bufbuild/cel";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import type { Json } from "../../../src/core/intent.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { type Fact, factAt, factsOf } from "./cel-facts.ts";
import { type Around, createFrame, fill, type ReadFact, rewriteTest } from "./cel-rewrite.ts";

const { STRING, INT, DOUBLE, BOOL } = CelScalar;
const MICROS = 1_000_000;

/**
 * What CEL has not: money as micros, and networks by the runtime's own list of blocks. A duration is CEL's, and compares
 * with a number as its seconds; a timestamp is CEL's, and what it compares with becomes one.
 */
const ENVIRONMENT = celEnv({
  funcs: [
    celFunc("usd", [INT], DOUBLE, (units) => Number(units) * MICROS),
    celFunc("usd", [DOUBLE], DOUBLE, (units) => Math.round(units * MICROS)),
    celFunc("money", [STRING, STRING], DOUBLE, (units) => Math.round(Number(units) * MICROS)),
    celFunc("seconds", [objectType(DurationSchema)], DOUBLE, ({ message }) => Number(message.seconds) + message.nanos / 1e9),
    celFunc("inCidr", [STRING, STRING], BOOL, isInNetwork),
  ],
});

/** A condition by CEL's own evaluator: 1 true, 0 false, 0.5 where it fails, which is where something is unknown. */
export function createCelTruth(condition: string, around: Around): (input: PolicyInput) => number {
  const frame = createFrame("call", null);
  const parsed = parse(condition);
  const evaluate = plan(ENVIRONMENT, { ...parsed, expr: rewriteTest(parsed.expr, frame) });
  return function celTruth(input) {
    const result = evaluate({ call: fill(frame, createReader(input, around)) });
    if (isCelError(result)) return 0.5;
    if (typeof result !== "boolean") throw new Error(`CEL gave ${String(result)} for ${condition}`);
    return Number(result);
  };
}

function createReader(input: PolicyInput, { policy, timeZone, segments }: Around): ReadFact {
  const facts = factsOf(input);
  return function readFact(path) {
    const [root = "", second = "", ...rest] = path;
    if (root === "time") return known(clockAt(input.nowMs, timeZone, second));
    if (root === "usage") return factAt(facts, [root, second.includes("/") ? second : `${policy}/${second}`, ...rest]);
    if (root === "findings") return { ...factAt(facts, path), isCut: input.findingsCut };
    const at = root === "path" ? segments[second] : undefined;
    return at === undefined ? factAt(facts, path) : known(segmentAt(facts, at));
  };
}

function known(value: Json | undefined): Fact {
  return { value, isCut: false };
}

function segmentAt(facts: Json, at: number): Json | undefined {
  const { value } = factAt(facts, ["http", "segments"]);
  return Array.isArray(value) ? value[at] : undefined;
}

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** The clock by CEL's own functions of a timestamp. */
function clockAt(ms: number, zone: string, part: string): Json | undefined {
  const read = (getter: string) => {
    const result = plan(ENVIRONMENT, parse(`timestamp("${new Date(ms).toISOString()}").${getter}("${zone}")`))({});
    if (typeof result !== "bigint") throw new Error(`CEL has no ${getter}`);
    return Number(result);
  };
  if (part === "hour") return read("getHours");
  if (part === "weekday") return WEEKDAYS[read("getDayOfWeek")];
  const digits = (value: number, length: number) => String(value).padStart(length, "0");
  return `${digits(read("getFullYear"), 4)}-${digits(read("getMonth") + 1, 2)}-${digits(read("getDate"), 2)}`;
}

function isInNetwork(address: string, network: string): boolean {
  const [base = "", bits = ""] = network.split("/");
  const family = (text: string) => (isIPv4(text) ? "ipv4" : "ipv6");
  const list = new BlockList();
  list.addSubnet(base, Number(bits), family(base));
  return family(address) === family(base) && list.check(address, family(address));
}
