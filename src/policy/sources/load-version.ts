import { readFile } from "node:fs/promises";
import { type AdmissionRules, admitBundle } from "../bundle/admit-bundle.ts";
import { parseCases } from "../bundle/parse-cases.ts";
import type { Bundle } from "../bundle/read-bundle.ts";
import type { RefusalCode } from "../bundle/refusals.ts";
import type { PolicyCase } from "../compile/cases.ts";
import { describeProblem, type Problem } from "../compile/problem.ts";
import { sha256 } from "../digest-policy.ts";
import type { Program } from "../program.ts";
import { makePolicyImage, type PolicyImage } from "../wasm/make-policy-image.ts";
import { PolicyRefusedError } from "../wasm/policy-refused-error.ts";
import { EVALUATION_BUDGET_US } from "../wasm/within-budget.ts";
import { loadFolder } from "./load-folder.ts";
import type { PolicyOrigin, PolicySourceName, PolicyVersion } from "./policy-feed.ts";
import type { FolderPlace } from "./source-deps.ts";
import { timeWarmUp } from "./time-warm-up.ts";

/** Everything that loading needs to know. Plain data, so that a thread can be told. */
export type LoadJob =
  | { readonly kind: "folder"; readonly place: FolderPlace }
  | {
      readonly kind: "bundle";
      readonly source: BundleSourceName;
      readonly packed: Uint8Array;
      readonly rules: AdmissionRules;
      readonly isLastGood: boolean;
    };

export type BundleSourceName = Exclude<PolicySourceName, "folder">;

export type LoadResult =
  /** Without the bytes: who asked has them. */
  | Omit<PolicyVersion, "packed">
  | {
      readonly kind: "refused";
      readonly code: RefusalCode;
      readonly reason: string;
      readonly digest: string | null;
      /** What is wrong in a folder's files. */
      readonly problems: readonly Problem[];
    };

export type LoadTools = {
  /** Says what of the first case that fails was not met; null where all pass. */
  readonly tryCases: (trial: CaseTrial) => Promise<string | null>;
  readonly monotonicUs: () => number;
};

export type CaseTrial = {
  readonly program: Program;
  readonly wasm: Uint8Array;
  readonly name: string;
  readonly revision: string;
  readonly digest: string;
  readonly nowMs: number;
  readonly cases: readonly PolicyCase[];
};

/** Everything about loading whose time grows with the policy: reads or admits it, compiles it, reads it into the engine and tries it. */
export async function loadVersion(job: LoadJob, tools: LoadTools): Promise<LoadResult> {
  switch (job.kind) {
    case "folder":
      return loadFolderVersion(job.place, tools);
    case "bundle":
      return loadBundleVersion(job, tools);
  }
}

async function loadFolderVersion({ folder, guardrailFolders, engineFile }: FolderPlace, { monotonicUs }: LoadTools): Promise<LoadResult> {
  const loaded = await loadFolder(folder, guardrailFolders);
  if (loaded.kind === "refused") return refusedFolder(loaded.problems);
  const { program, revision, digest } = loaded;
  const made = makeImage(program, await readFile(engineFile), monotonicUs);
  if (made.kind === "refused") return { ...made, digest, problems: [] };
  const origin: PolicyOrigin = { source: "folder", digest, serial: null, signedBy: null, notAfterMs: null, isLastGood: false };
  return { kind: "version", name: program.policies.map(({ name }) => name).join("+"), revision, origin, image: made.image };
}

async function loadBundleVersion(job: LoadJob & { readonly kind: "bundle" }, tools: LoadTools): Promise<LoadResult> {
  const { packed, rules } = job;
  const admitted = await admitBundle(packed, rules);
  if (admitted.kind === "refused") return refused(admitted.code, admitted.reason, sha256(packed));
  const { bundle, signedBy } = admitted;
  const { program, wasm, name, revision, digest } = bundle;
  const parsed = parseCases(bundle.cases);
  if (parsed.kind === "malformed") return refused("data_malformed", parsed.reason, digest);
  const made = makeImage(program, wasm, tools.monotonicUs);
  if (made.kind === "refused") return { ...made, digest, problems: [] };
  if (parsed.cases.length > 0) {
    const failed = await tools.tryCases({ program, wasm, name, revision, digest, nowMs: rules.nowMs, cases: parsed.cases });
    if (failed !== null) return refused("cases_failed", failed, digest);
  }
  return { kind: "version", name, revision, origin: originOf(bundle, signedBy, job), image: made.image };
}

function originOf(
  { digest, manifest }: Bundle,
  signedBy: string | null,
  { source, isLastGood }: LoadJob & { readonly kind: "bundle" },
): PolicyOrigin {
  const { serial, not_after: notAfter } = manifest.metadata.sluice;
  return { source, digest, serial, signedBy, notAfterMs: notAfter === undefined ? null : Date.parse(notAfter), isLastGood };
}

type MadeImage =
  | { readonly kind: "image"; readonly image: PolicyImage }
  | { readonly kind: "refused"; readonly code: RefusalCode; readonly reason: string };

function makeImage(program: Program, wasm: Uint8Array, monotonicUs: () => number): MadeImage {
  try {
    const image = makePolicyImage(program, wasm);
    const tookUs = timeWarmUp(image, monotonicUs);
    if (tookUs <= EVALUATION_BUDGET_US) return { kind: "image", image };
    return { kind: "refused", code: "warm_up_failed", reason: `a first call took ${Math.round(tookUs)} µs of ${EVALUATION_BUDGET_US}` };
  } catch (error) {
    if (!(error instanceof PolicyRefusedError)) throw error;
    return { kind: "refused", code: error.step === "warm_up" ? "warm_up_failed" : "wasm_refused", reason: error.message };
  }
}

function refusedFolder(problems: readonly Problem[]): LoadResult {
  const [first] = problems;
  const reason = first === undefined ? "the folder has errors" : describeProblem(first);
  return { kind: "refused", code: "policy_invalid", reason, digest: null, problems };
}

function refused(code: RefusalCode, reason: string, digest: string): LoadResult {
  return { kind: "refused", code, reason, digest, problems: [] };
}
