import { describe, expect, it } from "vitest";
import { parseListenAddress } from "../../../src/edge/grpc/listen-on.ts";

describe("an address to listen on", () => {
  it.each([
    ["127.0.0.1:9191", { kind: "tcp", host: "127.0.0.1", port: 9191 }],
    ["localhost:0", { kind: "tcp", host: "localhost", port: 0 }],
    ["[::1]:9191", { kind: "tcp", host: "::1", port: 9191 }],
    ["unix:/run/sluice.sock", { kind: "unix", path: "/run/sluice.sock" }],
  ])("is read: %s", (text, address) => {
    expect(parseListenAddress(text)).toEqual(address);
  });

  it.each(["", "9191", ":9191", "host", "host:", "::1:9191", "host:port", "[::1]", "host:123456"])("is refused: %s", (text) => {
    expect(() => parseListenAddress(text)).toThrow("host:port or unix:PATH");
  });
});
