import { findReceipt } from "../../../operate/receipts.ts";
import { escapeText } from "../../http/escape-text.ts";
import type { ClientResult } from "../../http/exchange.ts";
import type { ExplanationView } from "../../http/explanation-view.ts";
import { type AddCommand, example } from "../add-command.ts";
import type { CliWorld } from "../cli-world.ts";
import { explanationLines } from "../describe-explanation.ts";
import { receiptLines } from "../describe-receipt.ts";
import { CommandEnd, EXIT } from "../exit.ts";
import { addServerOptions, openClient, type ServerOptions } from "../operator-client.ts";
import { receiptsFolder } from "../receipts-folder.ts";

export const addWhy: AddCommand = (program, world) => {
  addServerOptions(program.command("why <decision-id>"))
    .description("Shows why a call was decided so: its receipt in words, and what each rule saw where the server was asked to keep that.")
    .option("--folder <dir>", "where the receipts are (default: <state.folder>/receipts)")
    .addHelpText("after", example("sluice why 01JGQ4M8Z6T5X7V2C9B3N1K0RA"))
    .action(async (id, options) => {
      const folder = receiptsFolder(options, world);
      const found = await findReceipt(folder, id);
      if (found === null) throw new CommandEnd(EXIT.no, `no receipt in ${folder} is of the decision ${escapeText(id)}`);
      const asked = await askServer(id, options, world);
      if (options.json === true) {
        const explained = asked.kind === "ok" ? { explanation: asked.value, missing: null } : { explanation: null, missing: asked };
        world.write(`${JSON.stringify({ receipt: found.fields, intact: found.intact, ...explained })}\n`);
        return;
      }
      const changed = found.intact ? [] : ["This receipt was changed after it was written: run `sluice receipts verify`."];
      const lines = [...receiptLines(found.fields), ...changed, "", ...whyLines(asked, found.fields["policy"] === null)];
      world.write(lines.map((line) => `${line}\n`).join(""));
    });
};

type Asked = ClientResult<ExplanationView> | { readonly kind: "failed"; readonly code: "not_asked"; readonly message: string };

/** The record stands for itself: that the server cannot be asked is told and ends nothing. */
async function askServer(id: string, options: ServerOptions, world: CliWorld): Promise<Asked> {
  try {
    return await (await openClient(options, world)).explanation(id);
  } catch (error) {
    if (error instanceof CommandEnd) return { kind: "failed", code: "not_asked", message: error.message };
    throw error;
  }
}

const HOW_TO_GET_ONE =
  "No explanation of this decision is kept: make the call again with the header `x-sluice-explain` through a proxy whose `trust` has `explain`.";

function whyLines(asked: Asked, isBeforePolicy: boolean): readonly string[] {
  if (asked.kind === "ok") return keptLines(asked.value);
  if (asked.code !== "explanation_unknown") return [`The server was not asked for an explanation: ${escapeText(asked.message)}`];
  return [isBeforePolicy ? "The call was refused before any rule was looked at." : HOW_TO_GET_ONE];
}

function keptLines({ why, rules, rules_left_out: leftOut }: ExplanationView): readonly string[] {
  const more = leftOut === 0 ? [] : [`${leftOut} more rules are not told: the explanation would be too long.`];
  return [...explanationLines({ ...why, rules }), ...more];
}
