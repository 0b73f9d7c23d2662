import { type DiffedPolicy, diffPolicies } from "../../../../operate/diff-policy.ts";
import { readBundle } from "../../../../policy/bundle/read-bundle.ts";
import { sha256 } from "../../../../policy/digest-policy.ts";
import type { BundleClient } from "../../../http/bundle-client.ts";
import { escapeText } from "../../../http/escape-text.ts";
import type { CliWorld } from "../../cli-world.ts";
import { CommandEnd, couldNotRun, EXIT } from "../../exit.ts";
import { valueOrEnd } from "../../operator-client.ts";
import { describeDiff } from "./describe-diff.ts";
import { threadsForCases } from "./threads.ts";

export type BundlePush = {
  readonly tenant: string;
  readonly packed: Uint8Array;
  /** What it is called beside the live one. */
  readonly label: string;
  readonly forbidWidening: boolean;
  /** Without a question. */
  readonly yes: boolean;
  readonly json: boolean;
};

/** Shows what would change against the live bundle, asks, and pushes. The server refuses what it would refuse of anyone. */
export async function pushBundle(push: BundlePush, client: BundleClient, world: CliWorld): Promise<void> {
  const { tenant, packed, json, forbidWidening } = push;
  const read = await readBundle(packed);
  if (read.kind === "refused") throw new CommandEnd(EXIT.no, escapeText(`${read.code}: ${read.reason}`));
  const live = await client.live(tenant);
  if (live.kind === "ok" && sha256(live.value) === sha256(packed)) {
    world.write(json ? `${JSON.stringify({ pushed: null, diff: null })}\n` : "It decides already.\n");
    return;
  }
  const diffed = live.kind === "refused" && live.code === "bundle_unknown" ? null : await compare(valueOrEnd(live), push, world);
  if (!json)
    world.write(
      diffed === null ? "No bundle decides for this tenant yet.\n" : describeDiff(diffed, { reasons: [], isColored: world.isColored }),
    );
  if (forbidWidening && diffed !== null && (diffed.verdict.widens || diffed.verdict.mayWiden))
    throw new CommandEnd(EXIT.no, "widening_forbidden: nothing was pushed");
  if (!push.yes) await askOrEnd(tenant, world);
  const pushed = valueOrEnd(await client.push(tenant, packed, { forbidWidening }));
  const { revision, serial, digest } = pushed;
  world.write(
    json
      ? `${JSON.stringify({ pushed, diff: diffed })}\n`
      : `Live for ${tenant}: revision ${revision}, serial ${serial}, sha256 ${digest}\n`,
  );
}

type Diffed = DiffedPolicy & { readonly kind: "diffed" };

async function compare(live: Uint8Array, { packed, label }: BundlePush, world: CliWorld): Promise<Diffed> {
  const { wasm } = await world.readEngine();
  const sides = { was: { label: "the live bundle", packed: live }, is: { label, packed } };
  const diffed = await diffPolicies({ ...sides, wasm, nowMs: world.clock.nowMs(), threads: threadsForCases() });
  if (diffed.kind === "diffed") return diffed;
  throw couldNotRun(escapeText(diffed.messages.join("; ")));
}

async function askOrEnd(tenant: string, world: CliWorld): Promise<void> {
  const answer = await world.ask(`Let it decide for ${tenant}?`);
  if (answer === null) throw couldNotRun("nobody is at the terminal to ask: say --yes");
  if (!answer) throw new CommandEnd(EXIT.no, "nothing was pushed");
}
