import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTarget } from "../../../src/understanding/canonical-target.ts";
import { encodeTarget, isTargetText, withValue } from "../../../src/understanding/encode-target.ts";
import { parseQuery } from "../../../src/understanding/query.ts";

const parse = (target: string) => parseTarget({ scheme: "https", authority: "api.example.com", target }, "http");

describe("parseTarget", () => {
  it.each([
    ["", "empty"],
    ["a", "no leading slash"],
    ["*", "asterisk form"],
    ["https://api.example.com/a", "absolute form"],
    ["/a b", "space"],
    ["/a\tb", "tab"],
    ["/a\u0000b", "NUL"],
    ["/a\r\nb", "line break"],
    ["/a\u007f", "delete"],
    ["/\u00e9", "non-ASCII"],
    ["/a?b=\u00e9", "non-ASCII in the query"],
    ["/a#b", "fragment"],
    ["/a?b#c", "fragment in the query"],
    ["/a\\b", "backslash"],
    ["/a%2Fb", "encoded slash"],
    ["/a%2fb", "encoded slash"],
    ["/a%5Cb", "encoded backslash"],
    ["/a%5cb", "encoded backslash"],
    ["/a%00", "encoded NUL"],
    ["/a%0d%0ab", "encoded line break"],
    ["/a%7f", "encoded delete"],
    ["/..", "dot segment"],
    ["/.", "dot segment"],
    ["/a/../b", "dot segment"],
    ["/a/./b", "dot segment"],
    ["/a/..", "dot segment at the end"],
    ["/%2e%2e/b", "encoded dot segment"],
    ["/a/.%2E/b", "half encoded dot segment"],
    ["/a/..;/b", "dot segment with parameter"],
    ["/a/..%3Bx/b", "dot segment with encoded parameter"],
    ["//a", "empty segment at the start"],
    ["/a//b", "empty segment"],
    ["/a//", "empty segment at the end"],
    ["/a%252Fb", "double encoding"],
    ["/a%25%32%46b", "double encoding that only decoding shows"],
    ["/%252e%252e/b", "double encoded dots"],
    ["/a%", "malformed escape"],
    ["/a%2", "malformed escape"],
    ["/a%zz", "malformed escape"],
    ["/a%u0061", "malformed escape"],
    ["/a?b=%", "malformed escape in the query"],
    ["/%ff", "no UTF-8"],
    ["/%c0%ae%c0%ae/", "overlong dots"],
    ["/%ed%a0%80", "encoded surrogate"],
  ])("refuses %j: %s", (target) => {
    expect(parse(target)).toMatchObject({ kind: "refused", code: "path_ambiguous" });
  });

  it.each([
    ["/", "/", [], false],
    ["/a/b", "/a/b", ["a", "b"], false],
    ["/a/", "/a/", ["a", ""], false],
    ["/%61dmin", "/admin", ["admin"], true],
    ["/%7euser/%2d%5F", "/~user/-_", ["~user", "-_"], true],
    ["/caf%c3%a9", "/caf%C3%A9", ["caf\u00e9"], true],
    ["/a%40b", "/a%40b", ["a@b"], false],
    ["/a@b:c", "/a@b:c", ["a@b:c"], false],
    ["/100%25/x", "/100%25/x", ["100%", "x"], false],
    ["/a.b/...", "/a.b/...", ["a.b", "..."], false],
  ])("reads %s as %s", (target, path, segments, rewritten) => {
    expect(parse(target)).toMatchObject({
      kind: "target",
      target: { path, text: path, segments, rewritten: { path: rewritten, authority: false } },
    });
  });

  it("splits at the first question mark only, and keeps the query's bytes", () => {
    expect(parse("/a?b=c?d&e%6Dail=x+y&&flag&=v&p=/../%2f//")).toMatchObject({
      target: {
        path: "/a",
        text: "/a?b=c?d&e%6Dail=x+y&&flag&=v&p=/../%2f//",
        query: [
          { raw: "b=c?d", key: "b", value: "c?d" },
          { raw: "e%6Dail=x+y", key: "email", value: "x y" },
          { raw: "", key: "", value: "" },
          { raw: "flag", key: "flag", value: "" },
          { raw: "=v", key: "", value: "v" },
          { raw: "p=/../%2f//", key: "p", value: "/..////" },
        ],
        rewritten: { path: false },
      },
    });
  });

  it("keeps an empty query apart from none", () => {
    expect(parse("/a?")).toMatchObject({ target: { text: "/a?", query: [{ raw: "", key: "", value: "" }] } });
    expect(parse("/a")).toMatchObject({ target: { text: "/a", query: [] } });
  });

  it.each([
    ["https", "API.example.com", "api.example.com", 443, true],
    ["https", "api.example.com:443", "api.example.com", 443, true],
    ["https", "api.example.com.", "api.example.com", 443, true],
    ["https", "api.example.com:80", "api.example.com:80", 80, false],
    ["http", "api.example.com:80", "api.example.com", 80, true],
    ["http", "api.example.com:443", "api.example.com:443", 443, false],
    ["HTTPS", "api.example.com", "api.example.com", 443, false],
    ["", "api.example.com", "api.example.com", 80, false],
  ])("takes the default port from the scheme: %s %s", (scheme, authority, host, port, rewritten) => {
    expect(parseTarget({ scheme, authority, target: "/" }, "http")).toMatchObject({
      target: {
        host,
        port,
        hostname: "api.example.com",
        scheme: scheme === "" ? "http" : scheme.toLowerCase(),
        rewritten: { authority: rewritten },
      },
    });
  });

  it("refuses a scheme whose default port nobody knows", () => {
    expect(parseTarget({ scheme: "ftp", authority: "a.example", target: "/" }, "http")).toEqual({
      kind: "refused",
      code: "request_invalid",
      detail: "scheme is neither http nor https",
    });
  });

  it("reads a tunnel's port, 443 by default, and always names it", () => {
    expect(parseTarget({ scheme: "", authority: "Api.example.com:443", target: "" }, "tunnel")).toEqual({
      kind: "target",
      target: {
        scheme: "http",
        host: "api.example.com",
        hostname: "api.example.com",
        port: 443,
        private: false,
        path: "",
        segments: [],
        query: [],
        text: "",
        rewritten: { path: false, authority: true },
      },
    });
    expect(parseTarget({ scheme: "", authority: "api.example.com:443", target: "" }, "tunnel")).toMatchObject({
      target: { rewritten: { authority: false } },
    });
    expect(parseTarget({ scheme: "", authority: "api.example.com", target: "" }, "tunnel")).toMatchObject({
      target: { rewritten: { authority: true } },
    });
    expect(parseTarget({ scheme: "", authority: "api.example.com:80", target: "" }, "tunnel")).toMatchObject({
      target: { host: "api.example.com:80" },
    });
  });
});

