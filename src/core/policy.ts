import type { Caller } from "./caller.ts";
import type { CatalogueEntry, HostReads } from "./catalogue.ts";
import type { RuleExplanation } from "./explanation.ts";
import type { PolicyInput } from "./policy-input.ts";
import type { Limit, Ruling } from "./ruling.ts";

/** One version of one tenant's policy, ready to decide. A call reads it once, so a swap never splits a call. */
export type PreparedPolicy = {
  readonly name: string;
  readonly revision: string;
  /** Hex SHA-256 of the bundle, or of the compiled data when it came from a folder. */
  readonly digest: string;
  readonly catalogue: readonly CatalogueEntry[];
  readonly reads: readonly HostReads[];
  /** Hosts named exactly by an enforced rule that permits or asks, or by a catalogue entry: they may be private. */
  readonly namedHosts: ReadonlySet<string>;
  /** Limits whose usage some condition reads, for `PolicyInput.usage`. */
  readonly usage: readonly Limit[];
  /** The caller's groups: the claim and those of the policy's `groups` files. Limits `per: [group]` charge each. */
  readonly groupsOf: (caller: Caller) => readonly string[];
  /** Throws where the engine fails: a fault, never an allow. */
  readonly decide: (input: PolicyInput) => Ruling;
  /** Why, rule by rule, with every value in clear: for people, and never asked for a decision. Costs as much as deciding. */
  readonly explain: (input: PolicyInput) => readonly RuleExplanation[];
};
