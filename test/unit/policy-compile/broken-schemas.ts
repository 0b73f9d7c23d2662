import type { Problem } from "../../../src/policy/compile/problem.ts";

/** Broken JSON Schemas of a tool's arguments. `§` marks where the problem must be told (it is taken out before the file is read). */
export type BrokenSchema = {
  readonly name: string;
  readonly text: string;
  readonly code: Problem["code"];
  readonly message: string;
  readonly fix?: string;
};

const of = (inside: string) => `{\n  "properties": { "to": {}, "n": {}, "model": ${inside} }\n}`;
const DIALECTS = "https://json-schema.org/draft/2020-12/schema or http://json-schema.org/draft-07/schema";

export const BROKEN_SCHEMAS: readonly BrokenSchema[] = [
  { name: "a list", text: "§[]", code: "wrong_type", message: "the JSON Schema of a tool's arguments is an object" },
  { name: "true", text: "§true", code: "wrong_type", message: "the JSON Schema of a tool's arguments is an object" },
  { name: "nothing", text: "§", code: "wrong_type", message: "the JSON Schema of a tool's arguments is an object" },
  {
    name: "a text that ends early",
    text: '{ "type": "object"§',
    code: "syntax",
    message: "not YAML 1.2: Flow map must end with a }",
  },
  {
    name: "a key twice",
    text: '{ "type": "object", §"type": "object" }',
    code: "syntax",
    message: "this key stands twice in the same map",
  },
  {
    name: "draft-04",
    text: '{ "$schema": §"http://json-schema.org/draft-04/schema#" }',
    code: "wrong_value",
    message: "`http://json-schema.org/draft-04/schema#` is no dialect that is read",
    fix: DIALECTS,
  },
  {
    name: "a dialect that is no text",
    text: '{ "$schema": §7 }',
    code: "wrong_value",
    message: "`7` is no dialect that is read",
    fix: DIALECTS,
  },
  {
    name: "a schema of texts",
    text: '{ "type": §"string" }',
    code: "contradiction",
    message: "the arguments are one object, and this schema takes none",
  },
  {
    name: "a remote reference",
    text: of('{ "$ref": §"https://example.com/other.json" }'),
    code: "wrong_value",
    message: "`https://example.com/other.json` leads out of the file, and nothing is fetched",
    fix: "write #/$defs/NAME",
  },
  {
    name: "another file",
    text: of('{ "$ref": §"other.schema.json#/$defs/x" }'),
    code: "wrong_value",
    message: "`other.schema.json#/$defs/x` leads out of the file, and nothing is fetched",
    fix: "write #/$defs/NAME",
  },
  {
    name: "a reference into the middle",
    text: of('{ "$ref": §"#/properties/to" }'),
    code: "wrong_value",
    message: "`#/properties/to` is no definition",
    fix: "write #/$defs/NAME",
  },
  {
    name: "a reference to itself",
    text: of('{ "$ref": §"#" }'),
    code: "wrong_value",
    message: "`#` is no definition",
    fix: "write #/$defs/NAME",
  },
  {
    name: "a definition that is not there",
    text: '{ "properties": { "to": { "$ref": §"#/$defs/name" } }, "$defs": { "names": {} } }',
    code: "wrong_value",
    message: "there is no definition `name`",
    fix: "did you mean names? allowed: names",
  },
  {
    name: "a definition that leads back",
    text: '{ "$defs": { "node": §{ "properties": { "next": { "$ref": "#/$defs/node" } } } } }',
    code: "contradiction",
    message: "the definition `node` leads back to itself",
    fix: "write out the levels that calls have",
  },
  {
    name: "a definition twice",
    text: '{ "$defs": { "a": {} }, "definitions": { §"a": {} } }',
    code: "duplicate",
    message: "`a` stands in `$defs` and in `definitions`",
  },
  { name: "definitions that are a list", text: '{ "$defs": §[] }', code: "wrong_type", message: "expected schemas by name under `$defs`" },
  {
    name: "definitions inside",
    text: of('{ §"$defs": {} }'),
    code: "unknown_key",
    message: "`$defs` is no keyword that is read here",
    fix: "only the outermost schema may have them",
  },
  {
    name: "a misspelt keyword",
    text: of('{ §"maxLenght": 3 }'),
    code: "unknown_key",
    message: "`maxLenght` is no keyword that is read here",
    fix: "did you mean maxLength?",
  },
  {
    name: "a keyword of nobody",
    text: of(`{ §"discriminator": {} }`),
    code: "unknown_key",
    message: "`discriminator` is no keyword that is read here",
    fix: "leave it out",
  },
  {
    name: "a keyword of OpenAPI",
    text: of('{ "type": "string", §"nullable": true }'),
    code: "unknown_key",
    message: "`nullable` is no keyword that is read here",
    fix: 'write `"type": ["string", "null"]`',
  },
  {
    name: "an anchor",
    text: of('{ §"$anchor": "x" }'),
    code: "unknown_key",
    message: "`$anchor` is no keyword that is read here",
    fix: "point to #/$defs/NAME",
  },
  {
    name: "a base inside",
    text: of('{ §"$id": "https://example.com/x" }'),
    code: "unknown_key",
    message: "`$id` is no keyword that is read here",
    fix: "only the outermost schema may have one",
  },
  {
    name: "items of draft-07 in 2020-12",
    text: of('{ "items": §[{}] }'),
    code: "wrong_type",
    message: "expected a schema: a map, true or false",
  },
  { name: "a schema that is a text", text: of('§"string"'), code: "wrong_type", message: "expected a schema: a map, true or false" },
  { name: "an empty choice", text: of('{ "anyOf": §[] }'), code: "wrong_type", message: "expected a list of schemas" },
  {
    name: "properties that are a list",
    text: '{ "properties": §[] }',
    code: "wrong_type",
    message: "expected schemas by name under `properties`",
  },
  {
    name: "a type that is none",
    text: of('{ "type": §"text" }'),
    code: "wrong_type",
    message: "`type` is one or more of null, boolean, object, array, number, integer, string",
  },
  {
    name: "a length that is a text",
    text: of('{ "maxLength": §"3" }'),
    code: "wrong_type",
    message: "`maxLength` is a whole number of 0 or more",
  },
  { name: "a negative length", text: of('{ "minItems": §-1 }'), code: "wrong_type", message: "`minItems` is a whole number of 0 or more" },
  { name: "a maximum that is a text", text: of('{ "maximum": §"3" }'), code: "wrong_type", message: "`maximum` is a number" },
  { name: "a step of zero", text: of('{ "multipleOf": §0 }'), code: "wrong_type", message: "`multipleOf` is a number above 0" },
  { name: "required as in draft-03", text: of('{ "required": §true }'), code: "wrong_type", message: "`required` is a list of names" },
  { name: "a choice of nothing", text: of('{ "enum": §[] }'), code: "wrong_type", message: "`enum` is a list of 1 to 1000 values" },
  {
    name: "a pattern that looks ahead",
    text: of('{ "pattern": §"^(?=a)b" }'),
    code: "wrong_value",
    message: "`^(?=a)b` is no pattern of RE2",
    fix: "RE2 has no look-around and no back-references",
  },
  {
    name: "names by a pattern that is none",
    text: '{ "patternProperties": { "(": §{} } }',
    code: "wrong_value",
    message: "`(` is no pattern of RE2",
    fix: "RE2 has no look-around and no back-references",
  },
  {
    name: "unique elements without end",
    text: of('{ "uniqueItems": §true }'),
    code: "too_large",
    message: "`uniqueItems` compares every element with every other",
    fix: "write `maxItems`, at most 128",
  },
  {
    name: "many unique elements",
    text: of('{ "uniqueItems": §true, "maxItems": 129 }'),
    code: "too_large",
    message: "`uniqueItems` compares every element with every other",
    fix: "write `maxItems`, at most 128",
  },
  {
    name: "an old dependency",
    text: '{ §"dependencies": { "to": ["n"] } }',
    code: "unknown_key",
    message: "`dependencies` is no keyword that is read here",
    fix: "write `dependentRequired` or `dependentSchemas`",
  },
  {
    name: "a tag",
    text: '{ "type": §!!str object }',
    code: "syntax",
    message: "YAML tags are not read: tag:yaml.org,2002:str",
    fix: "remove the tag, or quote the text",
  },
];
