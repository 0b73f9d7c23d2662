const WAIT_S_MAX = 300;

/** How long an answer may be held back: `Prefer: modes=snapshot,delta;wait=30` as OPA sends it, or RFC 7240's `wait=30`. 0 where nothing asks for it. */
export function readWaitMs(prefer: string | readonly string[] | undefined): number {
  const wait = /(?:^|[;,\s])wait=(\d{1,9})(?=$|[;,\s])/i.exec(String(prefer ?? ""))?.[1];
  return Math.min(Number(wait ?? 0), WAIT_S_MAX) * 1000;
}

/** Whether `If-None-Match` names this tag (RFC 9110 section 13.1.2: weakly, any of a list). */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === "*" || [...ifNoneMatch.matchAll(/"([^"]*)"/g)].some(([, one]) => one === tag);
}
