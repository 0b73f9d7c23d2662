import type { Json } from "../../../../core/intent.ts";
import { tailReceipts } from "../../../../operate/receipts.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { type AddCommand, example } from "../../add-command.ts";
import { parseCount } from "../../parse-count.ts";
import { receiptsFolder } from "../../receipts-folder.ts";
import { parseTenant } from "./parse-build-options.ts";

const SHOWN_DEFAULT = 20;

export const addLog: AddCommand = (policy, world) => {
  policy
    .command("log")
    .description("Shows from the receipts which version decided from when on, who pushed it, what it changed, and what was refused.")
    .option("-n <count>", "how many", parseCount, SHOWN_DEFAULT)
    .option("--tenant <name>", "only this tenant's", parseTenant)
    .option("--folder <dir>", "where the receipts are (default: <state.folder>/receipts)")
    .option("--config <file>", "configuration")
    .option("--json", "the stored lines as they are")
    .addHelpText("after", example("sluice policy log --tenant default"))
    .action(async (options) => {
      const filter = { kind: "policy", tenant: options.tenant };
      for await (const one of tailReceipts(receiptsFolder(options, world), { n: options.n, filter, follow: null })) {
        world.write(options.json === true ? `${one.text}\n` : describe(one.fields));
      }
    });
};

type Fields = Readonly<Record<string, Json>>;

function describe(fields: Fields): string {
  const { at, tenant, event, revision, serial, source, by, code } = fields;
  const parts = [
    at,
    tenant,
    event,
    code,
    revision,
    serial === null || serial === undefined ? null : `serial ${String(serial)}`,
    by === null || by === undefined ? source : `pushed by ${String(by)}`,
    ...changesOf(fields["changes"]),
  ];
  return `${parts
    .filter((part) => typeof part === "string" && part !== "")
    .map((part) => escapeText(String(part)))
    .join("  ")}\n`;
}

function changesOf(changes: Json | undefined): readonly string[] {
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) return [];
  const said = new Map<string, Json>(Object.entries(changes));
  const marks = { added: "+", removed: "-", changed: "~" } as const;
  const listed = Object.entries(marks).flatMap(([key, mark]) => {
    const ids = said.get(key);
    return Array.isArray(ids) ? ids.map((id) => `${mark}${String(id)}`) : [];
  });
  return [...listed, ...(said.get("widening") === true ? ["[may widen]"] : [])];
}
