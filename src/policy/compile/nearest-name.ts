const DISTANCE_MAX = 3;

/** The allowed name a writer most likely meant, or null when none is near. */
export function nearestName(found: string, allowed: Iterable<string>, distanceMax = Math.ceil(found.length / 2)): string | null {
  let best: string | null = null;
  let bestDistance = Math.min(DISTANCE_MAX, distanceMax) + 1;
  for (const name of allowed) {
    const distance = editDistance(found.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean X?`, or the whole list where nothing is near. */
export function suggestName(found: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return "there are none yet";
  const near = nearestName(found, allowed);
  return near === null ? `allowed: ${allowed.join(", ")}` : `did you mean ${near}? allowed: ${allowed.join(", ")}`;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > DISTANCE_MAX) return DISTANCE_MAX + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
