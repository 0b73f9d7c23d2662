/** How many spans one agent may send in a second: Envoy's sampled flag may be what the agent asked for (threats.md 34). */
export function createSpanCap(perSecondMax: number): (agent: string, nowMs: number) => boolean {
  const counts = new Map<string, number>();
  let second = 0;
  return function admitsSpan(agent, nowMs) {
    const now = Math.floor(nowMs / 1000);
    if (now !== second) {
      second = now;
      counts.clear();
    }
    // Agents beyond the limit share one count.
    const key = counts.has(agent) || counts.size < AGENTS_MAX ? agent : "";
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= perSecondMax;
  };
}

const AGENTS_MAX = 10_000;
