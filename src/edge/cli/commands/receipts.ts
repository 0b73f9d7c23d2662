import type { VerifyReport } from "../../../audit/verify-report.ts";
import { tailReceipts, verifyFolder } from "../../../operate/receipts.ts";
import { escapeText } from "../../http/escape-text.ts";
import { type AddCommand, example, noun } from "../add-command.ts";
import { EXIT } from "../exit.ts";
import { loadOrEnd } from "../load-or-end.ts";
import { parseCount } from "../parse-count.ts";
import { readPinnedKeys } from "../read-pinned-keys.ts";
import { receiptsFolder } from "../receipts-folder.ts";

const SHOWN_DEFAULT = 20;

export const addReceipts: AddCommand = (program, world, setExit) => {
  const receipts = noun(program, "receipts", "The record of decisions.");
  receipts
    .command("tail")
    .description("Shows the newest receipts.")
    .option("-n <count>", "how many", parseCount, SHOWN_DEFAULT)
    .option("--folder <dir>", "where the receipts are (default: <state.folder>/receipts)")
    .option("--config <file>", "configuration")
    .option("--agent <agent>", "only this agent's")
    .option("--decision <decision>", "only allow, sanitize, approval_needed or deny")
    .option("--json", "the stored lines as they are")
    .addHelpText("after", example("sluice receipts tail -n 5 --decision deny"))
    .action(async (options) => {
      const filter = { agent: options.agent, decision: options.decision };
      for await (const one of tailReceipts(receiptsFolder(options, world), { n: options.n, filter, follow: null })) {
        world.write(options.json === true ? `${one.text}\n` : line(one.fields));
      }
    });
  receipts
    .command("verify")
    .description("Checks chain and signatures of every receipt against a pinned public key.")
    .option("--folder <dir>", "where the receipts are (default: <state.folder>/receipts)")
    .option("--key <file>", "the receipts key or its public part (default: <state.folder>/keys/receipts.jwk)")
    .option("--anchor <hash>", "hash of a checkpoint that was kept elsewhere")
    .option("--config <file>", "configuration")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice receipts verify --folder ./receipts --key receipts.pub.jwk"))
    .action(async (options) => {
      const keyFile = options.key ?? `${loadOrEnd(options, world).settings.state.folder}/keys/receipts.jwk`;
      const keys = readPinnedKeys(keyFile);
      const report = await verifyFolder(receiptsFolder(options, world), { keys, anchor: options.anchor ?? null });
      world.write(options.json === true ? `${JSON.stringify(report)}\n` : describe(report));
      setExit(report.ok ? EXIT.fine : EXIT.no);
    });
};

function line(fields: Readonly<Record<string, unknown>>): string {
  const parts = [
    fields["at"],
    fields["kind"],
    fields["decision"],
    fields["class"],
    fields["code"],
    fields["agent"],
    fields["rule"],
    describeCall(fields["call"]),
  ];
  const shown = parts.filter((part) => typeof part === "string" && part !== "");
  return `${shown.map((part) => escapeText(String(part))).join("  ")}\n`;
}

function describeCall(call: unknown): string {
  if (typeof call !== "object" || call === null) return "";
  const { method, host, path } = call as { readonly method?: unknown; readonly host?: unknown; readonly path?: unknown };
  return `${String(method)} ${String(host)}${String(path)}`;
}

function describe(report: VerifyReport): string {
  const streams = report.streams.map(
    (one) => `${escapeText(one.stream)}: ${one.receipts} receipts to ${one.lastSeq}, signed to ${one.signedSeq}\n`,
  );
  const problems = report.problems.map(
    (one) =>
      `PROBLEM ${one.file ?? "-"}:${one.line ?? "-"} (stream ${escapeText(one.stream ?? "-")}, seq ${one.seq ?? "-"}): ${one.kind}: ${escapeText(one.message)}\n`,
  );
  const warnings = report.warnings.map((one) => `warning: ${one.kind}: ${escapeText(one.message)}\n`);
  return [...streams, ...problems, ...warnings, report.ok ? "The receipts are intact.\n" : "The receipts are NOT intact.\n"].join("");
}
