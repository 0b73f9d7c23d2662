import { findKept, type KeptRow, signRollback } from "../../../../operate/roll-back.ts";
import type { BundleSigner } from "../../../../policy/bundle/signing/sign-files.ts";
import type { BundleClient } from "../../../http/bundle-client.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { type AddCommand, example } from "../../add-command.ts";
import { CommandEnd, couldNotRun, EXIT } from "../../exit.ts";
import { addServerOptions, openBundleClient, valueOrEnd } from "../../operator-client.ts";
import { readSigner } from "../../read-bundle-key.ts";
import { parseNotAfter, parseTenant } from "./parse-build-options.ts";
import { pushBundle } from "./push-bundle.ts";

export const addRollback: AddCommand = (policy, world) => {
  addServerOptions(policy.command("rollback"))
    .description("Signs a version that decided before as the way back from the present one, and pushes it.")
    .requiredOption("--tenant <name>", "the tenant, whose `bundle` is `pushed`", parseTenant)
    .requiredOption("--to <revision>", "of a bundle that the server keeps, or its digest; `sluice policy log` tells")
    .requiredOption("--key <file>", "signs it: a private JWK or PEM")
    .option("--not-after <time>", "when servers stop taking it (default: as it was)", parseNotAfter)
    .option("--yes", "does not ask")
    .addHelpText("after", example("sluice policy rollback --tenant default --to 3f9a1c07b2d4 --key ./keys/ci.jwk"))
    .action(async (options) => {
      const signer = await readSigner(options.key, world);
      const client = await openBundleClient(options, world);
      const { tenant, to } = options;
      const { serialMark, digest } = await readPresent(tenant, client);
      const kept = keptOrEnd(valueOrEnd(await client.history(tenant)).bundles, to);
      if (kept.digest === digest) throw new CommandEnd(EXIT.no, `revision ${kept.revision} decides already`);
      const packed = await signAgain(kept, { tenant, serialMark, signer, notAfter: options.notAfter ?? null }, client);
      const [yes, json] = [options.yes === true, options.json === true];
      await pushBundle({ tenant, packed, label: `revision ${kept.revision}`, forbidWidening: false, yes, json }, client, world);
    });
};

async function readPresent(tenant: string, client: BundleClient) {
  const row = valueOrEnd(await client.policies()).tenants.find((one) => one.tenant === tenant);
  if (row === undefined || row.serial_mark === null) throw new CommandEnd(EXIT.no, `no bundle ever decided for ${tenant}`);
  return { serialMark: row.serial_mark, digest: row.digest };
}

function keptOrEnd(rows: readonly KeptRow[], to: string): KeptRow {
  const found = findKept(rows, to);
  switch (found.kind) {
    case "found":
      return found.kept;
    case "unknown":
      throw new CommandEnd(
        EXIT.no,
        `the server keeps no such version; it keeps ${rows.map(({ revision }) => revision).join(", ") || "none"}`,
      );
    case "ambiguous":
      throw couldNotRun(`several begin like this: ${found.revisions.join(", ")}`);
  }
}

type Rollback = {
  readonly tenant: string;
  readonly serialMark: number;
  readonly signer: BundleSigner;
  readonly notAfter: string | null;
};

async function signAgain({ digest }: KeptRow, rollback: Rollback, client: BundleClient): Promise<Uint8Array> {
  const packed = valueOrEnd(await client.kept(rollback.tenant, digest));
  const signed = await signRollback(packed, rollback);
  if (signed.kind === "refused") throw couldNotRun(escapeText(`what the server keeps cannot be read: ${signed.reason}`));
  return signed.packed;
}
