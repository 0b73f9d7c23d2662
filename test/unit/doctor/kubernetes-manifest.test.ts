import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { loadSettings } from "../../../src/config/load-settings.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const DOCUMENTS = parseAllDocuments(readFileSync(join(ROOT, "deploy", "kubernetes", "agent-with-sidecar.yaml"), "utf8"));

const CONFIG_MAP = z.object({
  kind: z.literal("ConfigMap"),
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()),
});
const CONTAINER = z.object({
  name: z.string(),
  securityContext: z.object({
    runAsUser: z.number(),
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal("ALL")]), add: z.array(z.string()).optional() }),
  }),
  volumeMounts: z.array(z.object({ name: z.string() })).default([]),
});
const POD = z.object({
  kind: z.literal("Pod"),
  spec: z.object({
    automountServiceAccountToken: z.literal(false),
    shareProcessNamespace: z.literal(false),
    initContainers: z.array(CONTAINER),
    containers: z.array(CONTAINER),
    volumes: z.array(z.object({ name: z.string() })),
  }),
});

const values = DOCUMENTS.map((document): unknown => document.toJS());
const maps = new Map(
  values
    .flatMap((value) => (CONFIG_MAP.safeParse(value).success ? [CONFIG_MAP.parse(value)] : []))
    .map((map) => [map.metadata.name, map.data]),
);
const pod = POD.parse(values.find((value) => POD.safeParse(value).success));
const containers = [...pod.spec.initContainers, ...pod.spec.containers];

describe("deploy/kubernetes/agent-with-sidecar.yaml", () => {
  it("parses without errors", () => {
    expect(DOCUMENTS.map((document) => document.errors)).toEqual([[], [], [], []]);
  });

  it("carries envoy/sidecar.yaml as it is (copy the file into the ConfigMap, indented by four)", () => {
    expect(maps.get("sluice-envoy")).toEqual({ "sidecar.yaml": readFileSync(join(ROOT, "envoy", "sidecar.yaml"), "utf8") });
  });

  it("carries a configuration that Sluice accepts", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-manifest-"));
    const file = join(folder, "sluice.yaml");
    await writeFile(file, maps.get("sluice-config")?.["sluice.yaml"] ?? "");
    const loaded = loadSettings({ file, env: {}, cwd: folder });
    await rm(folder, { recursive: true });
    expect(loaded.kind === "settings" ? loaded.settings.proxies.map((proxy) => proxy.body) : loaded.problems).toEqual([
      { maxBytes: 1_048_576, partial: false },
    ]);
  });

  it("gives every container its own user, and root to none that stays", () => {
    const users = containers.map((container) => container.securityContext.runAsUser);
    expect(new Set(users).size).toBe(users.length);
    expect(containers.filter((container) => container.securityContext.runAsUser === 0).map(({ name }) => name)).toEqual(["egress-guard"]);
  });

  it("mounts into the agent nothing but its own token, and mounts only volumes that there are", () => {
    expect(pod.spec.containers.map(({ name, volumeMounts }) => [name, volumeMounts.map((mount) => mount.name)])).toEqual([
      ["agent", ["agent-token"]],
    ]);
    const volumes = new Set(pod.spec.volumes.map((volume) => volume.name));
    expect(containers.flatMap((container) => container.volumeMounts).filter((mount) => !volumes.has(mount.name))).toEqual([]);
  });
});
