import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAuthority } from "../../../src/understanding/canonical-host.ts";
import { isPrivateHost } from "../../../src/understanding/private-host.ts";

describe("parseAuthority", () => {
  it.each([
    ["", "empty"],
    ["user@a.com", "userinfo"],
    ["user:pw@a.com", "userinfo with password"],
    ["a.com,b.com", "two Host lines joined"],
    ["a.com,", "trailing comma"],
    ["a%2ecom", "escape"],
    ["[fe80::1%25eth0]", "zone"],
    ["b\u00fccher.example", "non-ASCII"],
    ["\uff41.com", "full-width letter"],
    ["a.com:", "empty port"],
    ["a.com:0", "port zero"],
    ["a.com:080", "port with a leading zero"],
    ["a.com:65536", "port too large"],
    ["a.com:99999", "port too large"],
    ["a.com:8x", "port with letters"],
    ["a.com:80:80", "two ports"],
    [" a.com", "white space before"],
    ["a.com ", "white space after"],
    ["a.com\t", "tab"],
    ["a.com/x", "slash"],
    ["a.com?x", "question mark"],
    ["a.com#x", "fragment"],
    ["a.com\\x", "backslash"],
    ["a..com", "empty label"],
    [".a.com", "leading dot"],
    ["a.com..", "two trailing dots"],
    [".", "only a dot"],
    [`${"a".repeat(64)}.com`, "label too long"],
    [`${"a.".repeat(127)}com`, "name too long"],
    ["a*.com", "wildcard"],
    ["::1", "IPv6 without brackets"],
    ["[::1", "open bracket"],
    ["[::1]x", "text after the bracket"],
    ["[1.2.3.4]", "IPv4 in brackets"],
    ["[:::1]", "no IPv6"],
    ["256.1.1.1", "IPv4 out of range"],
    ["1.2.3.4.5", "five numbers"],
    ["08.1.1.1", "no octal"],
    ["4294967296", "decimal out of range"],
    ["0x", "empty hexadecimal"],
    ["a.com.1", "a last label that is a number"],
    ["a.0x1f", "a last label that is hexadecimal"],
  ])("refuses %j: %s", (authority) => {
    expect(parseAuthority(authority, 443)).toBeNull();
  });

  it.each([
    ["api.example.com", "api.example.com", 443, "api.example.com"],
    ["API.Example.COM", "api.example.com", 443, "api.example.com"],
    ["api.example.com.", "api.example.com", 443, "api.example.com"],
    ["api.example.com:443", "api.example.com", 443, "api.example.com"],
    ["api.example.com.:8443", "api.example.com", 8443, "api.example.com:8443"],
    ["api.example.com:80", "api.example.com", 80, "api.example.com:80"],
    ["my_bucket.s3.example", "my_bucket.s3.example", 443, "my_bucket.s3.example"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example", 443, "xn--bcher-kva.example"],
    ["localhost:3000", "localhost", 3000, "localhost:3000"],
  ])("reads the name %s", (authority, hostname, port, host) => {
    expect(parseAuthority(authority, 443)).toEqual({ hostname, port, host, literal: false });
  });

  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["0177.0.0.1", "127.0.0.1"],
    ["0x7f.1", "127.0.0.1"],
    ["0x7f000001", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["127.1", "127.0.0.1"],
    ["127.0.1.", "127.0.0.1"],
    ["169.254.169.254", "169.254.169.254"],
    ["8.8.8.8", "8.8.8.8"],
    ["[::1]", "[::1]"],
    ["[0:0:0:0:0:0:0:1]", "[::1]"],
    ["[::FFFF:127.0.0.1]", "[::ffff:7f00:1]"],
    ["[64:ff9b::10.0.0.1]", "[64:ff9b::a00:1]"],
  ])("reads %s as an address", (authority, hostname) => {
    const host = parseAuthority(authority, 80);
    expect(host).toEqual({ hostname, port: 80, host: hostname, literal: true });
    expect(host !== null && isPrivateHost(host)).toBe(true);
  });

  it.each([
    "localhost",
    "db",
    "a.localhost",
    "x.local",
    "x.internal",
    "metadata.google.internal",
    "x.intranet",
    "x.lan",
    "x.home.arpa",
    "home.arpa",
    "a.b.svc",
    "a.b.svc.cluster.local",
    "cluster.local",
  ])("counts %s as private", (authority) => {
    const host = parseAuthority(authority, 80);
    expect(host !== null && isPrivateHost(host)).toBe(true);
  });

  it.each(["example.com", "local.example.com", "notlocal.com", "mylan.org", "svc.example.org"])("counts %s as public", (authority) => {
    const host = parseAuthority(authority, 80);
    expect(host === null || isPrivateHost(host)).toBe(false);
  });

  it("never names another host than a URL parser does", () => {
    const character = fc.constantFrom(..."abAB019xX.-_:%@[]/\\#?, \t\u00e9\uff0e\u3002");
    const authority = fc.oneof(
      fc.string({ unit: character, maxLength: 20 }),
      fc.domain(),
      fc.ipV4Extended(),
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.tuple(fc.domain(), fc.integer({ min: 0, max: 70_000 })).map(([name, port]) => `${name.toUpperCase()}.:${port}`),
    );
    let accepted = 0;
    fc.assert(
      fc.property(authority, (text) => {
        const host = parseAuthority(text, 80);
        if (host === null) return;
        const url = parseUrl(`http://${text}/`);
        if (url === null) return;
        accepted++;
        expect([url.hostname.replace(/\.$/, ""), url.port === "" ? 80 : Number(url.port)]).toEqual([host.hostname, host.port]);
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it("is idempotent", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.domain(),
          fc.ipV4Extended(),
          fc.ipV6().map((ip) => `[${ip}]`),
        ),
        (text) => {
          const host = parseAuthority(text, 80);
          expect(host === null ? null : parseAuthority(host.host, 80)).toEqual(host);
        },
      ),
    );
  });
});

function parseUrl(text: string): URL | null {
  return URL.parse(text);
}
