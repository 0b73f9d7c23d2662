import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export type Certificate = { readonly cert: string; readonly key: string; readonly subject: string; readonly privateKey: KeyObject };

export type CertificateParts = {
  readonly commonName: string;
  /** Subject alternative names. */
  readonly dns?: readonly string[];
  readonly uri?: readonly string[];
  /** Who signs it; without, it signs itself and is a CA. */
  readonly issuer?: Certificate;
  /** From now; default an hour. */
  readonly goodForMs?: number;
};

/** An X.509 certificate with a P-256 key, good for an hour, for tests of TLS. */
export function makeCertificate({ commonName, dns = [], uri = [], issuer, goodForMs = 3_600_000 }: CertificateParts): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const names = [...dns.map((name) => tagged(0x82, name)), ...uri.map((name) => tagged(0x86, name))];
  const extensions = [
    ...(names.length === 0 ? [] : [sequence(oid("551d11"), tagged(0x04, sequence(...names)))]),
    ...(issuer === undefined ? [sequence(oid("551d13"), BOOLEAN_TRUE, tagged(0x04, sequence(BOOLEAN_TRUE)))] : []),
  ];
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1 + Math.floor(Math.random() * 100)])),
    ECDSA_SHA256,
    distinguishedName(issuer?.subject ?? commonName),
    sequence(time(-3_600_000), time(goodForMs)),
    distinguishedName(commonName),
    publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length === 0 ? [] : [tagged(0xa3, sequence(...extensions))]),
  );
  const signature = sign("sha256", body, issuer?.privateKey ?? privateKey);
  const der = sequence(body, ECDSA_SHA256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const cert = `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
  return { cert, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), subject: commonName, privateKey };
}

function tagged(tag: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const { length } = bytes;
  const prefix = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(prefix), bytes]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid("550403"), tagged(0x0c, commonName))));
}

function time(offsetMs: number): Buffer {
  const text = new Date(Date.now() + offsetMs).toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return tagged(0x17, `${text}Z`);
}

const ECDSA_SHA256 = sequence(oid("2a8648ce3d040302"));
const BOOLEAN_TRUE = Buffer.from([0x01, 0x01, 0xff]);
