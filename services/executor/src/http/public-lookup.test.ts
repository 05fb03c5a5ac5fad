import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { createPublicLookup, type Resolve } from './public-lookup.ts';

const answering =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** What a connection to the name is given: every address, or one. */
function lookUp(resolve: Resolve, hostname: string, all = true): Promise<string[]> {
  return new Promise((done, fail) => {
    createPublicLookup(resolve)(hostname, { all }, (error, found) => {
      if (error) fail(error);
      else done(Array.isArray(found) ? found.map(({ address }: LookupAddress) => address) : [found]);
    });
  });
}

test.each<[string, string[], string[]]>([
  ['one public address', ['93.184.216.34'], ['93.184.216.34']],
  ['several public ones, in their order', ['93.184.216.34', '2606:2800:220:1::1'], ['93.184.216.34', '2606:2800:220:1::1']],
  ['a public one before private ones', ['93.184.216.34', '10.0.0.1', '127.0.0.1'], ['93.184.216.34']],
  ['a public one after private ones', ['169.254.169.254', '::1', '93.184.216.34'], ['93.184.216.34']],
  ['a public one beside a translated private one', ['64:ff9b::7f00:1', '93.184.216.34'], ['93.184.216.34']],
])('a connection is given the public addresses of a name only: %s', async (_, answer, expected) => {
  expect(await lookUp(answering(...answer), 'hooks.example')).toEqual(expected);
  expect(await lookUp(answering(...answer), 'hooks.example', false)).toEqual(expected.slice(0, 1));
});

test.each<[string, string[]]>([
  ['a private one', ['10.0.0.1']],
  ['loopback', ['127.0.0.1', '::1']],
  ['metadata', ['169.254.169.254']],
  ['several, none of them public', ['192.168.1.1', 'fd00::1', '100.64.0.1', '0.0.0.0']],
  ['a mapped public one', ['::ffff:8.8.8.8']],
  ['none', []],
  ['what is no address', ['hooks.example']],
])('a name is refused whose addresses are %s', async (_, answer) => {
  await expect(lookUp(answering(...answer), 'hooks.example')).rejects.toMatchObject({ name: 'TerminalError', code: 'address_refused' });
});

test.each(['localhost', 'LocalHost', 'localhost.', 'app.localhost', 'a.b.localhost.'])(
  '%s is loopback, whatever a server says',
  async (hostname) => {
    await expect(lookUp(answering('93.184.216.34'), hostname)).rejects.toMatchObject({ code: 'address_refused' });
  },
);

test('each connection asks anew: the answer that was checked is the one connected to', async () => {
  const answers = ['93.184.216.34', '127.0.0.1'];
  const rebinding: Resolve = async () => [{ address: answers.shift() as string, family: 4 }];
  expect(await lookUp(rebinding, 'rebind.example')).toEqual(['93.184.216.34']);
  await expect(lookUp(rebinding, 'rebind.example')).rejects.toMatchObject({ code: 'address_refused' });
});

test('a name that has no answer fails as the resolver says', async () => {
  const missing: Resolve = async () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
  await expect(lookUp(missing, 'nowhere.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});
