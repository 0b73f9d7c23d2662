import { hash } from "node:crypto";
import { canonicalText } from "../audit/canonical-text.ts";
import type { Caller } from "../core/caller.ts";
import type { Intent, Json } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";

export type BoundInput = {
  readonly caller: Pick<Caller, "tenant" | "agent" | "subject">;
  readonly method: string;
  readonly intent: Pick<Intent, "target" | "tool" | "args">;
  /** `policy/id` of the rule that asks. */
  readonly rule: string;
  /** Names of arguments. */
  readonly bind: readonly string[];
  readonly pseudonyms: Pseudonyms;
};

/**
 * What an approval with `bind` is bound to: hex SHA-256 of the RFC 8785 text of who calls which tool where, under which
 * rule, with which values of the named arguments. The values stand as HMAC-SHA-256, because they are few enough to guess.
 * Null where the tool or one of the arguments is not known: then nothing less than the whole call can be approved.
 */
export function digestBound({ caller, method, intent, rule, bind, pseudonyms }: BoundInput): string | null {
  const { target, tool } = intent;
  if (tool.kind !== "known") return null;
  const args: Record<string, Json> = Object.create(null);
  for (const name of bind) {
    const value = Object.hasOwn(intent.args, name) ? (intent.args[name] ?? null) : null;
    if (value === null) return null;
    args[name] = value;
  }
  const { tenant, agent, subject } = caller;
  const { scheme, hostname: host, port } = target;
  const bound = { v: 1, kind: "bound", tenant, agent, subject, rule, tool: tool.name, method, scheme, host, port };
  return hash("sha256", canonicalText({ ...bound, args: pseudonyms.hmacHex(canonicalText(args)) }));
}
