import { type AddCommand, noun } from "../add-command.ts";
import { addBuild } from "./policy/build.ts";
import { addDiff } from "./policy/diff.ts";
import { addFmt } from "./policy/fmt.ts";
import { addTest } from "./policy/test.ts";
import { addValidate } from "./policy/validate.ts";

const VERBS = [addValidate, addTest, addBuild, addDiff, addFmt];

export const addPolicy: AddCommand = (program, world, setExit) => {
  const policy = noun(program, "policy", "The policy tool chain.");
  for (const add of VERBS) add(policy, world, setExit);
};
