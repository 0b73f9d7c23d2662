import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { tenantFolder } from "./tenant-folder.ts";
import { DRAFT_PREFIX, writeDurably } from "./write-durably.ts";

/** What is on disk of one tenant's bundles, so that a restart decides by what decided before. One process has it at a time. */
export type BundleState = {
  /** The highest serial that decided; null where none did. */
  readonly mark: () => number | null;
  /** Keeps an admitted bundle before it decides; its serial becomes the mark unless that is higher already. */
  readonly keepAdmitted: (kept: AdmittedFile) => Promise<void>;
  readonly readLastGood: () => Promise<Uint8Array | null>;
  readonly keepPushed: (packed: Uint8Array) => Promise<void>;
  readonly readPushed: () => Promise<Uint8Array | null>;
  /** When the source last answered, as `noteAnswered` kept it; null: never. */
  readonly answeredMs: () => number | null;
  readonly noteAnswered: (nowMs: number) => Promise<void>;
  /** The bundles that decided lately, newest first. */
  readonly history: () => readonly KeptVersion[];
  /** Null where it is not kept any more. */
  readonly readKept: (digest: string) => Promise<Uint8Array | null>;
};

export type KeptVersion = {
  /** Hex SHA-256 of the packed bytes. */
  readonly digest: string;
  readonly revision: string;
  readonly serial: number;
  readonly activatedAtMs: number;
};

export type AdmittedFile = KeptVersion & { readonly packed: Uint8Array };

export const KEPT_MAX = 20;

/**
 * Opens a tenant's part of `state.folder`. Rejects where the mark is there and cannot be read: an older bundle could come
 * back, and only a person can say that it may not.
 */
export async function openBundleState({ folder, tenant }: { readonly folder: string; readonly tenant: string }): Promise<BundleState> {
  const own = join(folder, "bundles", tenantFolder(tenant));
  const kept = join(own, "history");
  await mkdir(kept, { recursive: true, mode: 0o700 });
  await Promise.all([removeDrafts(own), removeDrafts(kept)]);
  let mark = (await readJson(join(own, "mark.json"), markSchema))?.serial ?? null;
  let versions = (await readJson(join(own, "history.json"), historySchema))?.versions ?? [];
  let answeredMs = (await readJson(join(own, "answered.json"), answeredSchema))?.at_ms ?? null;
  const fileOf = (digest: string) => join(kept, `${digest}.tar.gz`);

  async function keepAdmitted({ packed, digest, revision, serial, activatedAtMs }: AdmittedFile): Promise<void> {
    await writeDurably(fileOf(digest), packed);
    // Before the mark: a stop in between leaves a newer bundle under an older mark, which still decides.
    await writeDurably(join(own, "last-good.tar.gz"), packed);
    if (mark === null || serial > mark) {
      await writeDurably(join(own, "mark.json"), JSON.stringify({ serial }));
      mark = serial;
    }
    const others = versions.filter((version) => version.digest !== digest);
    versions = [{ digest, revision, serial, activatedAtMs }, ...others].slice(0, KEPT_MAX);
    await writeDurably(join(own, "history.json"), JSON.stringify({ versions }));
    await removeOthers(kept, new Set(versions.map((version) => `${version.digest}.tar.gz`)));
  }

  return {
    mark: () => mark,
    keepAdmitted,
    readLastGood: () => readWhole(join(own, "last-good.tar.gz")),
    keepPushed: (packed) => writeDurably(join(own, "pushed.tar.gz"), packed),
    readPushed: () => readWhole(join(own, "pushed.tar.gz")),
    answeredMs: () => answeredMs,
    noteAnswered: async (nowMs) => {
      answeredMs = nowMs;
      await writeDurably(join(own, "answered.json"), JSON.stringify({ at_ms: nowMs }));
    },
    history: () => versions,
    readKept: async (digest) => (versions.some((version) => version.digest === digest) ? readWhole(fileOf(digest)) : null),
  };
}

const serial = z.int().min(0);
const markSchema = z.strictObject({ serial });
const answeredSchema = z.strictObject({ at_ms: z.number() });
const historySchema = z.strictObject({
  versions: z
    .array(z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/), revision: z.string(), serial, activatedAtMs: z.number() }))
    .max(KEPT_MAX)
    .readonly(),
});

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const bytes = await readWhole(path);
  if (bytes === null) return null;
  const parsed = schema.safeParse(parseText(bytes));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is not what Sluice wrote there: put back a copy of it, or remove it to forget what it says`);
}

function parseText(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

async function readWhole(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function removeDrafts(folder: string): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(names.filter((name) => name.startsWith(DRAFT_PREFIX)).map((name) => rm(join(folder, name), { force: true })));
}

async function removeOthers(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(names.filter((name) => !wanted.has(name)).map((name) => rm(join(folder, name), { force: true })));
}
