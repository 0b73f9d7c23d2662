import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request as sendHttp } from "node:http";
import { createMemoryApprovals } from "../../../src/approvals/approvals.memory.ts";
import { APPROVAL_LIMITS } from "../../../src/approvals/approvals.ts";
import { createExplanations } from "../../../src/authorize/explanations.ts";
import type { Approval, ApprovalDescription, ApprovalSubject } from "../../../src/core/approval.ts";
import { SILENT } from "../../../src/core/observer.ts";
import type { ReceiptDraft } from "../../../src/core/receipt.ts";
import { createHttpServer, type HttpServerOptions } from "../../../src/edge/http/create-http-server.ts";
import { DESCRIPTION, person, SUBJECT } from "../../unit/approvals/subjects.ts";
import { createMemoryDesk } from "./memory-desk.ts";

export const TOKENS = {
  ana: "ana-token-0123456789",
  ben: "ben-token-0123456789",
  admin: "admin-token-0123456789",
  viewer: "viewer-token-0123456789",
  other: "other-token-0123456789",
  author: "author-token-0123456789",
} as const;

export const PEOPLE = [person("ana"), person("ben"), person("otto", { operator: "other" }), person("vera", { operator: "viewer" })];
export const NOW = 1_800_000_000_000;

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };
type Sent = {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly signal?: AbortSignal;
  readonly token?: string | null;
};

/** A server on a free port with an approver, a viewer, the first admin without person, and an approver of another tenant. */
export async function startServer(facts: Partial<HttpServerOptions> = {}) {
  const receipts: ReceiptDraft[] = [];
  const approvals = createMemoryApprovals({ people: PEOPLE, limits: APPROVAL_LIMITS, onTransition: (draft) => receipts.push(draft) });
  const explanations = createExplanations();
  const policies = createMemoryDesk();
  const server = createHttpServer({
    operators: [
      { name: "ana", token: TOKENS.ana, roles: ["approver"], tenants: ["default"] },
      { name: "ben", token: TOKENS.ben, roles: ["approver"], tenants: ["default"] },
      { name: "admin", token: TOKENS.admin, roles: ["admin"], tenants: "all" },
      { name: "viewer", token: TOKENS.viewer, roles: ["viewer"], tenants: ["default"] },
      { name: "other", token: TOKENS.other, roles: ["approver"], tenants: ["other"] },
      { name: "author", token: TOKENS.author, roles: ["author", "operator"], tenants: "all" },
    ],
    hosts: ["sluice.example"],
    approvals: { desk: approvals, people: PEOPLE, clock: { nowMs: () => NOW, monotonicUs: () => 0 } },
    explanations,
    policies,
    readiness: () => ({ ready: true, tenants: [{ name: "default", state: "ready", reason: null, refused: null }] }),
    metrics: async () => "sluice_up 1\n",
    observer: SILENT,
    ...facts,
  });
  const port = await server.listen({ host: "127.0.0.1", port: 0 });

  async function ask(subject: Partial<ApprovalSubject> = {}, description: Partial<ApprovalDescription> = {}): Promise<Approval> {
    const result = await approvals.request({ ...SUBJECT, ...subject }, { ...DESCRIPTION, ...description }, NOW);
    if (result.kind === "flood") throw new Error("flood");
    return result.approval;
  }

  const send = (path: string, sent: Sent = {}) => sendTo(port, path, sent);
  return { port, approvals, explanations, policies, receipts, ask, send, close: server.close };
}

/** As ana and to the true Host unless told otherwise; a body goes as JSON unless told otherwise. */
function sendTo(port: number, path: string, { method = "GET", headers = {}, body, signal, token = TOKENS.ana }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      ...headers,
    };
    const sending = sendHttp(
      { host: "127.0.0.1", port, path, method, headers: all, agent: false, ...(signal === undefined ? {} : { signal }) },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sending.on("error", reject);
    sending.end(body);
  });
}
