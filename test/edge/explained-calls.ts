import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenRequest } from "../../src/operate/issue-token.ts";
import { type CheckAnswer, type CheckParts, decodeCheckResponse, encodeCheckRequest } from "../tools/check-request.ts";
import { connectCheckClient } from "../tools/grpc-client.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";

const BANK = `
policy: bank
match: { tools: [bank.transfer] }
rules:
  - { id: small, if: 'amount <= usd(100) && args.to.startsWith("acct_")', then: allow }
  - { id: large, if: 'amount > usd(100)', then: approval_needed, approval: { from: [treasury] } }
  - { id: urgent, if: 'http.headers["x-note"].contains("urgent")', then: deny, code: urgent_note, reason: Nothing is urgent. }
  - { id: blocked, match: { groups: [payers] }, if: 'args.memo == args.to', then: deny }
`;

const SEARCH = `
policy: search
match: { hosts: [search.example.com] }
rules:
  - { id: find, match: { paths: ["/find/**"] }, if: 'http.query["q"] in ["a", "b"] || caller.labels.team == "red"', then: allow }
  - { id: no-ssn, redact: [{ query: ssn, with: mask }] }
`;

const TOOLS = `
tools:
  bank.transfer:
    http: { method: POST, host: bank.example.com, path: /transfers, body: json }
    args: { to: { from: json.to }, memo: { from: json.memo }, cents: { from: json.cents, type: integer }, ref: { from: json.ref, record: true } }
    amount: { value: args.cents, unit: minor, currency: usd }
`;

/** What must be in no explanation: each stands where some test of a rule sees it, or where all of a call is seen. */
export const CANARIES = { to: "acct_canaryto", memo: "canarymemo", note: "canarynote", query: "canaryquery", ssn: "canaryssn" };

export const PAY: CheckParts = {
  method: "POST",
  host: "bank.example.com",
  path: "/transfers",
  headers: { "content-type": "application/json", "x-note": CANARIES.note, "x-sluice-explain": "1" },
  body: JSON.stringify({ to: CANARIES.to, memo: CANARIES.memo, cents: 4_000, ref: "r-1" }),
};

export const URGENT: CheckParts = { ...PAY, headers: { ...PAY.headers, "x-note": `urgent ${CANARIES.note}` } };

export const FIND: CheckParts = {
  host: "search.example.com",
  path: `/find/x?q=${CANARIES.query}&ssn=${CANARIES.ssn}`,
  headers: { "x-sluice-explain": "" },
};

export type Explaining = {
  readonly sluice: Sluice;
  /** The agent's token goes with it. */
  readonly check: (parts: CheckParts, by?: Asker) => Promise<CheckAnswer & { readonly id: string; readonly token: string }>;
  readonly stop: () => Promise<void>;
};

/** `trusted` may ask for explanations, `plain` may not, `nobody` proves nothing. */
export type Asker = "trusted" | "plain" | "nobody";

const TRUSTED_SECRET = "the secret of the proxy that may ask";

/** The real server with a proxy that is trusted for `explain` and one that is not. */
export async function startExplaining(): Promise<Explaining> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-explain-"));
  await writeFile(join(folder, "trusted"), TRUSTED_SECRET);
  await writeFile(join(folder, "plain"), PROXY_SECRET);
  const proxy = (name: string) => ({
    name,
    auth: { secret: { file: join(folder, name) } },
    tenants: ["default"],
    body: { max_bytes: 65_536 },
  });
  const sluice = await startSluice({
    policies: { "bank.yaml": BANK, "search.yaml": SEARCH, "tools.yaml": TOOLS },
    config: {
      proxies: [
        { ...proxy("trusted"), trust: ["explain"] },
        { ...proxy("plain"), trust: ["principal", "context"] },
      ],
    },
  });
  const clients = {
    trusted: connectCheckClient(sluice.grpcAddress, { secret: TRUSTED_SECRET }),
    plain: connectCheckClient(sluice.grpcAddress, { secret: PROXY_SECRET }),
    nobody: connectCheckClient(sluice.grpcAddress),
  };
  const claims: Partial<TokenRequest> = { groups: ["payers"], labels: { team: "red" } };

  return {
    sluice,
    check: async (parts, by = "trusted") => {
      const token = await sluice.issue("agent-1", claims);
      const request = encodeCheckRequest({ ...parts, headers: { "x-sluice-token": token, ...parts.headers } });
      const answer = decodeCheckResponse(await clients[by].check(request));
      return { ...answer, id: String(answer.metadata["decision_id"]), token };
    },
    stop: async () => {
      for (const client of Object.values(clients)) client.close();
      await sluice.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
