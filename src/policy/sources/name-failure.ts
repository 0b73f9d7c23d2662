import type { RefusalCode } from "../bundle/refusals.ts";

/** Codes by which Node and OpenSSL say that a certificate was not accepted (`X509_V_ERR_…`, alerts, and keys that cannot be used). */
const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|ERROR_IN_CERT_|ERR_OSSL_|ERR_SSL_.*(CERTIFICATE|UNKNOWN_CA))/;

/** The refusal's code and what to tell an operator, of an ask that failed before its answer's body. Quotes nothing of the server's. */
export function nameFailure(error: unknown): { readonly kind: "failed"; readonly code: RefusalCode; readonly reason: string } {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
  if (CERTIFICATE.test(code)) return { kind: "failed", code: "certificate_refused", reason: `a certificate was not accepted: ${code}` };
  if (code.startsWith("HPE_")) return { kind: "failed", code: "body_broken", reason: `the answer is no HTTP: ${code}` };
  return { kind: "failed", code: "unreachable", reason: `the server could not be asked: ${code}` };
}
