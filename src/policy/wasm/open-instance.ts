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

const FUNCTIONS = ["opa_eval", "opa_malloc", "opa_json_parse", "opa_json_dump", "opa_heap_ptr_get", "builtins", "entrypoints"] as const;
const PAGE_BYTES = 65_536;
/** What the module's own statics and stack need at least. */
const PAGES_MIN = 5;

export function openInstance(module: WebAssembly.Module, size: { readonly bytes: number; readonly bytesMax: number }): WasmInstance {
  const memory = new WebAssembly.Memory({ initial: pagesFor(size.bytes), maximum: pagesFor(size.bytesMax) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory, ...IMPORTS, opa_abort: abort } });
  return { memory, exports: parseExports(exports) };

  function abort(address: number): never {
    throw new Error(`the engine aborted: ${readText(memory, address)}`);
  }
}

/** The zero-terminated text at an address. */
export function readText(memory: WebAssembly.Memory, address: number): string {
  const bytes = Buffer.from(memory.buffer);
  const end = bytes.indexOf(0, address);
  if (end < 0) throw new Error("the engine gave a text without an end");
  return bytes.toString("utf8", address, end);
}

// Built-ins that the module does not bring itself are refused when it is admitted; reaching one is a fault.
const IMPORTS = {
  opa_println: () => {},
  opa_builtin0: missing,
  opa_builtin1: missing,
  opa_builtin2: missing,
  opa_builtin3: missing,
  opa_builtin4: missing,
};

function missing(id: number): never {
  throw new Error(`the engine called built-in ${id}, which no host supplies`);
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
