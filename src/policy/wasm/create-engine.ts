import { createBuiltins } from "./builtins/index.ts";
import { compileModule } from "./compile-module.ts";
import { type InstanceOptions, neededBuiltins, openInstance, readText, type WasmInstance, writeValue } from "./open-instance.ts";
import { PolicyRefusedError } from "./policy-refused-error.ts";

/** A compiled engine, before any policy is in it. */
export type Engine = {
  /** Parses `data`, a JSON text, into linear memory. Throws `PolicyRefusedError` when the engine cannot take it. */
  readonly makeImage: (data: string) => EngineImage;
  /** Makes an instance of its own of the image, which the same module must have made. */
  readonly open: (image: EngineImage, on?: EngineEvents) => LoadedEngine;
  /** Keeps no image: instances are made of the data, which is asked for each time; the first of an image where there is one. */
  readonly openData: (data: () => string, first: EngineImage | null, on?: EngineEvents) => LoadedEngine;
  /** Makes and opens the image of data that is used in the same thread. */
  readonly load: (data: string, on?: EngineEvents) => LoadedEngine;
};

/** Linear memory of an instance with the data in it; copied into fresh instances it spares parsing the data again. */
export type EngineImage = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly dataAddress: number;
  readonly entries: Readonly<Record<string, number>>;
};

export type EngineEvents = {
  /** The instance that answered last is given up: it threw, or its memory grew past the mark. */
  readonly replaced: (why: "threw" | "grown") => void;
};

export type LoadedEngine = {
  /** The JSON text of the result set. Throws where the engine fails; the next call runs on a fresh instance. */
  readonly evaluate: (entry: Entry, input: string) => string;
  /** Lets the instance go; the next call runs on a fresh one. */
  readonly rest: () => void;
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
  const builtins = createBuiltins();
  const start: Start = (module, bytes) => openInstance(module, { bytes, bytesMax: MEMORY_BYTES_MAX, builtins });
  const module = admit(source.wasm, start, builtins);
  const make: Engine["makeImage"] = (data) => attempt("the engine cannot read the policy's data", () => makeImage(module, start, data));
  const openOne: Engine["open"] = (image, on = SILENT) => open(() => openImage(module, start, image), on);
  const openData: Engine["openData"] = (data, first, on = SILENT) => {
    let image = first;
    return open(() => {
      const given = image;
      image = null;
      return given === null ? openText(module, start, data()) : openImage(module, start, given);
    }, on);
  };
  return { makeImage: make, open: openOne, openData, load: (data, on) => openOne(make(data), on) };
}

const SILENT: EngineEvents = { replaced: () => {} };

type Start = (module: WebAssembly.Module, bytes: number) => WasmInstance;

/** Compiles the module and refuses one that this host could not run to the end. */
function admit(wasm: Uint8Array, start: Start, supplied: InstanceOptions["builtins"]): WebAssembly.Module {
  const probe = attempt("the engine is no module of this host's ABI", () => {
    const module = compileModule(wasm);
    const instance = start(module, ROOM_BYTES);
    return { module, builtins: neededBuiltins(instance).map(({ name }) => name), entries: entriesOf(instance) };
  });
  const missing = probe.builtins.filter((name) => !Object.hasOwn(supplied, name)).sort();
  if (missing.length > 0) throw new PolicyRefusedError(`the engine needs built-ins that are not supplied: ${missing.join(", ")}`);
  for (const entry of ENTRIES) {
    if (!Object.hasOwn(probe.entries, entry)) throw new PolicyRefusedError(`the engine has no entry point ${entry}`);
  }
  return probe.module;
}

function entriesOf({ memory, exports }: WasmInstance): EngineImage["entries"] {
  return JSON.parse(readText(memory, exports.opa_json_dump(exports.entrypoints())));
}

function makeImage(module: WebAssembly.Module, start: Start, data: string): EngineImage {
  const { memory, heapAddress, dataAddress, entries } = openText(module, start, data);
  return { bytes: new Uint8Array(memory.buffer.slice(0, heapAddress)), dataAddress, entries };
}

function open(start: () => Running, on: EngineEvents): LoadedEngine {
  let running: Running | null = null;

  return { evaluate, rest };

  function evaluate(entry: Entry, input: string): string {
    const current = running ?? start();
    running = null;
    let answer: string | null = null;
    try {
      answer = evaluateIn(current, current.entries[entry] ?? -1, input);
    } finally {
      // A throw leaves the module's stack pointer and heap as they were in mid-call: that instance must not answer again.
      if (answer === null) on.replaced("threw");
      else if (current.view.length > current.heapAddress + GROWTH_BYTES_MAX) on.replaced("grown");
      else running = current;
    }
    return answer;
  }

  function rest(): void {
    running = null;
  }
}

/** `heapAddress`: where the data ends and a call's own values begin. */
type Running = WasmInstance & Pick<EngineImage, "dataAddress" | "entries"> & { readonly heapAddress: number; view: Buffer };

function openImage(module: WebAssembly.Module, start: Start, { bytes, dataAddress, entries }: EngineImage): Running {
  const instance = start(module, bytes.length + ROOM_BYTES);
  const view = Buffer.from(instance.memory.buffer);
  view.set(bytes);
  return { ...instance, dataAddress, entries, heapAddress: bytes.length, view };
}

function openText(module: WebAssembly.Module, start: Start, data: string): Running {
  const bytes = Buffer.from(data);
  const instance = start(module, bytes.length * DATA_FACTOR + ROOM_BYTES);
  const entries = entriesOf(instance);
  const dataAddress = writeValue(instance, bytes);
  if (dataAddress === 0) throw new Error("it is not valid JSON");
  const heapAddress = instance.exports.opa_heap_ptr_get();
  return { ...instance, dataAddress, entries, heapAddress, view: Buffer.from(instance.memory.buffer) };
}

function evaluateIn(running: Running, entry: number, input: string): string {
  const { memory, exports, heapAddress: start } = running;
  // A UTF-16 unit is at most three bytes of UTF-8.
  const lack = start + input.length * 3 - memory.buffer.byteLength;
  if (lack > 0) memory.grow(Math.ceil(lack / 65_536));
  if (running.view.buffer !== memory.buffer) running.view = Buffer.from(memory.buffer);
  const length = running.view.write(input, start, "utf8");
  const answer = exports.opa_eval(0, entry, running.dataAddress, start, length, start + length, 0);
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
