import type { Passage } from "../../core/finding.ts";
import type { Detector, Match } from "../detector.ts";
import { hasDigits } from "../has-digits.ts";

/** Payment card numbers: a known issuer's prefix and length, and Luhn's check digit. */
export const paymentCard: Detector = { kind: "pii.card", detect: detectPaymentCard, maskKeeps: 4 };

type Issuer = { readonly from: number; readonly to: number; readonly lengths: readonly number[] };

const NOTHING: readonly Match[] = [];

const DIGITS_MIN = 13;
const DIGITS_MAX = 19;
const PREFIX_DIGITS = 6;
const SEPARATORS_MAX = 3;

const LONG = [16, 17, 18, 19];

/** Ranges of the first six digits. */
const ISSUERS: readonly Issuer[] = [
  { from: 400_000, to: 499_999, lengths: [13, 16, 19] },
  { from: 510_000, to: 559_999, lengths: [16] },
  { from: 222_100, to: 272_099, lengths: [16] },
  { from: 340_000, to: 349_999, lengths: [15] },
  { from: 370_000, to: 379_999, lengths: [15] },
  { from: 300_000, to: 305_999, lengths: [14, ...LONG] },
  { from: 309_500, to: 309_599, lengths: [14, ...LONG] },
  { from: 360_000, to: 369_999, lengths: [14, ...LONG] },
  { from: 380_000, to: 399_999, lengths: [14, ...LONG] },
  { from: 352_800, to: 358_999, lengths: LONG },
  { from: 601_100, to: 601_199, lengths: LONG },
  { from: 620_000, to: 629_999, lengths: LONG },
  { from: 644_000, to: 659_999, lengths: LONG },
  { from: 220_000, to: 220_499, lengths: LONG },
  { from: 979_200, to: 979_299, lengths: [16] },
  { from: 501_800, to: 509_999, lengths: [13, 14, 15, ...LONG] },
  { from: 560_000, to: 589_999, lengths: [13, 14, 15, ...LONG] },
  { from: 600_000, to: 600_999, lengths: LONG },
  { from: 630_000, to: 639_999, lengths: [13, 14, 15, ...LONG] },
  { from: 670_000, to: 679_999, lengths: [13, 14, 15, ...LONG] },
];

/** Digits that stand together but for separators, with where each stands and whether a group of digits begins or ends there. */
type Run = { readonly digits: readonly number[]; readonly at: readonly number[] };

function detectPaymentCard({ text }: Passage): readonly Match[] {
  if (!hasDigits(text, DIGITS_MIN)) return NOTHING;
  const matches: Match[] = [];
  for (let at = 0; at < text.length; ) {
    if (!isDigit(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const run = readRun(text, at);
    if (run.digits.length >= DIGITS_MIN) collectCards(run, matches);
    at = (run.at.at(-1) ?? at) + 1;
  }
  return matches;
}

function readRun(text: string, start: number): Run {
  const digits: number[] = [];
  const at: number[] = [];
  for (let here = start, gap = 0; here < text.length && gap <= SEPARATORS_MAX; here++) {
    const code = text.charCodeAt(here);
    if (isDigit(code)) {
      digits.push(code - 48);
      at.push(here);
      gap = 0;
    } else if (isSeparator(code)) gap++;
    else break;
  }
  return { digits, at };
}

/** Tries every stretch of whole groups, at most 19 digits long, from left to right and the longest first. */
function collectCards(run: Run, matches: Match[]): void {
  for (let from = 0; from + DIGITS_MIN <= run.digits.length; from++) {
    if (!beginsGroup(run, from)) continue;
    for (let length = Math.min(DIGITS_MAX, run.digits.length - from); length >= DIGITS_MIN; length--) {
      const last = from + length - 1;
      if (!beginsGroup(run, last + 1) || !isCard(run.digits, from, length)) continue;
      matches.push({ start: run.at[from] ?? 0, end: (run.at[last] ?? 0) + 1, confidence: 0.9 });
      from = last;
      break;
    }
  }
}

function beginsGroup({ at }: Run, index: number): boolean {
  const before = at[index - 1];
  const here = at[index];
  return before === undefined || here === undefined || here - before > 1;
}

function isCard(digits: readonly number[], from: number, length: number): boolean {
  let prefix = 0;
  for (let i = 0; i < PREFIX_DIGITS; i++) prefix = prefix * 10 + (digits[from + i] ?? 0);
  if (!ISSUERS.some((issuer) => prefix >= issuer.from && prefix <= issuer.to && issuer.lengths.includes(length))) return false;
  return passesLuhn(digits, from, length);
}

function passesLuhn(digits: readonly number[], from: number, length: number): boolean {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const digit = digits[from + length - 1 - i] ?? 0;
    const weighted = i % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Hyphens and spaces, in the forms word processors make of them. */
function isSeparator(code: number): boolean {
  return (
    code === 0x2d || code === 0x20 || (code >= 9 && code <= 13) || code === 0xa0 || (code >= 0x2010 && code <= 0x2015) || code === 0x2212
  );
}
