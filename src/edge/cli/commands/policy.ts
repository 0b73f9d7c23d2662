import { type AddCommand, noun } from "../add-command.ts";
import { addBuild } from "./policy/build.ts";
import { addDiff } from "./policy/diff.ts";
import { addFmt } from "./policy/fmt.ts";
import { addInspect } from "./policy/inspect.ts";
import { addLog } from "./policy/log.ts";
import { addPush } from "./policy/push.ts";
import { addRollback } from "./policy/rollback.ts";
import { addTest } from "./policy/test.ts";
import { addValidate } from "./policy/validate.ts";
import { addVerify } from "./policy/verify.ts";

const VERBS = [addValidate, addTest, addBuild, addVerify, addInspect, addDiff, addPush, addRollback, addLog, addFmt];

export const addPolicy: AddCommand = (program, world, setExit) => {
  const policy = noun(program, "policy", "The policy tool chain.");
  for (const add of VERBS) add(policy, world, setExit);
};
