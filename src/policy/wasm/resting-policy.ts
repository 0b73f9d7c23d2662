import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { PreparedPolicy } from "../../core/policy.ts";
import type { Program } from "../program.ts";
import { createEngine } from "./create-engine.ts";
import type { PolicyImage } from "./make-policy-image.ts";
import { eventsOf, type PolicyFacts, prepareOn } from "./prepare-policy.ts";

/** A policy that takes memory only while it is used. */
export type RestingPolicy = {
  /** Makes it ready where it is not. */
  readonly open: () => PreparedPolicy;
  /** Lets go of what can be made again. */
  readonly rest: () => void;
  readonly readProgram: () => Program;
};

/**
 * An image of at most these bytes (some 200 rules) is made again from the program's text in about the time that copying
 * a large one takes, so only the text is kept, deflated: a hundred rules are a few KB instead of 1.5 MB. What is larger would
 * hold up the loop for tens of milliseconds, so there the program and its image stay and only the instance goes.
 */
const REMADE_IMAGE_BYTES_MAX = 2 * 1024 * 1024;

/** @param isUsed whether it takes the place of one that is in use: then the image that was just made is its first instance. */
export function createRestingPolicy(image: PolicyImage, facts: PolicyFacts, isUsed: boolean): RestingPolicy {
  return image.image.bytes.length > REMADE_IMAGE_BYTES_MAX ? restOnImage(image, facts) : restOnText(image, facts, isUsed);
}

function restOnImage({ program, wasm, image }: PolicyImage, facts: PolicyFacts): RestingPolicy {
  const engine = createEngine({ wasm }).open(image, eventsOf(facts));
  let policy: PreparedPolicy | null = null;
  return { open: () => (policy ??= prepareOn(engine, program, facts)), rest: engine.rest, readProgram: () => program };
}

function restOnText({ program, wasm, image }: PolicyImage, facts: PolicyFacts, isUsed: boolean): RestingPolicy {
  const engine = createEngine({ wasm });
  const packed = deflateRawSync(JSON.stringify(program));
  const unpack = () => inflateRawSync(packed).toString();
  const readProgram = (): Program => JSON.parse(unpack());
  const dataOf = () => `{"policies":${unpack()}}`;
  let policy = isUsed ? prepareOn(engine.openData(dataOf, image, eventsOf(facts)), program, facts) : null;
  return {
    open: () => (policy ??= prepareOn(engine.openData(dataOf, null, eventsOf(facts)), readProgram(), facts)),
    readProgram,
    rest: () => {
      policy = null;
    },
  };
}
