import { describe, expect, it } from "vitest";
import { compileFiles, messagesOf } from "./compile-one.ts";
import { decideCases } from "./decide-with.ts";

const rules = (count: number, match: (at: number) => string) =>
  `policy: p\nrules:\n${Array.from({ length: count }, (_, at) => `  - { id: r${String(at).padStart(4, "0")}, then: deny, code: c${at}, match: ${match(at)} }\n`).join("")}`;

describe("the index", () => {
  it("puts each rule under its rarest dimension", () => {
    const { index } = compileFiles(rules(3, (at) => `{ hosts: [h.example], agents: [a${at}] }`));
    expect(index).toEqual({ "a:a0": [0], "a:a1": [1], "a:a2": [2] });
    expect(compileFiles(rules(2, () => "{ agents: [x-*], protocols: [tunnel] }")).index).toEqual({ "p:tunnel": [0, 1] });
    expect(compileFiles(rules(1, () => "{ hosts: [.b.example, 'a.example:81'], agents: [x-*] }")).index).toEqual({
      "h:.b.example": [0],
      "h:a.example:81": [0],
    });
    expect(compileFiles(rules(1, () => "{ methods: [GET], paths: [/x], agents: [x-*] }")).index).toEqual({ "*": [0] });
    expect(compileFiles(rules(1, () => "{ roles: [r], groups: [g], models: [m], operations: [o] }")).index).toEqual({ "*": [0] });
  });

  it("puts rules with paths on one host under the first segment", () => {
    const { index } = compileFiles(rules(3, (at) => `{ hosts: [h.example, i.example], paths: [/a${at}/x, '/b${at}/**'] }`));
    expect(index).toEqual({
      "h:h.example/a0": [0],
      "h:h.example/a1": [1],
      "h:h.example/a2": [2],
      "h:h.example/b0": [0],
      "h:h.example/b1": [1],
      "h:h.example/b2": [2],
      "h:i.example/a0": [0],
      "h:i.example/a1": [1],
      "h:i.example/a2": [2],
      "h:i.example/b0": [0],
      "h:i.example/b1": [1],
      "h:i.example/b2": [2],
    });
  });

  it.each([
    ["a suffix of hosts", "{ hosts: [.h.example], paths: [/a/x] }", "h:.h.example"],
    ["a path that begins with anything", "{ hosts: [h.example], paths: [/a/x, '/:b/x'] }", "h:h.example"],
    ["a path that is anything", "{ hosts: [h.example], paths: [/a/x, '/**'] }", "h:h.example"],
    ["the root", "{ hosts: [h.example], paths: [/a/x, /] }", "h:h.example"],
  ])("puts rules with %s under the host", (_, match, key) => {
    const other = match.replace(/, paths.*/, " }");
    expect(compileFiles(rules(2, (at) => (at === 0 ? match : other))).index).toEqual({ [key]: [0, 1] });
  });

  it("holds at most 64 rules behind a key, and says when it holds many", () => {
    expect(messagesOf(rules(65, () => "{}"))).toEqual(["65 rules apply to the same calls (key *); the most is 64"]);
    expect(messagesOf(rules(64, () => "{}"))).toContain("64 rules apply to the same calls (key *); the most is 64");
    expect(compileFiles(rules(64, () => "{}")).index["*"]).toHaveLength(64);
    expect(messagesOf(rules(19, () => "{ agents: [x-*] }")).filter((message) => message.includes("key *"))).toEqual([]);
    expect(messagesOf(rules(500, (at) => `{ hosts: [h${at}.example] }`))).toEqual([]);
  });

  it("holds at most a thousand rules with paths for one host, because a tunnel looks at all of them", () => {
    const paths = (count: number) => rules(count, (at) => `{ hosts: [h.example], paths: [/a${at}] }`);
    expect(messagesOf(paths(1000))).toEqual([]);
    expect(messagesOf(paths(1001))).toEqual(["1001 rules with paths apply to h.example; the most is 1000"]);
  });
});

describe("a call to a host whose rules have paths", () => {
  const policy = `policy: p
rules:
  - { id: tunnels, match: { hosts: [h.example], protocols: [tunnel] }, then: allow }
  - { id: any, match: { hosts: [h.example], methods: [GET] }, then: allow }
  - { id: no_admin, match: { hosts: [h.example], paths: ['/admin/**'] }, then: deny }
  - { id: no_keys, match: { hosts: [h.example], paths: ['/keys/**'] }, then: deny }
`;
  const cases = (...lines: readonly string[]) =>
    `cases:\n${lines.map((line) => `  - { caller: { agent: a }, expect: deny, ${line} }\n`).join("")}`;

  it("meets those of its path", async () => {
    const decided = await decideCases({
      files: [
        policy,
        cases(
          "name: other, call: { method: GET, host: h.example, path: /x }",
          "name: root, call: { method: GET, host: h.example, path: / }",
          "name: admin, call: { method: GET, host: h.example, path: /admin/x }",
          "name: escaped, call: { method: GET, host: h.example, path: /%61dmin/x }",
          "name: keys, call: { method: GET, host: h.example, path: /keys }",
        ),
      ],
    });
    expect(Object.entries(decided).map(([name, { decision, rule }]) => [name, decision, rule])).toEqual([
      ["other", "allow", "p/any"],
      ["root", "allow", "p/any"],
      ["admin", "deny", "p/no_admin"],
      ["escaped", "deny", "p/no_admin"],
      ["keys", "deny", "p/no_keys"],
    ]);
  });

  it("meets all of them in a tunnel, which hides its path", async () => {
    const tunnel = cases("name: tunnel, call: { method: CONNECT, host: 'h.example:443' }");
    const { tunnel: denied } = await decideCases({ files: [policy, tunnel] });
    expect(denied).toMatchObject({ decision: "deny", rules: ["p/no_admin", "p/no_keys", "p/tunnels"] });
    const { tunnel: allowed } = await decideCases({ files: [policy.split("\n").slice(0, 4).join("\n"), tunnel] });
    expect(allowed).toMatchObject({ decision: "allow", rule: "p/tunnels" });
  });
});
