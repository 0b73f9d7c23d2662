import { z } from "zod";
import { duration, laterSwitch, path } from "../core/setting.ts";

/** RFC 7515 section 4.1.9 media types that an agent's token may have; `absent` stands for a token without `typ`. */
export const TOKEN_TYPES_DEFAULT = ["JWT", "at+jwt", "sluice-agent+jwt", "absent"] as const;

const HEADER_NAME = /^[a-z0-9][a-z0-9-]*$/;

const issuerKeys = z
  .union([path(), z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1) })], {
    error: "a JWKS is expected: the path of a file, or {keys: [...]}",
  })
  .refine((keys) => typeof keys !== "string" || !/^https?:/i.test(keys), { error: "keys: a URL is not built yet; give a file" });

const issuer = z
  .strictObject({
    issuer: z.string().min(1).max(256).describe("What `iss` must be, letter for letter."),
    audience: z.string().min(1).max(256).describe("What `aud` must be or contain. With the issuer it belongs to one tenant."),
    keys: issuerKeys.describe("Its Ed25519 public keys: a JWKS file, or the JWKS itself as `{keys: [...]}`."),
    types: z
      .array(z.string().min(1).max(64))
      .min(1)
      .refine((types) => types.every(isAgentType), { error: "a type that Sluice itself signs is never an agent's token" })
      .prefault([...TOKEN_TYPES_DEFAULT])
      .describe("The values of `typ` that are accepted; `absent` accepts a token without one."),
  })
  .readonly();

/** Keys of `identity` inside a tenant. */
export const tenantIdentityShape = {
  required: z
    .boolean()
    .prefault(true)
    .describe("Whether a call must carry a token. False only for pilots: a call without one is `anonymous`. Switches protection off."),
  issuers: z.array(issuer).prefault([]).describe("Who signs the agents' tokens. With none anywhere, `serve` makes a key and trusts it."),
};

/** Keys of the top-level `identity`. */
export const identityShape = {
  headers: z
    .array(z.string().max(64).regex(HEADER_NAME, { error: "a header name in lower case is expected" }))
    .min(1)
    .refine((names) => new Set(names).size === names.length, { error: "a header is listed twice" })
    .prefault(["x-sluice-token", "proxy-authorization"])
    .describe("The headers that may carry the agent's token; all of them are removed from calls that go on."),
  mtls: laterSwitch("mtls").describe("Whether a client certificate can name the agent. Not built yet."),
  token_max_lifetime: duration("1s", "30d").prefault("1h").describe("The longest `exp - iat` of a token."),
  clock_skew: duration("0s", "5m").prefault("5s").describe("How far the issuer's clock may be from ours."),
};

type IssuerOutput = z.output<typeof issuer>;

export type IssuerSettings = Omit<IssuerOutput, "keys" | "types"> & {
  readonly keys: string | { readonly keys: readonly { readonly [member: string]: unknown }[] };
  readonly types: readonly string[];
};

function isAgentType(type: string): boolean {
  return !/^(application\/)?sluice-/i.test(type) || /^(application\/)?sluice-agent\+jwt$/i.test(type);
}
