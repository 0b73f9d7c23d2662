import { z } from "zod";
import type { Role } from "../../core/person.ts";
import type { LiveBundle, PolicyDesk } from "../../operate/policy-desk.ts";
import { seesTenant } from "../../operate/sees-tenant.ts";
import type { OpenPolls } from "./open-polls.ts";
import { viewHistory, viewPolicies, viewPushed } from "./policy-view.ts";
import { namesTag, readWaitMs } from "./read-conditions.ts";
import { type ApiReply, type ApiRequest, READING_ROLES, type Route, refuse } from "./route.ts";

const AUTHORING_ROLES: readonly Role[] = ["author", "admin"];

const PARAMS = z.object({ tenant: z.string() });
const KEPT_PARAMS = z.object({ tenant: z.string(), digest: z.string() });
const PUSH_QUERY = z.strictObject({ forbid_widening: z.enum(["true", "false"]).optional() });

const GZIP = "application/gzip";
/** Says that the server holds answers back where it is asked to; without it OPA asks again only after its own delay. */
const POLLED = "application/vnd.openpolicyagent.bundles";

/** What decides for each tenant, and OPA's bundle API over it. A tenant that the operator does not see has no bundle. */
export function createBundleRoutes(desk: PolicyDesk, polls: OpenPolls): readonly Route[] {
  const path = "/v1/bundles/{tenant}";
  return [
    { method: "GET", path: "/v1/policy", roles: READING_ROLES, handle: (request) => list(desk, request) },
    { method: "GET", path, roles: READING_ROLES, handle: (request) => serve(desk, polls, request) },
    { method: "PUT", path, roles: AUTHORING_ROLES, body: "bundle", handle: (request) => push(desk, request) },
    { method: "GET", path: `${path}/history`, roles: READING_ROLES, handle: (request) => listKept(desk, request) },
    { method: "GET", path: `${path}/history/{digest}`, roles: READING_ROLES, handle: (request) => serveKept(desk, request) },
  ];
}

function list(desk: PolicyDesk, { operator }: ApiRequest): ApiReply {
  return { kind: "ok", body: viewPolicies(desk.describe().filter(({ tenant }) => seesTenant(operator, tenant))) };
}

async function serve(desk: PolicyDesk, polls: OpenPolls, { operator, params, headers, signal }: ApiRequest): Promise<ApiReply> {
  const { tenant } = PARAMS.parse(params);
  const first = seesTenant(operator, tenant) ? desk.live(tenant) : null;
  if (first === null) return refuse("bundle_unknown");
  const [known, waitMs] = [headers["if-none-match"], readWaitMs(headers["prefer"])];
  const isHeld = waitMs > 0 && namesTag(known, first.digest);
  // Told before anybody asks for it too, so that whoever asks for the first time goes on by long polls.
  const isPolled = isHeld
    ? await polls.hold((until) => desk.waitForChange(tenant, first.digest, { ms: waitMs, signal: until }), signal)
    : polls.hasRoom();
  const live = desk.live(tenant);
  if (live === null) return refuse("bundle_unknown");
  const type = isPolled ? POLLED : GZIP;
  if (namesTag(known, live.digest)) return { kind: "not_modified", headers: { etag: `"${live.digest}"`, "content-type": type } };
  return sendBundle(live, type);
}

async function sendBundle({ digest, read }: Pick<LiveBundle, "digest" | "read">, type: string): Promise<ApiReply> {
  const bytes = await read();
  return bytes === null ? refuse("bundle_gone") : { kind: "bytes", bytes, headers: { etag: `"${digest}"`, "content-type": type } };
}

async function push(desk: PolicyDesk, { operator, params, query, body }: ApiRequest): Promise<ApiReply> {
  const { tenant } = PARAMS.parse(params);
  const parsed = PUSH_QUERY.safeParse(query);
  if (!parsed.success) return refuse("query_invalid");
  if (!seesTenant(operator, tenant) || !desk.describe().some((one) => one.tenant === tenant)) return refuse("bundle_unknown");
  const packed = body instanceof Uint8Array ? body : new Uint8Array();
  const offered = await desk.offer(tenant, packed, { by: operator.name, forbidWidening: parsed.data.forbid_widening === "true" });
  switch (offered.kind) {
    case "live":
      return { kind: "ok", body: viewPushed(offered) };
    case "not_pushed":
      return refuse("not_pushed");
    case "widens":
      return refuse("widening_forbidden");
    case "refused":
      return { kind: "refused", code: offered.code, message: offered.reason };
  }
}

async function listKept(desk: PolicyDesk, { operator, params }: ApiRequest): Promise<ApiReply> {
  const { tenant } = PARAMS.parse(params);
  if (!seesTenant(operator, tenant)) return refuse("bundle_unknown");
  return { kind: "ok", body: viewHistory(await desk.history(tenant)) };
}

async function serveKept(desk: PolicyDesk, { operator, params }: ApiRequest): Promise<ApiReply> {
  const { tenant, digest } = KEPT_PARAMS.parse(params);
  const kept = seesTenant(operator, tenant) ? (await desk.history(tenant)).find((one) => one.digest === digest) : undefined;
  return kept === undefined ? refuse("bundle_unknown") : sendBundle(kept, GZIP);
}