const piece = fc.constantFrom(
  "/",
  "a",
  "B",
  ".",
  "..",
  "%2e",
  "%2F",
  "%25",
  "%41",
  "%c3%a9",
  "%",
  "2F",
  ";",
  "?",
  "&",
  "=",
  "#",
  "\\",
  " ",
  "\u00e9",
  "%32",
  "~",
  "+",
);
const target = fc.array(piece, { maxLength: 14 }).map((pieces) => `/${pieces.join("")}`);

describe("canonical targets", () => {
  it("are idempotent and always fit the invariant", () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          target,
          fc.webUrl({ withQueryParameters: true }).map((url) => url.replace(/^https?:\/\/[^/]*/, "") || "/"),
        ),
        (text) => {
          const first = parse(text);
          if (first.kind === "refused") return;
          accepted++;
          expect(first.target.text).toMatch(/^\/[!-~]*$/);
          expect(first.target.text).not.toContain("#");
          const again = parse(first.target.text);
          expect(again).toEqual({ kind: "target", target: { ...first.target, rewritten: { path: false, authority: false } } });
        },
      ),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it("are read by a URL parser as the same path, whose segments it does not change", () => {
    fc.assert(
      fc.property(target, (text) => {
        const found = parse(text);
        if (found.kind === "refused") return;
        const url = new URL(`https://api.example.com${found.target.text}`);
        expect(url.hostname).toBe("api.example.com");
        expect(url.pathname.split("/").length - 1).toBe(Math.max(1, found.target.segments.length));
      }),
      { numRuns: 3_000 },
    );
  });

  it("never throw on arbitrary text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (authority, text) => {
        expect(["target", "refused"]).toContain(parseTarget({ scheme: "https", authority, target: text }, "http").kind);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("the one encoder", () => {
  it("writes any value of a pair so that it is read back and the target keeps its form", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (value) => {
        const pair = withValue({ raw: "k%65y=old", key: "key", value: "old" }, value);
        const text = encodeTarget("/a", [pair]);
        expect(isTargetText(text)).toBe(true);
        expect(parseQuery(text.slice(3))).toEqual([{ raw: pair.raw, key: "key", value }]);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["", []],
    ["a", []],
    ["/a#b", []],
    ["/a b", []],
    ["/a", [{ raw: "b=#" }]],
    ["/a", [{ raw: "\u00e9" }]],
  ])("throws rather than write %j with %j", (path, query) => {
    expect(() => encodeTarget(path, query)).toThrow("invariant");
  });
});
