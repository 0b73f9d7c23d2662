import type { ToolAt } from "../../lower-catalogue.ts";
import type { LintFinding, LintKind } from "../lint-kind.ts";
import { type HostAt, openedHosts } from "../opened-hosts.ts";

/** Addresses where names are meant: who answers at an address changes, and no certificate says so. */
export const hostLiteral: LintKind = {
  find: (context) => {
    const hosts = [...openedHosts(context), ...[...context.own.tools, ...context.guarding.tools].flatMap(hostOf)];
    return hosts.flatMap((host) => (isAddress(host.text) ? [findingAt(host)] : []));
  },
};

/** `127.1` and `0x7f000001` are addresses too for whoever connects. */
const ADDRESS = /^(?:\[[0-9a-f:.]+\]|(?:0x[0-9a-f]+|[0-9]+)(?:\.(?:0x[0-9a-f]+|[0-9]+)){0,3})(?::[0-9]+)?$/;

function isAddress(host: string): boolean {
  return ADDRESS.test(host.toLowerCase());
}

function hostOf({ source: { http }, spot }: ToolAt): readonly HostAt[] {
  return http === undefined ? [] : [{ text: http.host, spot: spot.in("http", "host") }];
}

function findingAt({ text, spot }: HostAt): LintFinding {
  return {
    spot,
    message: `\`${text}\` is an address: it says nothing of who answers there, and another may answer tomorrow`,
    fix: "write the host's name, as its certificate has it",
  };
}
