import { type InspectedBundle, inspectBundle } from "../../../../operate/inspect-bundle.ts";
import { escapeText } from "../../../http/escape-text.ts";
import { type AddCommand, example } from "../../add-command.ts";
import { EXIT } from "../../exit.ts";
import { readBundleFile } from "./bundle-file.ts";

export const addInspect: AddCommand = (policy, world, setExit) => {
  policy
    .command("inspect <file>")
    .description("Shows what is in a bundle and who says to have signed it, without judging that.")
    .option("--json", "as JSON")
    .addHelpText("after", example("sluice policy inspect bundle.tar.gz"))
    .action(async (file, options) => {
      const inspected = await inspectBundle(await readBundleFile(file, world));
      if (options.json === true) world.write(`${JSON.stringify(inspected)}\n`);
      else if (inspected.kind === "refused") world.writeError(`${escapeText(`${inspected.code}: ${inspected.reason}`)}\n`);
      else world.write(describe(inspected));
      setExit(inspected.kind === "inspected" ? EXIT.fine : EXIT.no);
    });
};

function describe(bundle: InspectedBundle & { readonly kind: "inspected" }): string {
  const { signature } = bundle;
  const lines = [
    `${bundle.name}, revision ${bundle.revision}, serial ${bundle.serial}`,
    `sha256     ${bundle.digest}`,
    `tenant     ${bundle.tenant ?? "any"}`,
    `good until ${bundle.not_after ?? "replaced"}`,
    ...(bundle.rollback_from === null ? [] : [`way back   from serial ${bundle.rollback_from} alone`]),
    `policies   ${bundle.policies.map(({ name, version }) => (version === null ? name : `${name} ${version}`)).join(", ")}`,
    `holds      ${bundle.rules} rules and limits, ${bundle.tools} tools, ${bundle.cases ?? "malformed"} cases`,
    ...bundle.files.map(({ name, bytes, hash }) => `  ${name.padEnd(16)} ${String(bytes).padStart(9)} bytes  ${hash ?? "no JSON"}`),
    signature === null
      ? "Not signed."
      : `Says to be signed with the key ${signature.kid ?? "without id"} by ${signature.alg ?? "an unknown algorithm"}; that was NOT verified.`,
  ];
  return lines.map((line) => `${escapeText(line)}\n`).join("");
}
