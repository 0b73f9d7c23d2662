import { openFileApprovals } from "../../../src/approvals/approvals.file.ts";
import { APPROVAL_LIMITS } from "../../../src/approvals/approvals.ts";
import { DESCRIPTION, person, SUBJECT } from "./subjects.ts";

// Run as a process of its own and killed: makes, approves and consumes approvals, and says each step once it is acknowledged.
const ana = person("ana");
const approvals = await openFileApprovals({
  folder: process.argv[2] ?? "",
  rewriteAtBytes: 8192,
  people: [ana],
  limits: { ...APPROVAL_LIMITS, pendingPerAgentMax: 1000 },
  onTransition: () => {},
});
const NOW = 1_800_000_000_000;

for (let at = 0; at < 100_000; at++) {
  const asked = await approvals.request({ ...SUBJECT, digest: String(at) }, DESCRIPTION, NOW);
  if (asked.kind === "flood") throw new Error("flood");
  const { id } = asked.approval;
  process.stdout.write(`${id} pending\n`);
  await approvals.answer(id, { kind: "approve", by: ana, reason: null }, NOW);
  process.stdout.write(`${id} approved\n`);
  if (at % 2 === 0 && (await approvals.consume(id, NOW))) process.stdout.write(`${id} consumed\n`);
}
