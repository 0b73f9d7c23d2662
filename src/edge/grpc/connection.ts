import type { ServerHttp2Session } from "node:http2";
import { TLSSocket } from "node:tls";
import type { ProxyIdentity } from "../../core/proxy.ts";

/** What is known of one connection, for as long as it lives. */
export type Connection = {
  readonly unix: boolean;
  /** Names of the verified client certificate: its DNS and URI alternative names, else its common name. */
  readonly certificateNames: readonly string[];
  /** The secret that was last accepted here, among which, and whom it proved, so that it is hashed once a connection. */
  accepted: { readonly secret: string; readonly proxy: ProxyIdentity; readonly among: object } | null;
};

export function describeConnection(session: ServerHttp2Session, unix: boolean): Connection {
  return { unix, certificateNames: readCertificateNames(session), accepted: null };
}

function readCertificateNames(session: ServerHttp2Session): readonly string[] {
  const { socket } = session;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return [];
  const { subject, subjectaltname } = socket.getPeerCertificate();
  if (subjectaltname === undefined) return typeof subject?.CN === "string" && PLAIN.test(subject.CN) ? [subject.CN] : [];
  return subjectaltname.split(", ").flatMap((entry) => ALTERNATIVE.exec(entry)?.[1] ?? []);
}

/** Node quotes a name that holds a comma, a quote or a control character; such a name is nobody's. */
const ALTERNATIVE = /^(?:DNS|URI):([!#-+\--~]+)$/;
const PLAIN = /^[!-~ ]+$/;
