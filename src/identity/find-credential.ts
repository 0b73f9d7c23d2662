import type { Call } from "../core/call.ts";
import { type Refused, refused } from "./identification.ts";

export type Credential =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string; readonly via: string }
  | (Refused & { readonly via: string | null });

export const PROXY_HEADER = "proxy-authorization";

// A token of 8 KiB as the password of Basic is a third longer.
const VALUE_CHARS_MAX = 12_288;
const BEARER = /^bearer +([^ ]+)$/i;
const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;
const NONE: Credential = { kind: "none" };

/** The one credential of the listed headers. Two of them, or one twice, is a refusal: which one counts would be a guess. */
export function findCredential(call: Call, headers: readonly string[]): Credential {
  let via: string | null = null;
  let value = "";
  for (const header of headers) {
    const found = call.headers.get(header);
    if (found === undefined) continue;
    if (via !== null) return { ...refused("repeated"), via: null };
    via = header;
    value = found;
  }
  if (via === null) return NONE;
  if (value.length > VALUE_CHARS_MAX) return { ...refused("too_large"), via };
  // No token and no Basic credential has a comma; it is how a proxy joins a header that was sent twice.
  if (call.repeated.has(via) || value.includes(",")) return { ...refused("repeated"), via };
  const token = readToken(value, via);
  return token === null ? { ...refused("scheme"), via } : { kind: "token", token, via };
}

function readToken(value: string, via: string): string | null {
  const bearer = BEARER.exec(value)?.[1];
  if (bearer !== undefined) return bearer;
  if (via === PROXY_HEADER) return readBasicPassword(value);
  return value === "" || value.includes(" ") ? null : value;
}

/** RFC 7617: what stands behind the first colon; the user's name says nothing. */
function readBasicPassword(value: string): string | null {
  const encoded = BASIC.exec(value)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("latin1");
  const colon = text.indexOf(":");
  return colon === -1 || colon === text.length - 1 ? null : text.slice(colon + 1);
}
