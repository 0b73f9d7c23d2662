import { join } from "node:path";
import { loadPackageDefinition, Server, ServerCredentials } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { reportCpu } from "./report-cpu.ts";

/** The raw floor: grpc-js with buffers both ways, a constant answer, nothing decoded. */
const ALLOW = Buffer.from([0x0a, 0x00, 0x1a, 0x00]);
const PATH = "/envoy.service.auth.v3.Authorization/Check";

const server = new Server({ "grpc.enable_channelz": 0 });
const definition = loadSync("envoy/service/auth/v3/external_auth.proto", { includeDirs: [join(import.meta.dirname, "../../proto")] });
loadPackageDefinition(definition);
const raw = (bytes: Buffer) => bytes;
server.addService(
  {
    Check: {
      path: PATH,
      requestStream: false,
      responseStream: false,
      requestSerialize: raw,
      requestDeserialize: raw,
      responseSerialize: raw,
      responseDeserialize: raw,
    },
  },
  { Check: (_call: unknown, answer: (error: null, bytes: Buffer) => void) => answer(null, ALLOW) },
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  reportCpu(port, { "no-op": null });
});
