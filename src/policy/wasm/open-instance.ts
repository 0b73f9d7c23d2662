import type { Builtins } from "./builtins/index.ts";

/** A running OPA module (ABI 1.2 and later) over its own linear memory. */
export type WasmInstance = { readonly memory: WebAssembly.Memory; readonly exports: OpaExports };

export type OpaExports = {
  readonly opa_eval: (reserved: 0, entrypoint: number, data: number, input: number, inputLength: number, heap: number, format: 0) => number;
  readonly opa_malloc: (bytes: number) => number;
  readonly opa_json_parse: (address: number, length: number) => number;
  readonly opa_json_dump: (address: number) => number;
  readonly opa_heap_ptr_get: () => number;
  readonly builtins: () => number;
  readonly entrypoints: () => number;
};

export type InstanceOptions = {
  /** How much memory to begin with, and where to stop. */
  readonly bytes: number;
  readonly bytesMax: number;
  readonly builtins: Builtins;
};

const FUNCTIONS = ["opa_eval", "opa_malloc", "opa_json_parse", "opa_json_dump", "opa_heap_ptr_get", "builtins", "entrypoints"] as const;
const PAGE_BYTES = 65_536;
/** What the module's own statics and stack need at least. */
const PAGES_MIN = 5;
const UNDEFINED = 0;

export function openInstance(module: WebAssembly.Module, options: InstanceOptions): WasmInstance {
  const memory = new WebAssembly.Memory({ initial: pagesFor(options.bytes), maximum: pagesFor(options.bytesMax) });
  // A module calls no built-in before it is asked to evaluate, by when `instance` is there.
  const call = (id: number, _context: number, ...args: readonly number[]) => callBuiltin(instance, byId.get(id), args);
  const { exports } = new WebAssembly.Instance(module, {
    env: {
      memory,
      opa_abort: abort,
      opa_println: () => {},
      opa_builtin0: call,
      opa_builtin1: call,
      opa_builtin2: call,
      opa_builtin3: call,
      opa_builtin4: call,
    },
  });
  const instance: WasmInstance = { memory, exports: parseExports(exports) };
  const byId = new Map(neededBuiltins(instance).map(({ name, id }) => [id, options.builtins[name]]));
  return instance;

  function abort(address: number): never {
    throw new Error(`the engine aborted: ${readText(memory, address)}`);
  }
}

/** The built-ins that the module does not bring itself. */
export function neededBuiltins({ memory, exports }: WasmInstance): readonly { readonly name: string; readonly id: number }[] {
  const ids: Readonly<Record<string, number>> = JSON.parse(readText(memory, exports.opa_json_dump(exports.builtins())));
  return Object.entries(ids).map(([name, id]) => ({ name, id }));
}

/** The zero-terminated text at an address. */
export function readText(memory: WebAssembly.Memory, address: number): string {
  const bytes = Buffer.from(memory.buffer);
  const end = bytes.indexOf(0, address);
  if (end < 0) throw new Error("the engine gave a text without an end");
  return bytes.toString("utf8", address, end);
}

/** Puts a JSON text into the module's memory as a value; 0 where it is none. */
export function writeValue({ memory, exports }: WasmInstance, json: Uint8Array): number {
  const address = exports.opa_malloc(json.length);
  // Only now: the module may have grown its memory, which detaches older views.
  new Uint8Array(memory.buffer).set(json, address);
  return exports.opa_json_parse(address, json.length);
}

function callBuiltin(instance: WasmInstance, builtin: Builtins[string] | undefined, args: readonly number[]): number {
  // Such a module is refused when it is admitted; reaching one is a fault.
  if (builtin === undefined) throw new Error("the engine called a built-in that no host supplies");
  const { memory, exports } = instance;
  const result = builtin(args.map((address) => JSON.parse(readText(memory, exports.opa_json_dump(address)))));
  return result === undefined ? UNDEFINED : writeValue(instance, Buffer.from(result));
}

function pagesFor(bytes: number): number {
  return Math.max(PAGES_MIN, Math.ceil(bytes / PAGE_BYTES));
}

function parseExports(exports: Readonly<Record<string, unknown>>): OpaExports {
  for (const name of FUNCTIONS) {
    if (typeof exports[name] !== "function") throw new Error(`the module has no function ${name}`);
  }
  // Each was just seen to be a function; a Wasm signature cannot be read from JavaScript, and a wrong one gives 0 or throws.
  return exports as OpaExports;
}
