import type { Identification } from "../identity/create-identifier.ts";
import type { Progress } from "./progress.ts";
import type { Stop } from "./stop.ts";
import type { World } from "./world.ts";

/** Step 1: the credential says who calls, and the tenant and the revocations whether that still counts. */
export function identifyCaller(progress: Progress, world: World): Stop | null | Promise<Stop | null> {
  const found = world.identifier.identify(progress.call, progress.nowMs);
  if (found instanceof Promise) return found.then((settled) => takeIdentification(settled, progress, world));
  return takeIdentification(found, progress, world);
}

function takeIdentification(found: Identification, progress: Progress, world: World): Stop | null {
  switch (found.kind) {
    case "refused":
      progress.identity = found.reason;
      progress.tenant = found.tenant === null ? world.soleTenant() : world.findTenant(found.tenant);
      return { kind: "identity", code: found.code, challenge: found.challenge };
    case "caller":
      break;
    default:
      throw new Error("identification gave neither a caller nor a refusal");
  }
  const { caller } = found;
  progress.identity = "ok";
  progress.caller = caller;
  progress.tenant = world.findTenant(caller.tenant);
  if (progress.tenant === null) return { kind: "fault", code: "policy_unavailable", detail: "the caller's tenant is not configured" };
  return world.revocations.find(caller) === null ? null : { kind: "revoked" };
}
