import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, boolean, context, integer, octets, oid, sequence, setOf, time, utf8 } from './der.ts';

/** Whom a certificate is for. */
export interface Subject {
  /** Common name: to Kubernetes, the user. */
  readonly name: string;
  /** Organisation: to Kubernetes, the group. */
  readonly group?: string;
  /** DNS names and IPv4 addresses of a server; a certificate for a client has none. */
  readonly hosts?: readonly string[];
}

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority that lives as long as one local stack. Its key never leaves memory. */
export interface Authority {
  /** Its own certificate, PEM. */
  readonly ca: string;
  issue(subject: Subject): Certificate;
}

/** A stack that is left running lives less long. */
const VALID_DAYS = 30;
/** Clocks of virtual machines jump. */
const SKEW_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const SERVER_AUTH = oid('1.3.6.1.5.5.7.3.1');
const CLIENT_AUTH = oid('1.3.6.1.5.5.7.3.2');

/** A new authority (ECDSA P-256), for TLS among the local stack's own processes. */
export function newAuthority(name: string, now: Date): Authority {
  const issuer = nameOf({ name });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certify = (subject: Buffer, key: KeyObject, extensions: Buffer) =>
    pem('CERTIFICATE', certificate({ issuer, subject, key, signer: privateKey, extensions, now }));
  return {
    ca: certify(issuer, privateKey, sequence(extension('2.5.29.19', sequence(boolean(true)), true), keyUsage(0x06, 1))),
    issue(subject) {
      const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const purpose = extension('2.5.29.37', sequence(subject.hosts === undefined ? CLIENT_AUTH : SERVER_AUTH));
      const names =
        subject.hosts === undefined ? [] : [extension('2.5.29.17', sequence(...subject.hosts.map(hostName)))];
      const extensions = sequence(keyUsage(0x80, 7), purpose, ...names);
      return {
        cert: certify(nameOf(subject), key, extensions),
        key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

interface Parts {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly key: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: Buffer;
  readonly now: Date;
}

/** RFC 5280 section 4.1: a TBSCertificate of version 3, and its signature. */
function certificate({ issuer, subject, key, signer, extensions, now }: Parts): Buffer {
  const serial = randomBytes(16);
  // Positive and without leading zeros, as section 4.1.2.2 asks.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const body = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_WITH_SHA256,
    issuer,
    sequence(time(new Date(now.getTime() - SKEW_MS)), time(new Date(now.getTime() + VALID_DAYS * DAY_MS))),
    subject,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    context(3, extensions),
  );
  return sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, signer)));
}

function nameOf({ name, group }: Subject): Buffer {
  const part = (type: string, value: string) => setOf(sequence(oid(type), utf8(value)));
  return sequence(...(group === undefined ? [] : [part('2.5.4.10', group)]), part('2.5.4.3', name));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function keyUsage(mask: number, unusedBits: number): Buffer {
  return extension('2.5.29.15', bits(Buffer.from([mask]), unusedBits), true);
}

/** A GeneralName: `[7]` an address, `[2]` a DNS name. */
function hostName(host: string): Buffer {
  return isIPv4(host)
    ? context(7, Buffer.from(host.split('.').map(Number)), false)
    : context(2, Buffer.from(host), false);
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
