import { describe, expect, test } from 'vitest';
import { isPublicAddress, publicLookup } from '../../../adapters/net/public-address.ts';

describe('a public address', () => {
  test.each([
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '[2606:4700::1111]',
    '2a00:1450::1',
    'charts.example.com',
  ])('%s may be one', (address) => expect(isPublicAddress(address)).toBe(true));
  test.each([
    ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
    ...['224.0.0.1', '255.255.255.255', '::', '::1', '[::1]', 'fd00:ec2::254', 'fe80::1', 'ff02::1', '64:ff9b::a00:1'],
    ...['::ffff:127.0.0.1', '::ffff:a9fe:a9fe'],
  ])('%s is none', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('a name', () => {
  const asked = (addresses: readonly string[], all: boolean) =>
    new Promise((resolve) => {
      const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      const look = publicLookup((_name, _options, done) => done(null, found));
      look('charts.example.com', { all }, (error, ...answer) => resolve(error ?? answer));
    });

  test('leads to its public addresses, and never to others that it names beside them', async () => {
    expect(await asked(['10.0.0.1', '8.8.8.8', '::1', '2a00::1'], true)).toEqual([
      [
        { address: '8.8.8.8', family: 4 },
        { address: '2a00::1', family: 6 },
      ],
    ]);
    expect(await asked(['10.0.0.1', '8.8.8.8'], false)).toEqual(['8.8.8.8', 4]);
  });

  test('that has none is not followed', async () => {
    expect(await asked(['127.0.0.1', '::1'], true)).toMatchObject({ name: 'NotPublic' });
  });
});
