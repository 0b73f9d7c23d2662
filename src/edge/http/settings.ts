import { z } from "zod";
import { address, name, secret } from "../../core/setting.ts";

export const httpAddress = address()
  .transform((given, ctx) => {
    if (given.kind === "tcp") return given;
    ctx.addIssue({ code: "custom", message: "http: a Unix socket is not built yet; give host:port" });
    return z.NEVER;
  })
  .prefault("127.0.0.1:9190")
  .describe("What operators call: API, health, metrics. A personal credential is asked for on every address.");

/** A name with its port, as a client writes it into `Host`. */
const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?(?::[1-9][0-9]{0,4})?$/;

export const httpHosts = z
  .array(z.string().toLowerCase().regex(HOST, { error: "expected a name with its port, for example sluice.prod.svc:9190" }))
  .prefault([])
  .describe("Names, with the port, by which `http` is reached besides loopback and its own address, for example of a Kubernetes Service.");

const operator = z
  .strictObject({
    name: name().describe("Who this is in records. `admin` is the operator of `<state.folder>/operator.token`."),
    token: secret().describe("The credential sent in `authorization: Bearer`."),
    roles: z
      .array(z.enum(["viewer", "approver", "author", "operator", "admin"]))
      .min(1)
      .describe("What this operator may do."),
    tenants: z.array(name()).min(1).describe("The tenants this operator sees."),
  })
  .readonly();

export const operators = z.array(operator).prefault([]).describe("Who may call the operators' API, each with a personal credential.");
