import { openBundleState } from "../../../src/policy/bundle/bundle-state.ts";
import { sha256 } from "../../../src/policy/digest-policy.ts";

// Keeps one bundle after another until it is killed, and says the serial of each when it is kept.
const [folder = ""] = process.argv.slice(2);
const state = await openBundleState({ folder, tenant: "acme" });
for (let serial = (state.mark() ?? 0) + 1; ; serial += 1) {
  const packed = Buffer.alloc(200_000, `serial ${serial}\n`);
  await state.keepAdmitted({ packed, digest: sha256(packed), revision: `r${serial}`, serial, activatedAtMs: serial });
  process.stdout.write(`${serial}\n`);
}
