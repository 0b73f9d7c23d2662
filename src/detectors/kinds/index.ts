import type { Detector } from "../detector.ts";
import { paymentCard } from "./payment-card.ts";
import { usSsn } from "./us-ssn.ts";

/** Every detector by its finding's kind. */
export const DETECTORS = {
  "pii.card": paymentCard,
  "pii.ssn": usSsn,
} as const satisfies Record<string, Detector>;

export function findDetector(kind: string): Detector | undefined {
  return Object.hasOwn(DETECTORS, kind) ? DETECTORS[kind as keyof typeof DETECTORS] : undefined;
}
