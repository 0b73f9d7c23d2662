import { Server, ServerCredentials, type ServiceDefinition, status } from "@grpc/grpc-js";
import protobuf from "protobufjs";

/** The part of OTLP 1.x that the tests read: opentelemetry/proto/{collector/trace,trace,resource,common}/v1. */
const PROTO = `syntax = "proto3";
message Export { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { repeated Span spans = 2; }
message Span { bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  repeated KeyValue attributes = 9; repeated Link links = 13; Status status = 15; }
message Link { bytes trace_id = 1; bytes span_id = 2; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; Value value = 2; }
message Value { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; Values array_value = 5; } }
message Values { repeated Value values = 1; }`;

const Export = protobuf.parse(PROTO).root.lookupType("Export");

type CollectedSpan = {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Record<string, unknown>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: number; readonly message: string };
  readonly service: unknown;
};

export type Collector = {
  readonly endpoint: string;
  readonly spans: () => readonly CollectedSpan[];
  readonly bytes: () => Buffer;
  readonly close: () => void;
};

/** A real gRPC server that takes what an OTLP collector takes; with `refusing` it answers every export with an error. */
export async function startCollector(refusing = false): Promise<Collector> {
  const received: Buffer[] = [];
  const raw = (bytes: Buffer) => bytes;
  const service: ServiceDefinition = {
    Export: {
      path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
      requestStream: false,
      responseStream: false,
      requestSerialize: raw,
      requestDeserialize: raw,
      responseSerialize: raw,
      responseDeserialize: raw,
    },
  };
  const server = new Server();
  server.addService(service, {
    Export: (call: { request: Buffer }, answer: (error: { code: status } | null, response?: Buffer) => void) => {
      if (refusing) return answer({ code: status.INVALID_ARGUMENT });
      received.push(call.request);
      answer(null, Buffer.alloc(0));
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans: () => received.flatMap(decodeSpans),
    bytes: () => Buffer.concat(received),
    close: () => server.forceShutdown(),
  };
}

// biome-ignore-start lint/suspicious/noExplicitAny: protobufjs gives decoded messages as plain objects of the schema above
function decodeSpans(bytes: Buffer): CollectedSpan[] {
  const message = Export.toObject(Export.decode(bytes), { bytes: Buffer, longs: Number, defaults: true, arrays: true }) as any;
  return message.resourceSpans.flatMap((resource: any) =>
    resource.scopeSpans.flatMap((scope: any) =>
      scope.spans.map((span: any) => ({
        name: span.name,
        kind: span.kind,
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: hex(span.parentSpanId),
        attributes: attributesOf(span.attributes),
        links: span.links.map((link: any) => ({ traceId: hex(link.traceId), spanId: hex(link.spanId) })),
        status: { code: span.status?.code ?? 0, message: span.status?.message ?? "" },
        service: attributesOf(resource.resource.attributes)["service.name"],
      })),
    ),
  );
}

function attributesOf(pairs: any[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, anyValueOf(value)]));
}

function anyValueOf(value: any): unknown {
  if (value.arrayValue) return value.arrayValue.values.map(anyValueOf);
  return value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue;
}

function hex(bytes: Buffer): string {
  return Buffer.from(bytes).toString("hex");
}
// biome-ignore-end lint/suspicious/noExplicitAny: end of decoding
