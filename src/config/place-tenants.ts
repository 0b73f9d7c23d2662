import { findValueAt, isMapping, type Path } from "./problem.ts";
import { TENANT_DEFAULT } from "./settings.ts";

export type PlacedTenants = {
  readonly input: unknown;
  /** Top-level paths of tenant keys although `tenants` is written. */
  readonly contradictions: readonly Path[];
  /** Where a path of the placed input stands in the given one. */
  readonly findOrigin: (path: Path) => Path;
};

const TENANT_PATHS: readonly Path[] = [
  ["mode"],
  ["policies"],
  ["bundle"],
  ["bundle_keys"],
  ["allow_unsigned_bundles"],
  ["bundle_fetch"],
  ["identity", "required"],
  ["identity", "issuers"],
];

/** With one tenant its keys may stand at the top level: moves them to `tenants.default`. */
export function placeTenants(given: unknown): PlacedTenants {
  if (!isMapping(given)) return { input: given, contradictions: [], findOrigin: (path) => path };
  const written = TENANT_PATHS.filter((path) => findValueAt(given, path) !== undefined);
  const hasTenants = given["tenants"] !== undefined && given["tenants"] !== null;
  if (hasTenants) return { input: given, contradictions: written, findOrigin: (path) => path };

  const tenant: Record<string, unknown> = {};
  const rest: Record<string, unknown> = { ...given, tenants: { [TENANT_DEFAULT]: tenant } };
  for (const path of written) {
    const [key, inner] = path.map(String);
    if (key === undefined) continue;
    if (inner === undefined) {
      tenant[key] = given[key];
      delete rest[key];
    } else {
      tenant[key] = { ...(isMapping(tenant[key]) ? tenant[key] : {}), [inner]: findValueAt(given, path) };
      const { [inner]: _moved, ...left } = isMapping(rest[key]) ? rest[key] : {};
      rest[key] = left;
    }
  }
  const isMoved = (path: Path) => path[0] === "tenants" && path[1] === TENANT_DEFAULT;
  return { input: rest, contradictions: [], findOrigin: (path) => (isMoved(path) ? path.slice(2) : path) };
}
