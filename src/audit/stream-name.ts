import { createHash } from "node:crypto";

/** Where calls without a known tenant and the server's own events go. */
const UNIDENTIFIED = "-";

/** Signed checkpoints have a stream of their own; `~` is in no tenant's name (contract section 2). */
const CHECKPOINTS = "~checkpoints";

const FILE_STEM_MAX = 180;

/** @param writer names one of several writers of the same tenant, so that each has a chain of its own. */
export function streamOf(tenant: string | null, writer: string | null): string {
  // The name grammar admits a tenant called `-`.
  const name = tenant === null ? UNIDENTIFIED : tenant === UNIDENTIFIED ? `~${tenant}` : tenant;
  return writer === null ? name : `${name}~${writer}`;
}

export function checkpointStreamOf(writer: string | null): string {
  return writer === null ? CHECKPOINTS : `${CHECKPOINTS}~${writer}`;
}

export function isCheckpointStream(stream: string): boolean {
  return stream === CHECKPOINTS || stream.startsWith(`${CHECKPOINTS}~`);
}

/** Safe as one path segment, and distinct where the file system does not tell cases apart. */
export function fileNameOf(stream: string): string {
  const stem = stream.replace(/[^a-z0-9_~@+.-]|^\./g, escapeByte);
  if (stem.length <= FILE_STEM_MAX) return `${stem}.jsonl`;
  const digest = createHash("sha256").update(stream).digest("hex");
  return `${stem.slice(0, FILE_STEM_MAX - 65)}~${digest}.jsonl`;
}

function escapeByte(character: string): string {
  return encodeURIComponent(character) === character
    ? `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`
    : encodeURIComponent(character).toLowerCase();
}
