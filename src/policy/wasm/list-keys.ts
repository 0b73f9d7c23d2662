import type { PolicyInput } from "../../core/policy-input.ts";
import type { Program } from "../program.ts";
import { possibleTools } from "./describe-match.ts";
import { isCarried } from "./trim-value.ts";

/** Tells each call's keys into `program.index`, of those that it has. */
export function createKeyLister(program: Pick<Program, "index">): (input: PolicyInput) => readonly string[] {
  const index = new Set(Object.keys(program.index));
  const pathKeys = pathKeysByHost(index);

  return function listKeys({ caller, intent }) {
    const { host, segments } = intent.target;
    const keys: string[] = [];
    const add = (key: string) => {
      if (index.has(key)) keys.push(key);
    };
    for (const tool of possibleTools(intent.tool)) add(`t:${tool}`);
    add(`h:${host}`);
    for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) add(`h:${host.slice(dot)}`);
    const ofPaths = pathKeys.get(host);
    if (ofPaths !== undefined) {
      // A path that cannot be told may be any: whatever restricts one of them is found.
      const isTold = intent.protocol !== "tunnel" && segments.every(isCarried);
      if (!isTold) keys.push(...ofPaths);
      else if (segments[0] !== undefined) add(`h:${host}/${segments[0]}`);
    }
    add(`a:${caller.agent}`);
    add(`p:${intent.protocol}`);
    add("*");
    return keys;
  };
}

/** The keys `h:HOST/SEGMENT` by their hosts. */
function pathKeysByHost(index: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const byHost = new Map<string, string[]>();
  for (const key of index) {
    const [, host] = /^h:([^/]+)\//.exec(key) ?? [];
    if (host === undefined) continue;
    const keys = byHost.get(host);
    if (keys === undefined) byHost.set(host, [key]);
    else keys.push(key);
  }
  return byHost;
}
