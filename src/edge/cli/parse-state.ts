import { InvalidArgumentError } from "@commander-js/extra-typings";
import { APPROVAL_STATES } from "../http/approval-view.ts";

export function parseState(text: string): (typeof APPROVAL_STATES)[number] {
  const state = APPROVAL_STATES.find((one) => one === text);
  if (state === undefined) throw new InvalidArgumentError(`one of ${APPROVAL_STATES.join(", ")} is expected`);
  return state;
}
