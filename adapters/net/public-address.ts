/** Addresses that a server out in the world has: a name that somebody else wrote down must not lead to our own machine or network. */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry */
const OWN = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Credentials of functions and machines are handed out here.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  OWN.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  OWN.addSubnet(network, prefix, 'ipv6');
}

/** `address` as it stands in a URL, with or without brackets. What is no address at all is a name, and judged when it is looked up. */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '');
  const family = isIP(bare);
  // Of `::ffff:10.0.0.1`, the list judges the IPv4 address in it.
  return family === 0 || !OWN.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

/** A name leads to one of our own addresses. */
export class NotPublic extends Error {
  override readonly name = 'NotPublic';
}

type Look = (
  name: string,
  options: LookupAllOptions,
  done: (error: Error | null, found: LookupAddress[]) => void,
) => void;

/** Looks a name up for a socket, and hands on no address but public ones: what is judged is what is connected to. */
export const publicLookup =
  (look: Look = lookup): LookupFunction =>
  (hostname, options, done) => {
    look(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, '', 0);
      const [first, ...others] = found.filter(({ address }) => isPublicAddress(address));
      if (first === undefined) return done(new NotPublic(`${hostname} leads to no public address`), '', 0);
      return options.all === true ? done(null, [first, ...others]) : done(null, first.address, first.family);
    });
  };
