import type { IncomingHttpHeaders } from "node:http";
import type { Operator, Role } from "../../core/person.ts";
import type { ApiErrorCode } from "./api-errors.ts";

/** One address of the operators' API, written as the contract writes it. */
export type Route = {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: `/v1/${string}`;
  /** Any of these may call it. */
  readonly roles: readonly Role[];
  /** What a body is; JSON where nothing is said. */
  readonly body?: BodyKind;
  readonly handle: (request: ApiRequest) => ApiReply | Promise<ApiReply>;
};

/** A bundle comes as its bytes. */
export type BodyKind = "json" | "bundle";

export type ApiRequest = {
  readonly operator: Operator;
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** Aborted when whoever asks is gone. */
  readonly signal: AbortSignal;
};

export type ApiReply =
  | { readonly kind: "ok"; readonly body: object }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: "not_modified"; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: "error"; readonly code: ApiErrorCode }
  /** A bundle that must not decide; `code` is one of `POLICY_REFUSALS`. */
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

export const READING_ROLES: readonly Role[] = ["viewer", "approver", "author", "operator", "admin"];

export function refuse(code: ApiErrorCode): ApiReply {
  return { kind: "error", code };
}
