import { z } from "zod";
import { parseName } from "./name.ts";

/** Where a secret is. It is read when it is needed, and never printed. */
export type SecretRef = { readonly kind: "file"; readonly path: string } | { readonly kind: "env"; readonly name: string };

export type Address =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^([0-9]{1,9})(ms|s|m|h|d)$/;
const TCP = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5})$/;
const PORT_MAX = 65_535;

// The titles below are the types that the reference page shows; `path` and `address` are also how the configuration finds what to
// make absolute.

/** `150ms`, `5s`, `30m`, `1h`, `1d` → milliseconds between the two bounds, which are durations as well. */
export function duration(least: string, most: string) {
  return z
    .string()
    .meta({ title: "duration" })
    .transform((text, ctx) => {
      const ms = parseDuration(text);
      if (ms !== null && ms >= (parseDuration(least) ?? 0) && ms <= (parseDuration(most) ?? 0)) return ms;
      ctx.addIssue({ code: "custom", message: `a duration from ${least} to ${most} is expected, such as 150ms, 5s, 30m or 1h` });
      return z.NEVER;
    });
}

export function parseDuration(text: string): number | null {
  const parts = DURATION.exec(text);
  return parts === null ? null : Number(parts[1]) * (UNIT_MS[parts[2] ?? ""] ?? 0);
}

/** `host:port`, `[v6]:port` or `unix:PATH`. */
export function address() {
  return z
    .string()
    .meta({ title: "address" })
    .transform((text, ctx) => {
      const parsed = parseAddress(text);
      if (parsed !== null) return parsed;
      ctx.addIssue({ code: "custom", message: "an address is expected: host:port, [v6]:port or unix:PATH" });
      return z.NEVER;
    });
}

export function parseAddress(text: string): Address | null {
  if (text.startsWith("unix:")) return text.length > "unix:".length ? { kind: "unix", path: text.slice("unix:".length) } : null;
  const parts = TCP.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  return host === undefined || port > PORT_MAX ? null : { kind: "tcp", host, port };
}

/** A file or folder; the configuration makes it absolute. */
export function path() {
  return z
    .string()
    .min(1)
    .refine((text) => !text.includes("\0"), { error: "a path has no NUL" })
    .meta({ title: "path" });
}

/** `{file: PATH}` or `{env: NAME}`. */
export function secret() {
  return z.strictObject({ file: path().optional(), env: z.string().min(1).optional() }).transform((where, ctx): SecretRef => {
    if (where.file !== undefined && where.env === undefined) return { kind: "file", path: where.file };
    if (where.env !== undefined && where.file === undefined) return { kind: "env", name: where.env };
    ctx.addIssue({ code: "custom", message: "a secret is either {file: PATH} or {env: NAME}" });
    return z.NEVER;
  });
}

/** A tenant, agent, subject, group … in the grammar of contract section 2. */
export function name() {
  return z
    .string()
    .refine((text) => parseName(text) !== null, { error: "a name is 1 to 128 of A-Z a-z 0-9 . _ : @ / + -" })
    .meta({ title: "name" });
}

/** A key that the contract names and that does nothing yet: writing it ends the start, it is never ignored. */
export function later(key: string) {
  return z
    .unknown()
    .refine((value) => value === null || value === undefined, { error: `${key}: not built yet` })
    .transform(() => null)
    .prefault(null);
}

/** A switch that can only be off yet. */
export function laterSwitch(key: string) {
  return z
    .boolean()
    .refine((on) => !on, { error: `${key}: true is not built yet` })
    .prefault(false);
}

/** A value of a known set of which only some are built. */
export function builtOnly<T extends string>(key: string, built: readonly T[]) {
  return (value: string, ctx: z.RefinementCtx): T => {
    const found = built.find((one) => one === value);
    if (found !== undefined) return found;
    ctx.addIssue({ code: "custom", message: `${key}: ${value} is not built yet; built: ${built.join(", ")}` });
    return z.NEVER;
  };
}
