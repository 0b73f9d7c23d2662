import { compileModule } from "./compile-module.ts";
import { openInstance, readText, type WasmInstance } from "./open-instance.ts";
import { PolicyRefusedError } from "./policy-refused-error.ts";

/** A compiled engine, before any policy is in it. */
export type Engine = {
  /** Puts `data`, a JSON text, into an instance of its own. Throws `PolicyRefusedError` when the engine cannot take it. */
  readonly load: (data: string, on?: EngineEvents) => LoadedEngine;
};

export type EngineEvents = {
  /** The instance that answered last is given up: it threw, or its memory grew past the mark. */
  readonly replaced: (why: "threw" | "grown") => void;
};

export type LoadedEngine = {
  /** The JSON text of the result set. Throws where the engine fails; the next call runs on a fresh instance. */
  readonly evaluate: (entry: Entry, input: string) => string;
};

const ENTRIES = ["sluice/verdict", "sluice/ruling"] as const;
export type Entry = (typeof ENTRIES)[number];

/** Wasm memory never shrinks, so an instance that grew this far beyond its policy is given up for a fresh one. */
const GROWTH_BYTES_MAX = 8 * 1024 * 1024;
/** Past this the engine aborts, which is a fault of one call. */
const MEMORY_BYTES_MAX = 512 * 1024 * 1024;
const ROOM_BYTES = 256 * 1024;
/** Wasm memory that parsed data takes, in bytes a byte of its text. */
const DATA_FACTOR = 20;

export function createEngine(source: { readonly wasm: Uint8Array }): Engine {
  const module = admit(source.wasm);
  return { load: (data, on = { replaced: () => {} }) => load(module, data, on) };
}

/** Compiles the module and refuses one that this host could not run to the end. */
function admit(wasm: Uint8Array): WebAssembly.Module {
  const probe = attempt("the engine is no module of this host's ABI", () => {
    const module = compileModule(wasm);
    const { memory, exports } = openInstance(module, { bytes: ROOM_BYTES, bytesMax: MEMORY_BYTES_MAX });
    return {
      module,
      builtins: Object.keys(JSON.parse(readText(memory, exports.opa_json_dump(exports.builtins())))).sort(),
      entries: entriesOf(memory, exports),
    };
  });
  if (probe.builtins.length > 0)
    throw new PolicyRefusedError(`the engine needs built-ins that are not supplied: ${probe.builtins.join(", ")}`);
  for (const entry of ENTRIES) {
    if (!probe.entries.has(entry)) throw new PolicyRefusedError(`the engine has no entry point ${entry}`);
  }
  return probe.module;
}

function entriesOf(memory: WebAssembly.Memory, exports: WasmInstance["exports"]): ReadonlyMap<string, number> {
  const entries: Record<string, number> = JSON.parse(readText(memory, exports.opa_json_dump(exports.entrypoints())));
  return new Map(Object.entries(entries));
}

function load(module: WebAssembly.Module, data: string, on: EngineEvents): LoadedEngine {
  const image = attempt("the engine cannot read the policy's data", () => makeImage(module, data));
  const mark = image.bytes.length + GROWTH_BYTES_MAX;
  let running: Running | null = openImage(module, image);

  return { evaluate };

  function evaluate(entry: Entry, input: string): string {
    const current = running ?? openImage(module, image);
    running = null;
    let answer: string | null = null;
    try {
      answer = evaluateIn(current, image.entries.get(entry) ?? -1, input);
    } finally {
      // A throw leaves the module's stack pointer and heap as they were in mid-call: that instance must not answer again.
      if (answer === null) on.replaced("threw");
      else if (current.view.length > mark) on.replaced("grown");
      else running = current;
    }
    return answer;
  }
}

/** Linear memory of an instance with the data in it; copied into fresh instances it spares parsing the data again. */
type Image = { readonly bytes: Uint8Array; readonly dataAddress: number; readonly entries: ReadonlyMap<string, number> };

function makeImage(module: WebAssembly.Module, data: string): Image {
  const bytes = Buffer.from(data);
  const { memory, exports } = openInstance(module, { bytes: bytes.length * DATA_FACTOR + ROOM_BYTES, bytesMax: MEMORY_BYTES_MAX });
  const entries = entriesOf(memory, exports);
  const address = exports.opa_malloc(bytes.length);
  new Uint8Array(memory.buffer).set(bytes, address);
  const parsed = exports.opa_json_parse(address, bytes.length);
  if (parsed === 0) throw new Error("it is not valid JSON");
  return { bytes: new Uint8Array(memory.buffer.slice(0, exports.opa_heap_ptr_get())), dataAddress: parsed, entries };
}

type Running = WasmInstance & { readonly image: Image; view: Buffer };

function openImage(module: WebAssembly.Module, image: Image): Running {
  const instance = openInstance(module, { bytes: image.bytes.length + ROOM_BYTES, bytesMax: MEMORY_BYTES_MAX });
  const view = Buffer.from(instance.memory.buffer);
  view.set(image.bytes);
  return { ...instance, image, view };
}

function evaluateIn(running: Running, entry: number, input: string): string {
  const { memory, image, exports } = running;
  const start = image.bytes.length;
  // A UTF-16 unit is at most three bytes of UTF-8.
  const lack = start + input.length * 3 - memory.buffer.byteLength;
  if (lack > 0) memory.grow(Math.ceil(lack / 65_536));
  if (running.view.buffer !== memory.buffer) running.view = Buffer.from(memory.buffer);
  const length = running.view.write(input, start, "utf8");
  const answer = exports.opa_eval(0, entry, image.dataAddress, start, length, start + length, 0);
  // The module may have grown its memory, which detaches the view.
  if (running.view.buffer !== memory.buffer) running.view = Buffer.from(memory.buffer);
  const end = running.view.indexOf(0, answer);
  if (answer <= 0 || end < 0) throw new Error("the engine gave no answer");
  return running.view.toString("utf8", answer, end);
}

function attempt<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new PolicyRefusedError(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
