import type { Place } from "../core/finding.ts";

const ARRAY_INDEX = /^[0-9]+$/;
const WORD_BORDER = /(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+/;

/** The words of the field a passage stands in: `/patients/0/homeSsn` gives `home`, `ssn`. Empty for text and paths. */
export function fieldWords(place: Place): readonly string[] {
  const name = fieldName(place);
  return name === null ? [] : name.split(WORD_BORDER).map((word) => word.toLowerCase());
}

function fieldName(place: Place): string | null {
  switch (place.kind) {
    case "header":
      return place.name;
    case "query":
    case "form":
      return place.key;
    case "json":
      return place.pointer.split("/").findLast((part) => !ARRAY_INDEX.test(part)) ?? null;
    case "path":
    case "text":
      return null;
  }
}
