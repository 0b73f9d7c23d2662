import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Settings } from "../../config/settings.ts";
import type { Clock } from "../../core/clock.ts";
import type { KeyFiles, Pseudonyms } from "../../core/keys.ts";
import type { PreparedPolicy } from "../../core/policy.ts";
import type { ServerFacts } from "../../operate/doctor.ts";
import type { Program } from "../../policy/program.ts";

/** A server that runs. */
export type RunningServer = {
  readonly grpcAddress: string;
  readonly httpPort: number;
  /** Takes up other settings whole or not at all, and tells of it. */
  readonly reload: (loaded: LoadedSettings) => Promise<unknown>;
  /** Not ready at once, serves on for `shutdown.delay`, ends calls within `shutdown.grace`, flushes records. */
  readonly stop: (how: { readonly atOnce: boolean }) => Promise<void>;
};

/** What the commands reach; the process gives it, so that a test can give something else. */
export type CliWorld = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly version: string;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Whether standard output is a terminal that may be coloured. */
  readonly isColored: boolean;
  /** Resolves at SIGINT or SIGTERM; SIGHUP calls `onReload`. */
  readonly untilStopped: (onReload: () => void) => Promise<void>;
  /** Asks whoever is at the terminal, who must write `yes`; null where nobody is. */
  readonly ask: (question: string) => Promise<boolean | null>;
  readonly loadSettings: (given: { readonly file: string | null; readonly policies: string | null }) => LoadedSettings;
  readonly renderSettings: (effective: unknown) => string;
  readonly renderJsonSchema: () => string;
  readonly describeProblem: (problem: Extract<LoadedSettings, { kind: "invalid" }>["problems"][number]) => string;
  readonly startServer: (settings: Settings) => Promise<RunningServer>;
  readonly describeServer: (settings: Settings) => Promise<ServerFacts>;
  /** Resolves when standard input ends; stops listening when the signal is aborted. */
  readonly untilInputEnds: (signal: AbortSignal) => Promise<void>;
  /** Null: the embedded examples. Guardrails are folders too. Rejects with every problem on a line. */
  readonly openPolicy: (
    folder: string | null,
    guardrails?: readonly string[],
  ) => Promise<{ readonly policy: PreparedPolicy; readonly program: Program }>;
  readonly runDemo: (options: { readonly once: boolean; readonly envoy: boolean }) => Promise<{ readonly ok: boolean }>;
  readonly keyFiles: KeyFiles;
  /** The engine's module and its source, as bundles carry them. */
  readonly readEngine: () => Promise<{ readonly wasm: Uint8Array; readonly engineRego: string }>;
  /** Of a key that lives as long as the command: hashes of off-line decisions mean nothing elsewhere. */
  readonly pseudonyms: Pseudonyms;
};
