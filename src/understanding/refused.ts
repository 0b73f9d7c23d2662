import type { CodeOf } from "../core/decision.ts";

/** The call cannot be judged. `detail` is for operators and never quotes the call. */
export type Refused = { readonly kind: "refused"; readonly code: CodeOf<"malformed"> | "destination_private"; readonly detail: string };

export function refuse(code: Refused["code"], detail: string): Refused {
  return { kind: "refused", code, detail };
}
