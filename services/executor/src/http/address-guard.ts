import { BlockList, isIP } from 'node:net';

/** What IANA's special-purpose registries don't call globally reachable unicast, and a cloud's own address. */
const refusedV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Inside 2000::/3, the only block of global unicast: protocol assignments with Teredo, documentation, 6to4. */
const refusedV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const refused = new BlockList();
for (const subnet of refusedV4) refused.addSubnet(...parts(subnet), 'ipv4');
for (const subnet of refusedV6) refused.addSubnet(...parts(subnet), 'ipv6');
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');

function parts(subnet: string): [string, number] {
  const [address = '', prefix = ''] = subnet.split('/');
  return [address, Number(prefix)];
}

/** Whether an address is globally routable unicast. Mapped, translated and compatible IPv4 addresses lie outside 2000::/3. */
export function isPublicAddress(address: string): boolean {
  const text = address.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(text);
  if (family === 4) return !refused.check(text, 'ipv4');
  return family === 6 && globalV6.check(text, 'ipv6') && !refused.check(text, 'ipv6');
}
