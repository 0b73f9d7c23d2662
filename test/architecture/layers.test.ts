import { describe, expect, it } from "vitest";
import { layerOf, readSources, type SourceFile } from "./source-files.ts";

const CAPABILITIES = ["identity", "understanding", "detectors", "policy", "approvals", "limits", "audit"] as const;
const EVERYTHING_BELOW_EDGE = ["operate", "authorize", ...CAPABILITIES, "core"];

/** What each layer may import by value; itself always. Design section 3. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["compose", "edge", "config", "platform"],
  compose: ["edge", "config", "platform", "telemetry", ...EVERYTHING_BELOW_EDGE],
  edge: EVERYTHING_BELOW_EDGE,
  operate: ["authorize", ...CAPABILITIES, "core"],
  authorize: [...CAPABILITIES, "core"],
  ...Object.fromEntries(CAPABILITIES.map((name) => [name, ["core"]])),
  config: ["core"],
  telemetry: ["core"],
  platform: ["core"],
  core: [],
};

/** The command line is given config's and platform's functions by main; of their shapes it may know. */
const TYPES_TOO: Readonly<Record<string, readonly string[]>> = { edge: ["config", "platform"] };

const DRIVERS = ["ioredis", "pg", "chokidar"];
const MAY_IMPORT_DRIVERS = /\.(redis|postgres)\.ts$|^src\/platform\/|\/(sinks|channels|sources)\//;

const sources = readSources("src");

describe("the layers of src", () => {
  it("are all seen", () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.flatMap((file) => file.imports).filter(({ isOwn }) => isOwn).length).toBeGreaterThan(500);
    expect(new Set(sources.map((file) => layerOf(file.path)))).toEqual(new Set(Object.keys(MAY_IMPORT)));
  });

  it("import only what stands to their right", () => {
    expect(sources.flatMap(wrongWay)).toEqual([]);
  });

  it("take settings of other folders only in config, and nothing else of them", () => {
    const taken = sources.filter((file) => layerOf(file.path) === "config").flatMap((file) => ownImports(file));
    expect(taken.filter(({ to }) => to.endsWith("settings.ts") && !to.startsWith("src/config/")).length).toBeGreaterThan(5);
  });

  it("use drivers only where a driver belongs", () => {
    const users = sources.filter((file) => file.imports.some(({ to }) => DRIVERS.includes(to)));
    expect(users.length).toBeGreaterThan(0);
    expect(users.map((file) => file.path).filter((path) => !MAY_IMPORT_DRIVERS.test(path))).toEqual([]);
  });

  it("use OpenTelemetry only in telemetry", () => {
    const users = sources.filter((file) => file.imports.some(({ to }) => to.startsWith("@opentelemetry/")));
    expect(users.length).toBeGreaterThan(0);
    expect(users.map((file) => file.path).filter((path) => layerOf(path) !== "telemetry")).toEqual([]);
  });

  it("use gRPC and Envoy's types only in edge/grpc, the demo's own client and the span exporter", () => {
    const users = sources.filter((file) =>
      file.imports.some(({ to }) => to.startsWith("@grpc/") || to.includes("codec.generated") || to === "protobufjs"),
    );
    expect(users.length).toBeGreaterThan(0);
    expect(users.map((file) => file.path).filter((path) => !/^src\/edge\/(grpc|cli\/demo)\//.test(path))).toEqual([]);
  });

  it("read the environment in one place", () => {
    expect(sources.filter((file) => /\bprocess\.env\b/.test(file.text)).map((file) => file.path)).toEqual(["src/config/environment.ts"]);
  });
});

function wrongWay(file: SourceFile): readonly string[] {
  const layer = layerOf(file.path);
  const allowed = MAY_IMPORT[layer] ?? [];
  return ownImports(file)
    .filter(({ to, isType }) => {
      const other = layerOf(to);
      if (other === layer || allowed.includes(other)) return false;
      if (layer === "config" && to.endsWith("settings.ts")) return false;
      return !(isType && TYPES_TOO[layer]?.includes(other));
    })
    .map(({ to }) => `${file.path} → ${to}`);
}

function ownImports(file: SourceFile) {
  return file.imports.filter(({ isOwn, to }) => isOwn && to.startsWith("src/"));
}
