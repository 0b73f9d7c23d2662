import { verifyBundle } from "../../../../operate/verify-bundle.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { type AddCommand, example } from "../../add-command.ts";
import { EXIT } from "../../exit.ts";
import { readVerifier } from "../../read-bundle-key.ts";
import { readBundleFile } from "./bundle-file.ts";
import { parseTenant } from "./parse-build-options.ts";

export const addVerify: AddCommand = (policy, world, setExit) => {
  policy
    .command("verify <file>")
    .description("Does with a bundle what a server does before it lets it decide, cases and first call included.")
    .requiredOption("--key <file>", "the public key that it must be signed with: JWK, JWKS of one key, or PEM")
    .option("--tenant <name>", "the tenant it must be for (default: whichever it says)", parseTenant)
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy verify bundle.tar.gz --key ci.jwks.json --tenant default"))
    .action(async (file, options) => {
      const key = await readVerifier(options.key, world);
      const packed = await readBundleFile(file, world);
      const verified = await verifyBundle(packed, { key, tenant: options.tenant ?? null, nowMs: world.clock.nowMs() });
      if (options.json === true) world.write(`${JSON.stringify(verified)}\n`);
      else if (verified.kind === "refused") world.writeError(`${escapeText(`${verified.code}: ${verified.reason}`)}\n`);
      else {
        const { revision, digest, serial, signedBy } = verified;
        world.write(escapeText(`Verified: revision ${revision}, serial ${serial}, signed by ${signedBy}, sha256 ${digest}`).concat("\n"));
      }
      setExit(verified.kind === "verified" ? EXIT.fine : EXIT.no);
    });
};
