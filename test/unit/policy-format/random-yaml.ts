import fc from "fast-check";
import { Document, isCollection, isScalar, visit } from "yaml";

const word = fc.constantFrom(
  "allow",
  "deny",
  "finance-*",
  "a b",
  "/v1/:id/**",
  "it's",
  "x: y",
  "# no comment",
  "",
  "1.2.0",
  "true",
  "[x]",
  "naïve\u{1f600}",
);
const lines = fc
  .array(fc.constantFrom("one", "  two", "# three", "", "a: b", '"q"'), { minLength: 1, maxLength: 4 })
  .map((parts) => `${parts.join("\n")}\n`);
const scalar = fc.oneof({ weight: 4, arbitrary: word }, lines, fc.integer(), fc.boolean(), fc.constant(null));
const key = fc.constantFrom("id", "match", "if", "then", "tools", "hosts", "rules", "limits", 'say "hi"', "a: b");

const tree = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: "small" }, scalar, tie("list"), tie("map")),
  list: fc.array(tie("value"), { maxLength: 4 }),
  map: fc.dictionary(key, tie("value"), { maxKeys: 5 }),
}));

export type Layout = {
  readonly dice: Iterator<number>;
  readonly options: { readonly indent: number; readonly indentSeq: boolean; readonly lineWidth: number };
};

export const layouts: fc.Arbitrary<Layout> = fc.record({
  dice: fc.infiniteStream(fc.nat(11)),
  options: fc.record({
    indent: fc.integer({ min: 1, max: 8 }),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 20, 60, 160),
  }),
});

/** A document as somebody could have written it: any indentation and width, brackets or blocks, quotes, comments, blank lines. */
export function relay(document: Document, { dice, options }: Layout): string {
  const roll = () => Number(dice.next().value ?? 0);
  visit(document, (_key, node) => {
    if (isCollection(node) && node !== document.contents && roll() < 3) node.flow = true;
    if (isCollection(node) || isScalar(node)) {
      if (roll() === 0) node.commentBefore = ` before ${roll()}`;
      if (roll() === 0) node.comment = ` behind ${roll()}`;
      if (roll() === 1) node.spaceBefore = true;
    }
    if (isScalar(node) && typeof node.value === "string" && roll() < 2) node.type = "QUOTE_DOUBLE";
  });
  return document.toString({ ...options, flowCollectionPadding: roll() < 6 });
}

export const randomYaml: fc.Arbitrary<string> = fc
  .record({ value: fc.dictionary(key, tree.value, { minKeys: 1, maxKeys: 5 }), layout: layouts })
  .map(({ value, layout }) => relay(new Document(value), layout));
