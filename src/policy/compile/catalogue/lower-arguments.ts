import type { ArgumentSource, PathSegment } from "../../../core/catalogue.ts";
import { bindingsOf } from "../match/path-patterns.ts";
import { suggestName } from "../nearest-name.ts";
import { compareText } from "../problem.ts";
import type { ToolSource } from "../schemas/tools-file.ts";
import type { Spot } from "../spot.ts";

type Carrier = { readonly body: "none" | "json" | "form"; readonly path: readonly PathSegment[] };

/** The arguments in the order of their names, or null after problems were noted. */
export function lowerArguments(args: NonNullable<ToolSource["args"]>, spot: Spot, carrier: Carrier): readonly ArgumentSource[] | null {
  const lowered = Object.entries(args).map(([name, { from, type = "any", record = false }]): ArgumentSource | null => {
    const at = spot.in(name);
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) {
      return at.problem({ code: "wrong_value", message: `\`${name}\` cannot be the name of an argument`, atKey: true });
    }
    const source = parseSource(from, at.in("from"), carrier);
    return source === null ? null : { name, from: source, type, record };
  });
  const good = lowered.filter((argument) => argument !== null);
  return good.length < lowered.length ? null : good.toSorted((a, b) => compareText(a.name, b.name));
}

const LOCATIONS = ["form", "json", "query", "path", "header"];

function parseSource(text: string, spot: Spot, { body, path }: Carrier): ArgumentSource["from"] | null {
  const [, location = "", key = ""] = /^([a-z]+)\.(.+)$/.exec(text) ?? [];
  const wrong = (message: string, fix: string | null = null) =>
    spot.problem({ code: "wrong_value", message: `\`${text}\` ${message}`, fix });
  switch (location) {
    case "json":
      if (body !== "json") return wrong("is read from a JSON body, which the tool does not declare", "write `body: json`");
      return key.split(".").includes("") ? wrong("has an empty part") : { kind: "json", path: key.split(".") };
    case "form":
      return body === "form" ? { kind: "form", key } : wrong("is read from a form, which the tool does not declare", "write `body: form`");
    case "path":
      if (bindingsOf(path).includes(key)) return { kind: "path", key };
      return wrong("is not bound by the tool's path", `write \`:${key}\` as a segment of the path`);
    case "header":
      return { kind: "header", key: key.toLowerCase() };
    case "query":
      return { kind: "query", key };
    default:
      return wrong("is no place of an argument", suggestName(location || text, LOCATIONS));
  }
}
