/** One person behind several identities (configuration `people`). Quorum and exclusion count persons. */
export type Person = {
  readonly name: string;
  /** The operator credential this person answers with, or null. */
  readonly operator: string | null;
  /** Token subjects that are this person. */
  readonly subjects: readonly string[];
  /** Agents this person owns; one `*` at the end. */
  readonly owns: readonly string[];
  readonly groups: readonly string[];
};

export type Role = "viewer" | "approver" | "author" | "operator" | "admin";

/** Who speaks on the operators' API, after their credential was checked. */
export type Operator = { readonly name: string; readonly roles: ReadonlySet<Role>; readonly tenants: readonly string[] | "all" };
