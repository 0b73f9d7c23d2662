import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { envoy } from "../../../src/edge/grpc/codec.generated.js";
import { generateCodec } from "../../../src/edge/grpc/generate-codec.ts";
import { loadProtos } from "../../tools/check-request.ts";

const ROOT_TYPES = ["envoy.service.auth.v3.CheckRequest", "envoy.service.auth.v3.CheckResponse"];

describe("the checked-in codec", () => {
  it("is what its generator makes of the protos", () => {
    const folder = new URL("../../../src/edge/grpc/", import.meta.url);
    const { js, types } = generateCodec();
    expect(readFileSync(new URL("codec.generated.js", folder), "utf8")).toBe(js);
    expect(readFileSync(new URL("codec.generated.d.ts", folder), "utf8")).toBe(types);
  });

  it("writes a CheckResponse that Envoy's own protos read whole", () => {
    const theirs = loadEnvoyProtos().lookupType("envoy.service.auth.v3.CheckResponse");
    const ours = loadProtos().lookupType("envoy.service.auth.v3.CheckResponse");
    for (const arm of ["deniedResponse", "okResponse"]) {
      const sample = sampleOf(ours, { arm });
      const bytes = envoy.service.auth.v3.CheckResponse.encode(ours.toObject(ours.fromObject(sample))).finish();
      expect(plain(theirs, bytes)).toEqual(sample);
    }
  });
});

describe("our protos and Envoy's", () => {
  const ours = loadProtos();
  const theirs = loadEnvoyProtos();
  const types = ROOT_TYPES.flatMap((name) => reachable(ours.lookupType(name)));
  const names = [...new Set(types.map((type) => nameOf(type)))].filter((name) => !name.startsWith("google.protobuf"));

  it("looks at all the messages of a Check", () => {
    expect(names.length).toBe(19);
  });

  it.each(names)("give every field of %s the same number, type and label", (name) => {
    const other = theirs.lookupType(name);
    for (const field of ours.lookupType(name).fieldsArray) {
      const same = other.fields[field.name];
      expect({ field: field.name, ...shapeOf(field) }).toEqual({ field: field.name, ...(same === undefined ? {} : shapeOf(same)) });
    }
  });

  it.each([
    "envoy.config.core.v3.HeaderValueOption.HeaderAppendAction",
    "envoy.config.core.v3.SocketAddress.Protocol",
    "envoy.type.v3.StatusCode",
  ])("give every value of %s the same number", (name) => {
    expect(theirs.lookupEnum(name).values).toMatchObject(ours.lookupEnum(name).values);
  });

  it.each(
    ROOT_TYPES.flatMap((name) =>
      ["deniedResponse", "okResponse", "socketAddress", "pipe", "envoyInternalAddress"].map((arm) => ({ name, arm })),
    ),
  )("read each other's $name with every field set ($arm)", ({ name, arm }) => {
    const our = ours.lookupType(name);
    const their = theirs.lookupType(name);
    const sample = sampleOf(our, { arm });
    expect(plain(their, our.encode(our.fromObject(sample)).finish())).toEqual(sample);
    expect(plain(our, their.encode(their.fromObject(sample)).finish())).toEqual(sample);
  });
});

function loadEnvoyProtos(): protobuf.Root {
  const deps = join(dirname(createRequire(import.meta.url).resolve("@grpc/grpc-js-xds/package.json")), "deps");
  const root = new protobuf.Root();
  const folders: readonly (readonly [RegExp, string])[] = [
    [/^envoy\//, "envoy-api"],
    [/^(udpa|xds)\//, "xds"],
    [/^validate\//, "protoc-gen-validate"],
    [/^google\/rpc\//, "googleapis"],
  ];
  root.resolvePath = (_origin, target) => {
    if (target === "google/protobuf/descriptor.proto") return createRequire(import.meta.url).resolve(`protobufjs/${target}`);
    const folder = folders.find(([pattern]) => pattern.test(target))?.[1];
    return folder === undefined ? target : join(deps, folder, target);
  };
  return root.loadSync("envoy/service/auth/v3/external_auth.proto");
}

function nameOf(type: protobuf.Type | protobuf.Enum): string {
  return type.fullName.slice(1);
}

function reachable(type: protobuf.Type, seen = new Set<protobuf.Type>()): protobuf.Type[] {
  if (seen.has(type)) return [];
  seen.add(type);
  for (const field of type.fieldsArray) {
    field.resolve();
    if (field.resolvedType instanceof protobuf.Type) reachable(field.resolvedType, seen);
  }
  return [...seen];
}

function shapeOf(field: protobuf.Field): object {
  field.resolve();
  const type = field.resolvedType === null ? field.type : nameOf(field.resolvedType);
  return { id: field.id, type, repeated: field.repeated, key: field instanceof protobuf.MapField ? field.keyType : null };
}

type Choice = { readonly arm: string };

/** A message with every field set to a value of its own; of a oneof the chosen member, else the first. */
function sampleOf(type: protobuf.Type, choice: Choice, path = ""): Record<string, unknown> {
  if (nameOf(type) === "google.protobuf.Struct") return { fields: { [`k${path}`]: { stringValue: `v${path}` } } };
  const sample: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    field.resolve();
    const rivals = field.partOf?.oneof ?? [field.name];
    const chosen = rivals.includes(choice.arm) ? choice.arm : rivals[0];
    if (field.name !== chosen) continue;
    const value = sampleValue(field, choice, `${path}.${field.name}`);
    sample[field.name] = field instanceof protobuf.MapField ? { [`key${path}`]: value } : field.repeated ? [value, value] : value;
  }
  return sample;
}

function sampleValue(field: protobuf.Field, choice: Choice, path: string): unknown {
  if (field.resolvedType instanceof protobuf.Type) return sampleOf(field.resolvedType, choice, path);
  if (field.resolvedType instanceof protobuf.Enum) return Math.max(...Object.values(field.resolvedType.values).filter((n) => n < 600));
  switch (field.type) {
    case "string":
      return `text${path}`;
    case "bytes":
      return Buffer.from(`bytes${path}`).toString("base64");
    case "bool":
      return true;
    default:
      return 7 + path.length;
  }
}

function plain(type: protobuf.Type, bytes: Uint8Array): object {
  return type.toObject(type.decode(bytes), { longs: Number, bytes: String });
}
