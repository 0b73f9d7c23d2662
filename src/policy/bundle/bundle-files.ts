/** Names in a bundle, as `opa build` writes them. */
export const BUNDLE_FILES = { manifest: ".manifest", data: "data.json", wasm: "policy.wasm", rego: "engine.rego" } as const;

/** The one version of the engine there is. */
export const ENGINE_VERSION = 1;

export const ENTRYPOINTS: readonly string[] = ["sluice/verdict", "sluice/ruling"];

/** What a bundle may hold, before anything of it is believed. */
export const BUNDLE_CAPS = { packedBytes: 16 * 1024 * 1024, unpackedBytes: 64 * 1024 * 1024, entries: 64, pathChars: 200 } as const;
