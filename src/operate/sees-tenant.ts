import type { Operator } from "../core/person.ts";

export function seesTenant(operator: Operator, tenant: string): boolean {
  return operator.tenants === "all" || operator.tenants.includes(tenant);
}
