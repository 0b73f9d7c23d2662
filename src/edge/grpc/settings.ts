import { z } from "zod";
import { address, builtOnly, duration, later, laterSwitch, name, path, secret } from "../../core/setting.ts";

export const grpcAddress = address()
  .prefault("127.0.0.1:9191")
  .describe("Where Envoy asks: `host:port` or `unix:PATH` (0660). External authorization and health on one port.");

const tls = z
  .strictObject({
    cert: path().describe("The certificate chain in PEM."),
    key: path().describe("Its private key in PEM."),
    client_ca: path().nullable().prefault(null).describe("The CA of the proxies' client certificates; with it, a certificate is required."),
  })
  .transform((tls) => ({ certFile: tls.cert, keyFile: tls.key, clientCaFile: tls.client_ca }));

/** TLS of the listener that Envoy asks. */
export const grpcTls = tls.nullable().prefault(null).describe("TLS of `listen.grpc`; null: plain.");

const auth = z
  .strictObject({
    secret: secret().optional().describe("The value that Envoy sends in gRPC `initial_metadata` under `x-sluice-proxy`."),
    unix: z.literal(true).optional().describe("Whoever may open the socket of `listen.grpc: unix:PATH` is this proxy."),
    client_certificate: z
      .string()
      .min(1)
      .optional()
      .describe("A DNS or URI subject alternative name, else the common name, of its client certificate. Needs `listen.tls.client_ca`."),
  })
  .transform((given, ctx) => {
    const kinds = Object.keys(given);
    if (kinds.length === 1) {
      if (given.secret !== undefined) return { kind: "secret", secret: given.secret } as const;
      if (given.unix !== undefined) return { kind: "unix" } as const;
      if (given.client_certificate !== undefined) return { kind: "client_certificate", name: given.client_certificate } as const;
    }
    ctx.addIssue({
      code: "custom",
      message: "a proxy proves itself by exactly one of {secret: …}, {unix: true}, {client_certificate: NAME}",
    });
    return z.NEVER;
  });

const proxy = z
  .strictObject({
    name: name().describe("How records call this Envoy."),
    auth: auth.describe("How it proves who it is: exactly one of the following."),
    tenants: z.array(name()).min(1).describe("The tenants it may speak for."),
    trust: z
      .array(
        z.enum(["principal", "context", "metadata", "explain"]).transform(builtOnly("trust", ["principal", "context", "explain"] as const)),
      )
      .prefault([])
      .describe(
        "What it is believed beyond the agent's token. `explain`: calls it lets through with `x-sluice-explain` are explained to operators.",
      ),
    body: z
      .strictObject({
        max_bytes: z.int().min(0).max(1_048_576).describe("Its `with_request_body.max_request_bytes`."),
        partial: z.boolean().prefault(false).describe("Its `with_request_body.allow_partial_message`."),
      })
      .transform((body) => ({ maxBytes: body.max_bytes, partial: body.partial }))
      .nullable()
      .prefault(null)
      .describe("What its `with_request_body` says; null: not declared."),
    ext_proc: laterSwitch("ext_proc").describe("Whether it also runs ext_proc. Not built yet."),
  })
  .transform((proxy) => ({ name: proxy.name, auth: proxy.auth, tenants: proxy.tenants, trusts: proxy.trust, body: proxy.body }));

export const proxies = z.array(proxy).prefault([]).describe("The Envoys that are believed beyond the agent's own token.");

export const allowUnauthenticatedProxies = z
  .boolean()
  .prefault(false)
  .describe("Start a plain listener off loopback although no proxy can prove itself. Switches protection off.");

export const deadline = duration("5ms", "10s")
  .prefault("150ms")
  .describe("The longest a decision may take; when it passes, the answer is deny fault `deadline_exceeded`.");

export const onFault = z
  .enum(["deny", "allow"])
  .transform(builtOnly("on_fault", ["deny"] as const))
  .prefault("deny")
  .describe("What happens when something a decision needs is down. `allow` is not built yet.");

export const onFaultRoutes = later("on_fault_routes").describe("Whether routes may set `sluice.on_fault`. Not built yet.");
