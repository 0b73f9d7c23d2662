import type { Passage, Place } from "../../core/finding.ts";
import type { Detector, Match } from "../detector.ts";
import { fieldWords } from "../field-name.ts";
import { hasDigits } from "../has-digits.ts";

/** US Social Security numbers: 3-2-4 digits by the rules of issue, bare nine digits only where a field or a word before says so. */
export const usSsn: Detector = { kind: "pii.ssn", detect: detectUsSsn, maskKeeps: 0 };

const DIGITS = 9;
const NOTHING: readonly Match[] = [];

const SEPARATOR = "[-\\u2010-\\u2015\\u2212\\s]{1,3}";
const SEPARATED = new RegExp(`(?<![0-9])([0-9]{3})${SEPARATOR}([0-9]{2})${SEPARATOR}([0-9]{4})(?![0-9])`, "g");
const BARE = /(?<![0-9])([0-9]{3})([0-9]{2})([0-9]{4})(?![0-9])/g;
// Letters behind the word make it another one: "className".
const NAMED =
  /(?:ssn|social[\s_-]{0,3}security)(?:[^0-9a-z]{1,4}(?:number|num|no|is)){0,2}[^0-9a-z]{0,8}([0-9]{3})([0-9]{2})([0-9]{4})(?![0-9])/gi;
const FIELD_WORD = /^ssn|ssn$/;
const FIELD = /socialsecurity|socsec|taxpayerid/;

function detectUsSsn(passage: Passage): readonly Match[] {
  const { text } = passage;
  if (!hasDigits(text, DIGITS)) return NOTHING;
  const found = matchesOf(text, SEPARATED, 0.9);
  const bare = isSsnField(passage.place) ? matchesOf(text, BARE, 0.9) : matchesOf(text, NAMED, 0.8);
  if (bare.length === 0) return found;
  return [...found, ...bare].sort((a, b) => a.start - b.start);
}

function isSsnField(place: Place): boolean {
  const words = fieldWords(place);
  return words.some((word) => FIELD_WORD.test(word)) || FIELD.test(words.join(""));
}

function matchesOf(text: string, pattern: RegExp, confidence: number): Match[] {
  const matches: Match[] = [];
  for (const found of text.matchAll(pattern)) {
    const [whole, area = "", group = "", serial = ""] = found;
    if (!isIssuable(area, group, serial)) continue;
    const end = found.index + whole.length;
    // A word that stands before the digits is not part of them.
    const start = pattern === NAMED ? end - DIGITS : found.index;
    matches.push({ start, end, confidence });
  }
  return matches;
}

/** Never issued: areas 000, 666 and 9xx, group 00, serial 0000. */
function isIssuable(area: string, group: string, serial: string): boolean {
  return area !== "000" && area !== "666" && !area.startsWith("9") && group !== "00" && serial !== "0000";
}
