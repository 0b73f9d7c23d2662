import { createHash, timingSafeEqual } from "node:crypto";
import { type ProxyIdentity, type ProxyTrust, UNAUTHENTICATED } from "../../core/proxy.ts";
import type { Connection } from "./connection.ts";

/** An Envoy that is believed beyond the agent's own token, and how it proves to be it. */
export type DeclaredProxy = {
  readonly name: string;
  readonly auth:
    | { readonly kind: "secret"; readonly secret: Uint8Array }
    | { readonly kind: "unix" }
    | { readonly kind: "client_certificate"; readonly name: string };
  readonly tenants: readonly string[];
  readonly trusts: Iterable<ProxyTrust>;
  readonly body: { readonly maxBytes: number; readonly partial: boolean } | null;
};

/** Says who asks: by the secret in `x-sluice-proxy`, the client certificate, or the socket file. */
export type IdentifyProxy = (connection: Connection, secret: string | undefined) => ProxyIdentity;

export function createIdentifyProxy(proxies: readonly DeclaredProxy[]): IdentifyProxy {
  const secrets = proxies.flatMap((proxy) =>
    proxy.auth.kind === "secret" ? [{ hash: sha256(proxy.auth.secret), identity: identityOf(proxy) }] : [],
  );
  const certificates = new Map(
    proxies.flatMap((proxy) => (proxy.auth.kind === "client_certificate" ? [[proxy.auth.name, identityOf(proxy)] as const] : [])),
  );
  const socketOwner = proxies.find((proxy) => proxy.auth.kind === "unix");
  const byUnix = socketOwner === undefined ? UNAUTHENTICATED : identityOf(socketOwner);

  function findBySecret(secret: string): ProxyIdentity | null {
    const given = sha256(Buffer.from(secret));
    let found: ProxyIdentity | null = null;
    // All are compared, so that the time says nothing about which.
    for (const { hash, identity } of secrets) if (timingSafeEqual(hash, given)) found = identity;
    return found;
  }

  return function identifyProxy(connection, secret) {
    if (secret !== undefined) {
      if (connection.accepted?.secret === secret && connection.accepted.among === secrets) return connection.accepted.proxy;
      const proxy = findBySecret(secret);
      if (proxy !== null) {
        connection.accepted = { secret, proxy, among: secrets };
        return proxy;
      }
    }
    for (const name of connection.certificateNames) {
      const proxy = certificates.get(name);
      if (proxy !== undefined) return proxy;
    }
    return connection.unix ? byUnix : UNAUTHENTICATED;
  };
}

function identityOf({ name, tenants, trusts, body }: DeclaredProxy): ProxyIdentity {
  return { kind: "authenticated", name, tenants, trusts: new Set(trusts), body };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
