import type { Spot } from "../spot.ts";

const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const HOST = new RegExp(`^(?:\\.?${LABEL}(?:\\.${LABEL})*|\\[[0-9a-f:.]+\\])(?::(?<port>[1-9][0-9]{0,4}))?$`);

/** `api.example.com`, `.example.com` for all under it, or either with `:port`, in lower case. Null after a problem was noted. */
export function parseHost(text: string, spot: Spot): string | null {
  const host = text.toLowerCase();
  const port = HOST.exec(host)?.groups?.["port"];
  if (HOST.test(host) && Number(port ?? 1) <= 65_535) return host;
  return spot.problem({ code: "wrong_value", message: `\`${text}\` is no host`, fix: cureOf(text) });
}

function cureOf(text: string): string {
  const [, bare = ""] = /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?([^/?#]*)[/?#:]?/i.exec(text) ?? [];
  const host = bare.replace(/:(?:80|443)?$/, "").toLowerCase();
  const isURL = /[/?#@]/.test(text);
  if (isURL && HOST.test(host)) return `write ${host}`;
  if (isURL && !text.includes("*")) return "write the host without scheme and path";
  if (text === "*") return "leave `hosts` out to fit every host";
  if (text.startsWith("*.")) return `write ${text.slice(1)} for all names under it`;
  if (text.includes("*")) return "hosts are exact, or `.example.com` for all names under it";
  return "write api.example.com, .example.com, or either with :port";
}
