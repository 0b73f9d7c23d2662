/** Where in a call something was seen. */
export type Place =
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "query"; readonly key: string }
  | { readonly kind: "form"; readonly key: string }
  | { readonly kind: "json"; readonly pointer: string }
  | { readonly kind: "path" }
  | { readonly kind: "text" };

/** One piece of the call's text that detectors look at. */
export type Passage = { readonly place: Place; readonly text: string };

/** Something a detector saw. Offsets are UTF-16 units inside the passage's text, `end` excluded. */
export type Finding = {
  readonly kind: string;
  readonly place: Place;
  readonly start: number;
  readonly end: number;
  /** 0 … 1. */
  readonly confidence: number;
};

/** `header:NAME`, `query:KEY`, `form:KEY`, `json:/pointer`, `path` or `text`, as policies and receipts say it. */
export function describePlace(place: Place): string {
  switch (place.kind) {
    case "header":
      return `header:${place.name}`;
    case "query":
      return `query:${place.key}`;
    case "form":
      return `form:${place.key}`;
    case "json":
      return `json:${place.pointer}`;
    case "path":
    case "text":
      return place.kind;
  }
}
