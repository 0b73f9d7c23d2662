import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckParts, decodeCheckResponse, encodeCheckRequest } from "../tools/check-request.ts";
import { type CheckClient, connectCheckClient } from "../tools/grpc-client.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";

const POLICIES = {
  "policy.yaml": `
policy: ai
rules:
  - id: small
    match: { tools: [llm.chat], models: [gpt-5*] }
    if: args.n <= 100 && args.team == "red"
    then: allow
  - id: others
    match: { models: [gpt-4] }
    then: deny
    code: old_model
  - id: no-ssn
    match: { hosts: [llm.example.com] }
    if: >-
      findings.exists(f, f.kind == "pii.ssn")
    then: deny
    code: ssn_found
`,
  "tools.yaml": `
tools:
  llm.chat:
    http: { method: POST, host: llm.example.com, path: /chat, body: json }
    args:
      model: { from: json.model, type: string }
      n: { from: json.n, type: integer }
      team: { from: json.team, type: string, record: true }
    model: args.model
    cost: { "gpt-5*": 0.05 usd, gpt-5-mini: 0.01 usd }
    schema: llm.chat.schema.json
`,
  "llm.chat.schema.json": JSON.stringify({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: ["model", "team"],
    properties: { model: { type: "string", maxLength: 40 }, n: { type: "integer" }, team: { enum: ["red", "blue"] } },
  }),
};

let sluice: Sluice;
let client: CheckClient;
let token: string;

beforeAll(async () => {
  sluice = await startSluice({ policies: POLICIES });
  client = connectCheckClient(sluice.grpcAddress, { secret: PROXY_SECRET });
  token = await sluice.issue("agent-1");
});
afterAll(async () => {
  client?.close();
  await sluice?.stop();
});

const SHORT = "";
const LONG = "x".repeat(900_000);

async function ask(body: Readonly<Record<string, unknown>>, more: CheckParts = {}) {
  const headers = { "content-type": "application/json", "x-sluice-token": token };
  const parts: CheckParts = { method: "POST", host: "llm.example.com", path: "/chat", headers, body: JSON.stringify(body), ...more };
  const answer = decodeCheckResponse(await client.check(encodeCheckRequest(parts)));
  return answer.code === 0 ? "allow" : `deny ${answer.error?.["code"]}`;
}

describe("a server that is asked about long bodies", () => {
  it.each([
    ["short", SHORT],
    ["long", LONG],
  ])("decides by what stands in a %s one", async (_, filling) => {
    expect(await ask({ model: "gpt-5-mini", n: 7, team: "red", filling })).toBe("allow");
    expect(await ask({ model: "gpt-5-mini", n: 700, team: "red", filling })).toBe("deny no_matching_rule");
    expect(await ask({ model: "gpt-4", n: 7, team: "red", filling })).toBe("deny old_model");
    expect(await ask({ model: "gpt-5", n: 7, team: "green", filling })).toBe("deny args_invalid");
    expect(await ask({ model: "gpt-5", n: "7", team: "red", filling })).toBe("deny args_invalid");
    expect(await ask({ model: "gpt-5", n: 7, team: "red", filling, ssn: "536-22-8145" })).toBe("deny ssn_found");
    expect(await ask({ model: "gpt-5", n: 7, team: "red", Team: "blue", filling })).toBe("deny args_invalid");
  });

  it("records the model, the price and the arguments that the catalogue shows", async () => {
    await ask({ model: "gpt-5-mini", n: 7, team: "red", filling: LONG });
    const receipt = (await sluice.receipts()).at(-1);
    expect(receipt).toMatchObject({
      decision: "allow",
      cost_micros: 10_000,
      call: { tool: "llm.chat", model: "gpt-5-mini", operation: null },
      facts: { "args.n": 7, "args.team": "red" },
    });
  });

  it("says which keyword of the schema refused a call, and nothing of the call", async () => {
    await ask({ model: "gpt-5", n: 7, team: "a secret team", filling: LONG });
    const receipt = (await sluice.receipts()).at(-1);
    expect(receipt).toMatchObject({
      code: "args_invalid",
      fault: "the schema of llm.chat refuses the arguments at #/properties/team/enum",
    });
    expect(JSON.stringify(receipt)).not.toContain("secret team");
  });

  it("answers short calls between long ones", async () => {
    const order: string[] = [];
    const note = (name: string) => (answer: string) => order.push(`${name}: ${answer}`);
    const long = Array.from({ length: 8 }, () => ask({ model: "gpt-5", n: 7, team: "red", filling: LONG }).then(note("long")));
    const short = Array.from({ length: 8 }, () => ask({ model: "gpt-5", n: 7, team: "red" }).then(note("short")));
    await Promise.all([...long, ...short]);
    expect(order.at(-1)).toBe("long: allow");
    expect(order.toSorted()).toEqual([...new Array(8).fill("long: allow"), ...new Array(8).fill("short: allow")]);
  });
});
