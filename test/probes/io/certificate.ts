import { generateKeyPairSync, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, PEM, made for one test run: nothing here is stored. */
export type Pair = { readonly cert: string; readonly key: string };

type Wanted = {
  readonly name: string;
  /** Host names and addresses for the subject's alternative names. */
  readonly names?: readonly string[];
  readonly issuer?: Pair & { readonly name: string };
  /** False for one that may sign nothing, not even itself, as jacod's own. */
  readonly signs?: boolean;
  readonly from?: Date;
  readonly to?: Date;
};

// Enough DER for Ed25519 certificates such as jacod's: version, serial, names, validity, key, SAN, CA flag.
const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128 ? Buffer.from([body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 255]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
};
const seq = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const ED25519 = seq(oid('2b6570'));
const nameOf = (name: string): Buffer => seq(der(0x31, seq(oid('550403'), der(0x0c, Buffer.from(name)))));
const time = (date: Date): Buffer =>
  der(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`));
const altName = (name: string): Buffer =>
  isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
const extension = (id: string, value: Buffer): Buffer => seq(oid(id), der(0x04, value));

/** Makes a certificate, signed by `issuer` or by itself. Valid from an hour ago for a day unless told otherwise. */
export function certificate({
  name,
  names = [],
  issuer,
  signs = true,
  from = new Date(Date.now() - 3_600_000),
  to = new Date(Date.now() + 86_400_000),
}: Wanted): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const extensions = [
    extension('551d13', issuer || !signs ? seq() : seq(der(0x01, Buffer.from([255])))),
    ...(signs ? [] : [extension('551d0f', der(0x03, Buffer.from([7, 0x80])))]),
    ...(names.length > 0 ? [extension('551d11', seq(...names.map(altName)))] : []),
  ];
  const body = seq(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, ...Array.from({ length: 7 }, () => Math.floor(Math.random() * 256))])),
    ED25519,
    nameOf(issuer?.name ?? name),
    seq(time(from), time(to)),
    nameOf(name),
    spki,
    der(0xa3, seq(...extensions)),
  );
  const signature = sign(null, body, issuer?.key ?? key);
  const whole = seq(body, ED25519, der(0x03, Buffer.from([0]), signature));
  const cert = `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
  return { cert, key };
}
