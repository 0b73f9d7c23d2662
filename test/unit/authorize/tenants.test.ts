import { describe, expect, it } from "vitest";
import { createAuthorize } from "../../../src/authorize/authorize.ts";
import { createTenants } from "../../../src/authorize/tenants.ts";
import type { PreparedPolicy } from "../../../src/core/policy.ts";
import { CALL, createWorld, NOW, PERMIT } from "./a-world.ts";

const FOREVER = Number.POSITIVE_INFINITY;

function aPolicy(revision: string): PreparedPolicy {
  const { policy } = createWorld({ ruling: PERMIT, policy: { revision } }).world.soleTenant() ?? {};
  if (policy?.kind !== "ready") throw new Error("the sample world has no policy");
  return policy.open().policy;
}

/** A version that counts how often it was opened and let go. */
function counted(revision: string) {
  const policy = aPolicy(revision);
  const counts = { opened: 0, rested: 0 };
  const open = () => {
    counts.opened += 1;
    return policy;
  };
  const rest = () => {
    counts.rested += 1;
  };
  return { counts, open, rest };
}

function openedRevision(tenants: ReturnType<typeof createTenants>): string {
  const { policy } = tenants.find("default") ?? {};
  return policy?.kind === "ready" ? policy.open().policy.revision : "none";
}

const start = () => createTenants([{ name: "default", mode: "enforce" }]);

describe("tenants", () => {
  it("have no policy before one was activated, and say why when none could be", () => {
    const tenants = start();
    expect(tenants.find("default")).toEqual({
      name: "default",
      mode: "enforce",
      policy: { kind: "unavailable", reason: "no policy was loaded yet" },
    });
    tenants.fail("default", "it does not compile");
    expect(tenants.find("default")?.policy).toEqual({ kind: "unavailable", reason: "it does not compile" });
    expect(tenants.find("other")).toBeNull();
  });

  it("go on by the version that decides where the next one fails", () => {
    const tenants = start();
    tenants.activate("default", counted("1"), FOREVER);
    tenants.fail("default", "it does not compile");
    expect(openedRevision(tenants)).toBe("1");
  });

  it("leave a call that has begun with the version it began with", () => {
    const tenants = start();
    tenants.activate("default", counted("1"), FOREVER);
    const { policy } = tenants.find("default") ?? {};
    tenants.activate("default", counted("2"), FOREVER);
    expect(policy?.kind === "ready" ? policy.open().policy.revision : null).toBe("1");
    expect(openedRevision(tenants)).toBe("2");
  });

  it("open a version at its first use and close it after ten minutes without one", () => {
    const tenants = start();
    const version = counted("1");
    tenants.activate("default", version, FOREVER);
    expect([version.counts.opened, tenants.isOpen("default")]).toEqual([0, false]);
    openedRevision(tenants);
    for (let minute = 0; minute < 9; minute++) tenants.rest();
    openedRevision(tenants);
    for (let minute = 0; minute < 9; minute++) tenants.rest();
    expect([version.counts, tenants.isOpen("default")]).toEqual([{ opened: 1, rested: 0 }, true]);
    tenants.rest();
    expect([version.counts, tenants.isOpen("default")]).toEqual([{ opened: 1, rested: 1 }, false]);
    expect(openedRevision(tenants)).toBe("1");
    expect(version.counts.opened).toBe(2);
  });

  it("keep their policy when their mode changes, and can come and go", () => {
    const tenants = start();
    tenants.activate("default", counted("1"), FOREVER);
    tenants.put({ name: "default", mode: "shadow" });
    expect([tenants.find("default")?.mode, openedRevision(tenants)]).toEqual(["shadow", "1"]);
    tenants.put({ name: "other", mode: "enforce" });
    expect([tenants.all().map(({ name }) => name), tenants.sole()]).toEqual([["default", "other"], null]);
    tenants.remove("other");
    expect([tenants.find("other"), tenants.sole()?.name]).toEqual([null, "default"]);
    expect(() => tenants.activate("other", counted("1"), FOREVER)).toThrow("there is no tenant other");
  });
});

describe("a call of a tenant", () => {
  const decide = (tenants: ReturnType<typeof createTenants>) => {
    const { world } = createWorld({ ruling: PERMIT });
    return createAuthorize({ ...world, findTenant: tenants.find, soleTenant: tenants.sole })({ kind: "call", call: CALL }, FOREVER);
  };

  it("is denied as a fault from the moment on that its version is good no longer, and goes on once it is again", async () => {
    const tenants = start();
    tenants.activate("default", counted("1"), NOW + 1);
    expect(await decide(tenants)).toMatchObject({ kind: "allow" });
    tenants.extend("default", NOW);
    expect(await decide(tenants)).toMatchObject({ kind: "deny", class: "fault", code: "policy_unavailable" });
    tenants.extend("default", NOW + 1);
    expect(await decide(tenants)).toMatchObject({ kind: "allow" });
  });

  it("is denied as a fault where its version cannot be opened", async () => {
    const tenants = start();
    const open = (): PreparedPolicy => {
      throw new Error("no memory");
    };
    tenants.activate("default", { open, rest: () => {} }, FOREVER);
    expect(await decide(tenants)).toMatchObject({ kind: "deny", class: "fault", code: "internal" });
  });
});
