import { parse } from "yaml";
import type { Address } from "../core/setting.ts";

export type HostPort = { readonly host: string; readonly port: number };

/** What of a file of `envoy/` is another for a demo or a test; all else stays as the file says. */
export type BootstrapChanges = {
  /** For every listener; port 0 lets the system choose. */
  readonly listener: HostPort;
  readonly sluice: Address;
  /** A STATIC cluster of the same name in place of the file's `egress`; null leaves the file's own. */
  readonly egress: HostPort | null;
  readonly adminPipe: string;
  /** Null leaves the file's own. */
  readonly otlp: HostPort | null;
};

type Fields = Record<string, unknown>;

/** The file with the changes made, as JSON, which Envoy reads without YAML 1.1's surprises. */
export function changeBootstrap(text: string, changes: BootstrapChanges): string {
  const file = fieldsOf(parse(text, { maxAliasCount: 100 }));
  const resources = fieldsOf(file["static_resources"]);
  const listeners = listOf(resources["listeners"]).map((listener) => ({ ...listener, address: socketAddress(changes.listener) }));
  const clusters = listOf(resources["clusters"]).map((cluster) => changeCluster(cluster, changes));
  const admin = { ...fieldsOf(file["admin"]), address: { pipe: { path: changes.adminPipe, mode: 0o600 } } };
  return JSON.stringify({ ...file, admin, static_resources: { ...resources, listeners, clusters } });
}

function changeCluster(cluster: Fields, changes: BootstrapChanges): Fields {
  switch (cluster["name"]) {
    case "sluice":
      return { ...cluster, load_assignment: assignment("sluice", endpointAddress(changes.sluice)) };
    case "otlp":
      return changes.otlp === null ? cluster : { ...cluster, load_assignment: assignment("otlp", socketAddress(changes.otlp)) };
    case "egress":
      return changes.egress === null
        ? cluster
        : { name: "egress", type: "STATIC", connect_timeout: "2s", load_assignment: assignment("egress", socketAddress(changes.egress)) };
    default:
      return cluster;
  }
}

function assignment(name: string, address: Fields): Fields {
  return { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] };
}

function endpointAddress(address: Address): Fields {
  switch (address.kind) {
    case "tcp":
      return socketAddress(address);
    case "unix":
      return { pipe: { path: address.path } };
  }
}

function socketAddress(at: HostPort): Fields {
  return { socket_address: { address: at.host, port_value: at.port } };
}

function listOf(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) throw new Error("the Envoy configuration has no list where one is needed");
  return value.map(fieldsOf);
}

function fieldsOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("the Envoy configuration has no object where one is needed");
  }
  return { ...value };
}
