/** How many times more random cases than an ordinary run; `npm run soak` raises it. */
export const SOAK_FACTOR = Number(process.env["SOAK_FACTOR"] ?? "1");

/** The same cases every time in an ordinary run, others in each soak. */
export function seedOf(ordinary: number): number {
  return SOAK_FACTOR === 1 ? ordinary : Date.now();
}
