import type { ReadingPart, ToThread } from "./messages.ts";

/** What of policies a thread has been sent. */
export type KnownPolicies = {
  /** The policy's number; it is sent first where the thread does not have it. */
  readonly numberOf: (policy: ReadingPart) => number;
};

const KNOWN_MAX = 64;

/** Past a bound the policy used longest ago is forgotten, here and in the thread: a policy that was replaced is never used again. */
export function createKnownPolicies(post: (message: ToThread) => void): KnownPolicies {
  const numbers = new Map<ReadingPart, number>();
  let last = 0;

  function send({ catalogue, reads, namedHosts }: ReadingPart): number {
    const [oldest] = numbers;
    if (oldest !== undefined && numbers.size >= KNOWN_MAX) {
      numbers.delete(oldest[0]);
      post({ kind: "forget", number: oldest[1] });
    }
    const number = ++last;
    post({ kind: "policy", number, policy: { catalogue, reads, namedHosts } });
    return number;
  }

  return {
    numberOf(policy) {
      const number = numbers.get(policy) ?? send(policy);
      // A map's order is that of insertion.
      numbers.delete(policy);
      numbers.set(policy, number);
      return number;
    },
  };
}
