import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";

const MODULES_MAX = 8;
const modules = new LRUCache<string, WebAssembly.Module>({ max: MODULES_MAX });

/** The compiled module of these bytes; the same bytes are compiled once in a process. */
export function compileModule(wasm: Uint8Array): WebAssembly.Module {
  const hash = createHash("sha256").update(wasm).digest("hex");
  const known = modules.get(hash);
  if (known !== undefined) return known;
  const module = new WebAssembly.Module(wasm);
  modules.set(hash, module);
  return module;
}
