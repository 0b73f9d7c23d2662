import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type BootstrapChanges, changeBootstrap } from "../../../src/platform/envoy-bootstrap.ts";

const FILES = join(import.meta.dirname, "..", "..", "..", "envoy");
const TEXT = readFileSync(join(FILES, "sidecar.yaml"), "utf8");
const CHANGES: BootstrapChanges = {
  listener: { host: "127.0.0.1", port: 0 },
  sluice: { kind: "tcp", host: "127.0.0.1", port: 4001 },
  egress: { host: "127.0.0.1", port: 4002 },
  adminPipe: "/run/x/admin.sock",
  otlp: { host: "127.0.0.1", port: 4003 },
};

const tcp = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });
const assigned = (name: string, address: object) => ({ cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] });

describe("changeBootstrap", () => {
  it("changes the addresses, the egress cluster and the admin pipe, and nothing else", () => {
    const expected = parse(TEXT);
    expected.admin = { address: { pipe: { path: "/run/x/admin.sock", mode: 0o600 } } };
    expected.static_resources.listeners[0].address = tcp(0);
    const clusters = expected.static_resources.clusters;
    const at = (name: string) => clusters.findIndex((cluster: { name: string }) => cluster.name === name);
    clusters[at("sluice")].load_assignment = assigned("sluice", tcp(4001));
    clusters[at("otlp")].load_assignment = assigned("otlp", tcp(4003));
    clusters[at("egress")] = { name: "egress", type: "STATIC", connect_timeout: "2s", load_assignment: assigned("egress", tcp(4002)) };
    expect(JSON.parse(changeBootstrap(TEXT, CHANGES))).toEqual(expected);
  });

  it("reaches Sluice on a Unix socket", () => {
    const changed = JSON.parse(changeBootstrap(TEXT, { ...CHANGES, sluice: { kind: "unix", path: "/run/sluice.sock" } }));
    const [sluice] = changed.static_resources.clusters;
    expect(sluice.load_assignment).toEqual(assigned("sluice", { pipe: { path: "/run/sluice.sock" } }));
  });

  it("keeps the file's own egress and collector where none is given", () => {
    const changed = JSON.parse(changeBootstrap(TEXT, { ...CHANGES, egress: null, otlp: null }));
    const own = parse(TEXT).static_resources.clusters;
    expect(changed.static_resources.clusters.slice(1)).toEqual(own.slice(1));
  });

  it.each(["", "[]", "a: 1", "static_resources: { listeners: x }"])("throws on what is no bootstrap: %s", (text) => {
    expect(() => changeBootstrap(text, CHANGES)).toThrow("the Envoy configuration has no");
  });
});
