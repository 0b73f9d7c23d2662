import { parseName } from "../../core/name.ts";
import type { ApprovalRequirement } from "../../core/ruling.ts";
import type { Group } from "./lower-groups.ts";
import { suggestName } from "./nearest-name.ts";
import { compareText } from "./problem.ts";
import type { ApprovalSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { checkSummary } from "./templates.ts";
import { cureDuration } from "./values/cure-time.ts";
import { parseDuration } from "./values/parse-duration.ts";

const EXPIRES_DEFAULT_MS = 15 * 60_000;
const USE_WITHIN_DEFAULT_MS = 10 * 60_000;
const LIFE_MAX_MS = 30 * 86_400_000;
const COUNT_MAX = 100;

/** What an approval may speak of. */
export type ApprovalScope = {
  /** The arguments that every tool of its rule has. */
  readonly args: ReadonlySet<string>;
  /** Whether every tool of its rule has an amount. */
  readonly amount: boolean;
  /** The groups of the files beside it. */
  readonly groups: ReadonlyMap<string, Group>;
};

export function lowerApproval(source: ApprovalSource, spot: Spot, { args, amount, groups }: ApprovalScope): ApprovalRequirement | null {
  const from = lowerNames(source.from ?? [], spot.in("from"), "a group");
  if (source.from === undefined || source.from.length === 0)
    return spot.problem({ code: "missing_key", message: "the key `from` is missing: the groups whose people may approve" });
  const exclude = lowerNames(source.exclude ?? [], spot.in("exclude"), "a group or a person");
  const count = source.count ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX)
    return spot.in("count").problem({ code: "wrong_value", message: `count is a whole number from 1 to ${COUNT_MAX}` });
  const expiresMs = life(source.expires, EXPIRES_DEFAULT_MS, spot.in("expires"));
  const useWithinMs = life(source.use_within, USE_WITHIN_DEFAULT_MS, spot.in("use_within"));
  const bind = source.bind === undefined ? [] : lowerBind(source.bind, spot.in("bind"), args);
  if (from === null || exclude === null || expiresMs === null || useWithinMs === null || bind === null) return null;
  if (source.summary !== undefined && !checkSummary(source.summary, spot.in("summary"), { args, amount })) return null;
  const peopleOf = (names: readonly string[]) => names.flatMap((name) => groups.get(name)?.people ?? []);
  return {
    from,
    people: [...new Set(peopleOf(from))].sort(compareText),
    count,
    // Who is in a group of the files is known only here.
    exclude: [...new Set([...exclude, ...peopleOf(exclude)])],
    note: source.note === "required",
    bind: source.bind === undefined ? null : bind,
    expiresMs,
    useWithinMs,
    summary: source.summary ?? null,
  };
}

function lowerNames(list: readonly string[], spot: Spot, of: string): readonly string[] | null {
  const strangers = list.filter((text, at) => {
    if (parseName(text) !== null) return false;
    spot.in(at).problem({ code: "wrong_value", message: `\`${text}\` is no name of ${of}` });
    return true;
  });
  return strangers.length > 0 ? null : [...new Set(list)];
}

/** `args.to` by its name; what is not among them may differ between the approval and the call. */
function lowerBind(list: readonly string[], spot: Spot, args: ReadonlySet<string>): readonly string[] | null {
  if (list.length === 0) {
    return spot.problem({ code: "wrong_value", message: "an approval bound to nothing approves every call", fix: "leave `bind` out" });
  }
  const allowed = [...args].map((name) => `args.${name}`);
  const strangers = list.filter((text, at) => {
    if (allowed.includes(text)) return false;
    const fix = allowed.length === 0 ? "name tools in the rule's match" : suggestName(text, allowed);
    spot.in(at).problem({ code: "wrong_value", message: `\`${text}\` is no argument that every tool of this rule has`, fix });
    return true;
  });
  return strangers.length > 0 ? null : [...new Set(list.map((text) => text.slice("args.".length)))].sort(compareText);
}

function life(text: string | undefined, byDefault: number, spot: Spot): number | null {
  if (text === undefined) return byDefault;
  const ms = parseDuration(text);
  if (ms !== null && ms <= LIFE_MAX_MS) return ms;
  return spot.problem({ code: "wrong_value", message: `\`${text}\` is no duration up to 30d`, fix: cureDuration(text, LIFE_MAX_MS) });
}
