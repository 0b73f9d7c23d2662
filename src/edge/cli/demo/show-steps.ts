import Table from "cli-table3";
import { createColors } from "picocolors";
import { escapeText } from "../../http/escape-text.ts";
import type { DemoReceipt, Seen, UpstreamSight } from "./demo-parts.ts";

/** One line of the demo's table. `seen` is null for what is no call. */
export type StepResult = {
  readonly title: string;
  readonly isExpected: boolean;
  readonly seen: Seen | null;
  readonly receipt: DemoReceipt | null;
  readonly note: string | null;
};

/** NO_COLOR and pipes are the caller's business: `isColored` says what it found. */
export function showSteps(results: readonly StepResult[], isColored: boolean): string {
  const colors = createColors(isColored);
  const table = new Table({
    head: ["call", "status", "decision", "rule", "reason", "µs", "upstream"],
    style: { head: [], border: [], compact: true },
    colWidths: [28, 8, 17, 24, 36, 7, 16],
    wordWrap: true,
  });
  for (const { title, isExpected, seen, receipt, note } of results) {
    const mark = isExpected ? colors.green("✓") : colors.red("✗");
    const name = `${mark} ${title}`;
    if (seen === null) table.push([name, "", "", "", note ?? "", "", ""]);
    else table.push([name, ...cells(seen, receipt, note)]);
  }
  return table.toString();
}

/** What reached the upstream of a sanitized call, line by line. */
export function showReceived(sight: UpstreamSight): string {
  if (sight.kind !== "received") return "";
  const lines = sight.headers.map(([name, value]) => `    ${escapeText(name)}: ${escapeText(value)}`);
  return [`  what the upstream received of the call with an SSN:`, `    ${escapeText(sight.target)}`, ...lines].join("\n");
}

function cells(seen: Seen, receipt: DemoReceipt | null, note: string | null): readonly string[] {
  const decision = seen.class === null ? seen.decision : `${seen.decision} ${seen.class}`;
  const reason = [seen.code, seen.message === null ? null : escapeText(seen.message), note].filter((text) => text !== null).join("; ");
  return [
    String(seen.status),
    decision,
    receipt?.rule ?? "–",
    reason === "" ? "–" : reason,
    receipt === null ? "–" : String(receipt.us),
    upstreamCell(seen.upstream),
  ];
}

function upstreamCell(sight: UpstreamSight): string {
  switch (sight.kind) {
    case "not_forwarded":
      return "not forwarded";
    case "nothing":
      return "not reached";
    case "received":
      return "reached";
  }
}
