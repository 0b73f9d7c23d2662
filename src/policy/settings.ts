import { z } from "zod";
import { duration, name, path, secret } from "../core/setting.ts";
import { BUNDLE_ALGORITHMS, isBundleAlgorithm } from "./bundle/signing/algorithms.ts";

/** Restricts whatever a tenant's own policies allow: of the whole fleet at the top level, of one tenant inside it. */
export const guardrails = path()
  .nullable()
  .prefault(null)
  .describe("A folder of policy files whose rules only deny, ask, redact or limit, watched. Policies cannot loosen them.");

/** Where a tenant's bundle is. */
export type BundlePlace =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "pushed" };

/** What `bundle` says when the bundle is the one that `sluice policy push` sent. A file of this name is `./pushed`. */
export const PUSHED = "pushed";

const bundle = z
  .string()
  .min(1)
  .meta({ title: "file, folder or URL" })
  .transform((text, ctx): BundlePlace => {
    if (text === PUSHED) return { kind: "pushed" };
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: "file", path: text };
    const url = URL.parse(text);
    if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" && url.hash === "")
      return { kind: "url", url: url.href };
    ctx.addIssue({ code: "custom", message: "an http or https URL without credentials is expected; a token goes into bundle_fetch.token" });
    return z.NEVER;
  });

const bundleKey = z
  .strictObject({
    kid: name().describe("The id that signatures name it by."),
    key: secret().describe("The public key: PEM, or a public JWK."),
    alg: z
      .string()
      .transform((text, ctx) => {
        if (isBundleAlgorithm(text)) return text;
        ctx.addIssue({ code: "custom", message: `allowed: ${Object.keys(BUNDLE_ALGORITHMS).join(", ")}` });
        return z.NEVER;
      })
      .prefault("ES256")
      .describe("The only algorithm it verifies: `ES256`, `EdDSA`, `RS256` or `PS256`. A stock OPA server has no EdDSA."),
  })
  .readonly();

const bundleFetchObject = z
  .strictObject({
    token: secret().nullable().prefault(null).describe("Sent in `authorization: Bearer`, read anew for every ask."),
    cert: path().nullable().prefault(null).describe("Our client certificate in PEM; with `key`."),
    key: path().nullable().prefault(null).describe("Its private key in PEM."),
    ca: path().nullable().prefault(null).describe("CAs in PEM that the server's certificate must come from; null: the system's."),
    poll: duration("1s", "1d").prefault("60s").describe("The least time between two asks; after failures longer, with jitter."),
    wait: duration("0s", "5m")
      .prefault("30s")
      .describe("How long the server is asked to wait for a change (`Prefer: wait`); 0s: not at all."),
    timeout: duration("100ms", "5m").prefault("10s").describe("How long an answer may take, beyond `wait`."),
    max_age: duration("1s", "365d")
      .nullable()
      .prefault(null)
      .describe("How long the bundle decides without the server having answered 200 or 304; then the tenant denies. Null: for ever."),
  })
  .refine(({ cert, key }) => (cert === null) === (key === null), { error: "cert and key belong together" })
  .transform((given) => ({
    token: given.token,
    certFile: given.cert,
    keyFile: given.key,
    caFile: given.ca,
    pollMs: given.poll,
    waitMs: given.wait,
    timeoutMs: given.timeout,
    maxAgeMs: given.max_age,
  }));

export type BundleFetch = z.output<typeof bundleFetchObject>;

/** How a URL is asked where nothing else is written. */
export const BUNDLE_FETCH_DEFAULT: BundleFetch = bundleFetchObject.parse({});

/** Keys of a tenant that say which policy it runs and how. */
export const tenantPolicyShape = {
  mode: z
    .enum(["enforce", "shadow"])
    .prefault("enforce")
    .describe("`shadow`: everything runs and is recorded, and the answer is allow. Switches protection off."),
  policies: path()
    .refine((place) => !/^([a-z][a-z0-9+.-]*:\/\/|bundle:)/i.test(place), {
      error: "a folder is expected; a bundle or a URL goes into `bundle`",
    })
    .nullable()
    .prefault(null)
    .describe("A folder of policy files, watched. With neither this nor `bundle`: the embedded bundle of the examples."),
  guardrails,
  bundle: bundle
    .nullable()
    .prefault(null)
    .describe(
      "Instead of `policies`: a bundle's file, a folder with one bundle in it, an http(s) URL, or `pushed` (by `sluice policy push`).",
    ),
  bundle_keys: z.array(bundleKey).prefault([]).describe("Keys that the bundle may be signed with; several while keys change."),
  allow_unsigned_bundles: z
    .boolean()
    .prefault(false)
    .describe("Whether an unsigned bundle may decide: whoever can write it then decides. Switches protection off."),
  bundle_fetch: bundleFetchObject.nullable().prefault(null).describe("How the URL of `bundle` is asked; null: with these defaults."),
};
