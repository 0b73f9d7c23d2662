import type { BundleRefusal } from "./admit-bundle.ts";

/** Why a version of a policy does not decide, one sentence a code. The docs and the commands say these. */
export const POLICY_REFUSALS = {
  too_large: "It is larger, unpacks to more, or has more entries than a bundle may.",
  archive_malformed: "It is no well-formed .tar.gz of plain files: a link, a name that leaves it, a name twice, or bytes that are missing.",
  file_unexpected: "It holds a file that is not part of a bundle.",
  file_absent: "It lacks a file that a bundle must have.",
  manifest_malformed: "Its .manifest is not one that this version understands.",
  engine_unknown: "It needs another version of the engine, or its policy.wasm is not the one that its manifest names.",
  data_malformed: "Its data.json holds something else than policies and cases.",
  signature_missing: "It is not signed, and unsigned bundles are not allowed for the tenant.",
  signature_malformed: "Its .signatures.json does not hold exactly one signature over a list of files.",
  algorithm_refused: "It is signed by an algorithm that bundles may not use, or that its key is not for.",
  key_unknown: "None of the tenant's keys has the signature's kid.",
  signature_wrong: "The key that the signature names did not make it.",
  file_unsigned: "It holds a file that the signature does not cover.",
  file_missing: "It lacks a file that was signed.",
  hash_mismatch: "One of its files is not what was signed.",
  tenant_differs: "It is for another tenant.",
  serial_too_old: "Its serial is below the highest that decided for the tenant, and it is no rollback from exactly that one.",
  expired: "Its not_after has passed.",
  wasm_refused:
    "The engine cannot take it: its policy.wasm does not compile, lacks an entry point, needs a built-in that is not there, or cannot read the data.",
  cases_failed: "A case that it carries does not come out as the case expects.",
  warm_up_failed: "A first call was not refused as it must be, or took longer than its budget.",
  policy_invalid: "The policy files of the folder do not compile.",
  load_failed: "It could not be loaded or kept: the thread ended, took too long, or the state folder could not be written.",
  widening_forbidden: "It allows what the version that decides does not, and the push forbade that.",
  unreachable: "Nothing answered where it should be, or nothing is there.",
  timed_out: "The answer did not begin or did not end in time.",
  status_unexpected: "The server answered with another status than 200 or 304.",
  redirect_refused: "The server redirected to another origin, without a place, or too often.",
  body_broken: "The answer is no HTTP, ended before it was whole, or its content encoding cannot be undone.",
  certificate_refused: "The server's certificate or ours was not accepted.",
} as const satisfies Record<BundleRefusal, string> & Record<string, string>;

export type RefusalCode = keyof typeof POLICY_REFUSALS;
