import { fileURLToPath } from "node:url";
import { loadSync, type MethodDefinition } from "@grpc/proto-loader";

const PROTO_FOLDER = fileURLToPath(new URL("../../../proto/", import.meta.url));

/** A service's methods by name, as its proto file declares them. Messages keep the field names of the file. */
export function loadService(file: string, service: string): (method: string) => MethodDefinition<object, object> {
  const definition = loadSync(file, { includeDirs: [PROTO_FOLDER], keepCase: true, enums: String, defaults: true })[service];
  return function readMethod(method) {
    const found = definition === undefined || "format" in definition ? undefined : definition[method];
    if (found === undefined) throw new Error(`${file} declares no ${service}/${method}`);
    return found;
  };
}
