import { describe, expect, test } from 'vitest';
import { isPublicAddress } from './address-guard.ts';

/** Each block that IANA's registries call special, with its first and last address and its neighbours outside where those are public. */
const specialV4: [string, string[], string[]][] = [
  ['this network', ['0.0.0.0', '0.0.0.1', '0.255.255.255'], ['1.0.0.0']],
  ['private, 10/8', ['10.0.0.0', '10.1.2.3', '10.255.255.255'], ['9.255.255.255', '11.0.0.0']],
  ['shared address space', ['100.64.0.0', '100.100.100.200', '100.127.255.255'], ['100.63.255.255', '100.128.0.0']],
  ['loopback', ['127.0.0.0', '127.0.0.1', '127.255.255.255'], ['126.255.255.255', '128.0.0.0']],
  ['link-local and metadata', ['169.254.0.0', '169.254.169.254', '169.254.170.2', '169.254.255.255'], ['169.253.255.255', '169.255.0.0']],
  ['private, 172.16/12', ['172.16.0.0', '172.20.0.1', '172.31.255.255'], ['172.15.255.255', '172.32.0.0']],
  ['protocol assignments', ['192.0.0.0', '192.0.0.8', '192.0.0.170', '192.0.0.192', '192.0.0.255'], ['191.255.255.255', '192.0.1.0']],
  ['documentation 1', ['192.0.2.0', '192.0.2.255'], ['192.0.3.0']],
  ['6to4 relays', ['192.88.99.0', '192.88.99.255'], ['192.88.98.255', '192.88.100.0']],
  ['private, 192.168/16', ['192.168.0.0', '192.168.1.1', '192.168.255.255'], ['192.167.255.255', '192.169.0.0']],
  ['benchmarks', ['198.18.0.0', '198.19.255.255'], ['198.17.255.255', '198.20.0.0']],
  ['documentation 2', ['198.51.100.0', '198.51.100.255'], ['198.51.99.255', '198.51.101.0']],
  ['documentation 3', ['203.0.113.0', '203.0.113.255'], ['203.0.112.255', '203.0.114.0']],
  ['multicast', ['224.0.0.0', '224.0.0.251', '239.255.255.255'], ['223.255.255.255']],
  ['reserved and broadcast', ['240.0.0.0', '250.1.2.3', '255.255.255.255'], []],
  ['a cloud’s own', ['168.63.129.16'], ['168.63.129.15', '168.63.129.17']],
];
const specialV6: [string, string[], string[]][] = [
  ['unspecified and loopback', ['::', '::1'], []],
  ['mapped', ['::ffff:8.8.8.8', '::ffff:127.0.0.1', '::ffff:a00:1'], []],
  ['compatible', ['::8.8.8.8', '::7f00:1'], []],
  ['translated', ['64:ff9b::8.8.8.8', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1'], []],
  ['discard', ['100::', '100::1'], []],
  [
    'protocol assignments with Teredo, ORCHID and benchmarks',
    ['2001::', '2001::1', '2001:0:4136:e378::', '2001:2::1', '2001:10::1', '2001:20::1', '2001:1ff:ffff::'],
    ['2001:200::'],
  ],
  ['documentation', ['2001:db8::1', '2001:db8:ffff::', '3fff::1', '3fff:fff::'], ['2001:db7:ffff::', '2001:db9::', '3fff:1000::']],
  ['6to4', ['2002::', '2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:ffff::'], ['2003::']],
  ['segment routing', ['5f00::1'], []],
  ['unique local', ['fc00::', 'fc00::1', 'fd00:ec2::254', 'fdff:ffff::'], []],
  ['link-local', ['fe80::', 'fe80::1', 'febf::'], []],
  ['site-local', ['fec0::1', 'feff::'], []],
  ['multicast', ['ff00::', 'ff02::1', 'ff0e::1', 'ffff::'], []],
  ['not given out yet', ['4000::1', '8000::', 'a000::1', 'e000::'], []],
];

describe.each([...specialV4, ...specialV6])('%s', (_, special, neighbours) => {
  test.each(special)('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  if (neighbours.length > 0) {
    test.each(neighbours)('%s is public', (address) => {
      expect(isPublicAddress(address)).toBe(true);
    });
  }
});

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '151.101.1.69',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80e::200e',
  '[2606:4700:4700::1111]',
  '2400:cb00:2048:1::c629:d7a2',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  '',
  'localhost',
  '127.1',
  '0x7f.0.0.1',
  '8.8.8',
  '8.8.8.8.8',
  '256.1.1.1',
  'fe80::1%eth0',
  '::ffff:8.8.8.8.8',
  '[8.8.8.8',
  'example.com',
])('what is no address is not public: %j', (text) => {
  expect(isPublicAddress(text)).toBe(false);
});
