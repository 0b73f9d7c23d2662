import { suggestName } from "../nearest-name.ts";
import { describeType } from "./describe-type.ts";
import { FINDING_NAMES, INPUT_NAMES, INPUT_NAMES_LATER, type InputRow, USAGE_NAMES } from "./input-names.ts";
import type { ConditionScope, ElementType, Fault } from "./reading.ts";
import { writeName } from "./write-name.ts";

/** What a name such as `http.headers["x-a"]` means: its type and where it stands in the input. */
export type Resolved =
  | { readonly kind: "found"; readonly row: InputRow; readonly path: readonly string[] }
  /** `atRoot`: the fault is in the first name. */
  | { readonly kind: "fault"; readonly fault: Fault; readonly atRoot: boolean };

type Steps = readonly [root: string, ...rest: string[]];

/** Roots whose parts are not fixed names. */
const ROOTS: Readonly<Record<string, (steps: Steps, scope: ConditionScope) => Resolved>> = {
  args: resolveArgument,
  path: resolveBinding,
  usage: resolveUsage,
  time: resolveTime,
};

export function resolveName(steps: Steps, scope: ConditionScope): Resolved {
  const [root, second] = steps;
  if (INPUT_NAMES_LATER.has(root)) return faultAtRoot({ code: "not_built_yet", message: `\`${root}\` is reserved: nothing fills it yet` });
  const row = rowOf(INPUT_NAMES, root);
  if (row === null) {
    const names = Object.keys(INPUT_NAMES).filter((name) => !name.includes("."));
    return faultAtRoot({ code: "type_error", message: `there is no \`${root}\``, fix: suggestName(root, names) });
  }
  if (second === undefined) return found(row, steps);
  const resolve = Object.hasOwn(ROOTS, root) ? ROOTS[root] : undefined;
  return resolve === undefined ? resolvePart(steps) : resolve(steps, scope);
}

/** A name inside `exists` and `all`, after the element's own. */
export function resolveInElement(steps: readonly string[], type: ElementType): Resolved {
  const [first, ...deeper] = steps;
  if (type === "any") return found({ type: "any", optional: false }, steps);
  if (first === undefined) return found({ type: type === "text" ? "text" : "group", optional: false }, steps);
  const names = type === "text" ? {} : FINDING_NAMES;
  const row = deeper.length > 0 ? null : rowOf(names, first);
  return row === null ? noSuchPart("the element", first, Object.keys(names)) : found(row, steps);
}

function resolvePart(steps: Steps): Resolved {
  const [root, second = "", third] = steps;
  const row = rowOf(INPUT_NAMES, root);
  if (row?.type !== "group") return noSuchPart(`\`${root}\``, second, []);
  const part = rowOf(INPUT_NAMES, `${root}.${second}`);
  if (part === null) return noSuchPart(`\`${root}\``, second, partsOf(root));
  if (third === undefined) return found(part, steps);
  if (part.type !== "text_map") return noSuchPart(`\`${root}.${second}\``, third, []);
  if (second === "headers" && third !== third.toLowerCase()) {
    return fault({ code: "type_error", message: "names of headers are in lower case", fix: `write "${third.toLowerCase()}"` });
  }
  const [, , , extra] = steps;
  return extra === undefined
    ? found({ type: "text", optional: true }, steps)
    : noSuchPart(`\`${writeName(steps.slice(0, 3))}\``, extra, []);
}

function resolveArgument(steps: Steps, { args, declaredAs }: ConditionScope): Resolved {
  const [, name = "", part, ...deeper] = steps;
  const declared = declaredAs(name);
  if (declared === null) return found({ type: "any", optional: part !== undefined || !args.has(name) }, steps);
  const row: InputRow = { type: declared.type, optional: !args.has(name), declaredBy: declared.tool };
  if (part === undefined) return found(row, steps);
  const message = `\`args.${name}\` is ${describeType({ type: declared.type, declaredBy: declared.tool })} and has no part \`${part}\``;
  const isLength = declared.type !== "number" && deeper.length === 0 && /^(?:len|length|size|count)$/i.test(part);
  const fix = isLength ? `write size(args.${name})` : "an argument with parts has no type there, and is read from json";
  return fault({ code: "type_error", message, fix });
}

/** A name bound by the rule's own paths is a segment; one bound by the catalogue's has a name in the input. */
function resolveBinding(steps: Steps, { bindings, ownBindings, segments }: ConditionScope): Resolved {
  const [, name = "", extra] = steps;
  const row: InputRow = { type: "text", optional: false };
  if (extra !== undefined) return noSuchPart(`\`path.${name}\``, extra, []);
  const at = segments.get(name);
  if (at !== undefined) return found(row, ["segment", String(at)]);
  if (bindings.has(name)) return found(row, steps);
  if (ownBindings.has(name)) {
    const message = `\`path.${name}\` is not bound at the same place by every path of the rule`;
    return fault({ code: "type_error", message, fix: "write a rule for each place" });
  }
  const names = [...new Set([...bindings, ...segments.keys()])];
  const message = `\`path.${name}\` is bound neither by the rule's paths nor by every tool that it names`;
  return fault({ code: "type_error", message, fix: names.length === 0 ? `write :${name} in its path` : suggestName(name, names) });
}

function resolveUsage(steps: Steps, { policy, limitIds }: ConditionScope): Resolved {
  const [root, limit = "", part, extra] = steps;
  const id = limit.includes("/") ? limit : `${policy}/${limit}`;
  if (!limitIds.has(id)) {
    const own = [...limitIds].map((one) => (one.startsWith(`${policy}/`) ? one.slice(policy.length + 1) : one));
    return fault({ code: "type_error", message: `there is no limit \`${limit}\``, fix: suggestName(limit, own) });
  }
  if (part === undefined) return found({ type: "group", optional: false }, [root, id]);
  const row = rowOf(USAGE_NAMES, part);
  if (row === null) return noSuchPart(`\`usage["${limit}"]\``, part, Object.keys(USAGE_NAMES));
  return extra === undefined ? found(row, [root, id, part]) : noSuchPart(`\`usage["${limit}"].${part}\``, extra, []);
}

function resolveTime(steps: Steps, { timeZone }: ConditionScope): Resolved {
  const resolved = resolvePart(steps);
  const [root, part = ""] = steps;
  return resolved.kind === "found" ? { ...resolved, path: [root, timeZone, part] } : resolved;
}

function noSuchPart(whole: string, part: string, parts: readonly string[]): Resolved {
  const fix = parts.length === 0 ? null : suggestName(part, parts);
  return fault({ code: "type_error", message: `${whole} has no part \`${part}\``, fix });
}

function partsOf(root: string): readonly string[] {
  return Object.keys(INPUT_NAMES).flatMap((name) => (name.startsWith(`${root}.`) ? [name.slice(root.length + 1)] : []));
}

function rowOf(table: Readonly<Record<string, InputRow>>, name: string): InputRow | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}

function found(row: InputRow, path: readonly string[]): Resolved {
  return { kind: "found", row, path };
}

function fault(of: Fault): Resolved {
  return { kind: "fault", fault: of, atRoot: false };
}

function faultAtRoot(of: Fault): Resolved {
  return { kind: "fault", fault: of, atRoot: true };
}
