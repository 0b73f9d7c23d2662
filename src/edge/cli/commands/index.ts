import type { AddCommand } from "../add-command.ts";
import { addApprovals } from "./approvals.ts";
import { addCheck } from "./check.ts";
import { addConfig } from "./config.ts";
import { addDemo } from "./demo.ts";
import { addDoctor } from "./doctor.ts";
import { addKey } from "./key.ts";
import { addPolicy } from "./policy.ts";
import { addReceipts } from "./receipts.ts";
import { addServe } from "./serve.ts";
import { addToken } from "./token.ts";
import { addWhy } from "./why.ts";

/** Every command, in the order `--help` shows them. */
export const COMMANDS: readonly AddCommand[] = [
  addServe,
  addDemo,
  addCheck,
  addPolicy,
  addKey,
  addToken,
  addApprovals,
  addReceipts,
  addWhy,
  addConfig,
  addDoctor,
];
