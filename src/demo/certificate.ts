import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import type { KeyPair } from './key-pair.ts';

/** The issuer of a certificate: its key pair and its name. */
export type Issuer = KeyPair & { readonly name: string; readonly organization?: string };

type Wanted = {
  readonly name: string;
  readonly organization?: string;
  /** Host names and addresses for the subject's alternative names. */
  readonly names?: readonly string[];
  readonly issuer?: Issuer;
  readonly key?: KeyKind;
  /** False for a certificate that may sign nothing, not even itself, like jacod's own. */
  readonly signs?: boolean;
  readonly from?: Date;
  readonly to?: Date;
};

/** Kinds of keys: of jacod's own certificates, of its domains' certificates, and of older authorities. */
type KeyKind = 'ed25519' | 'ec' | 'rsa';

// A DER encoder for such certificates: version, serial, names, validity, key, SAN, CA flag.
const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128 ? Buffer.from([body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 255]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
};
const seq = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const attribute = (id: string, text: string): Buffer => der(0x31, seq(oid(id), der(0x0c, Buffer.from(text))));
const nameOf = ({ name, organization }: { name: string; organization?: string }): Buffer =>
  seq(...(organization === undefined ? [] : [attribute('55040a', organization)]), attribute('550403', name));
const time = (date: Date): Buffer =>
  der(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`));
const altName = (name: string): Buffer =>
  isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
const extension = (id: string, value: Buffer): Buffer => seq(oid(id), der(0x04, value));

/** The signature algorithm of a key: EdDSA, or ECDSA and RSA with SHA-256. */
const SIGNATURES: { readonly [K in KeyKind]: { readonly id: Buffer; readonly digest: string | null } } = {
  ed25519: { id: seq(oid('2b6570')), digest: null },
  ec: { id: seq(oid('2a8648ce3d040302')), digest: 'sha256' },
  rsa: { id: seq(oid('2a864886f70d01010b'), der(0x05)), digest: 'sha256' },
};

/**
 * Makes a certificate, signed by `issuer` or by itself. By default it has an Ed25519 key and is valid from an hour ago
 * for a day. It is made for one run and not stored.
 */
export function certificate(wanted: Wanted): KeyPair {
  const {
    names = [],
    issuer,
    key: kind = 'ed25519',
    signs = true,
    from = new Date(Date.now() - 3_600_000),
    to = new Date(Date.now() + 86_400_000),
  } = wanted;
  const { publicKey, privateKey } = newKeys(kind);
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const extensions = [
    extension('551d13', issuer || !signs ? seq() : seq(der(0x01, Buffer.from([255])))),
    ...(signs ? [] : [extension('551d0f', der(0x03, Buffer.from([7, 0x80])))]),
    ...(names.length > 0 ? [extension('551d11', seq(...names.map(altName)))] : []),
  ];
  const signer = createPrivateKey(issuer?.key ?? key);
  const { id, digest } = SIGNATURES[signer.asymmetricKeyType as KeyKind];
  const body = seq(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, ...randomBytes(7)])),
    id,
    nameOf(issuer ?? wanted),
    seq(time(from), time(to)),
    nameOf(wanted),
    spki,
    der(0xa3, seq(...extensions)),
  );
  const whole = seq(body, id, der(0x03, Buffer.from([0]), sign(digest, body, signer)));
  const cert = `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
  return { cert, key };
}

function newKeys(kind: KeyKind): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  if (kind === 'ec') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
}
