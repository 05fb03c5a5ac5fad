import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { TerminalError } from '@millrace/runtime';
import { isPublicAddress } from './address-guard.ts';

/** Every address of a name; fails where it has none. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** Asks the name servers themselves: the system's own lookup holds one of a few threads for as long as a slow server takes. */
export function createResolve(): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  return async (hostname) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [
      ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
      ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
    ];
    if (found.length === 0 && four.status === 'rejected') throw four.reason;
    return found;
  };
}

/** Gives a connection the public ones of a name's addresses; fails it with TerminalError `address_refused` where none is. */
export function createPublicLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    if (/(?:^|\.)localhost\.?$/i.test(hostname)) return callback(refusal(hostname) as NodeJS.ErrnoException, '', 0);
    resolve(hostname).then(
      (found) => {
        const addresses = found.filter(({ address }) => isPublicAddress(address));
        const [first] = addresses;
        if (first === undefined) callback(refusal(hostname) as NodeJS.ErrnoException, '', 0);
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

export function refusal(host: string): TerminalError {
  return new TerminalError('address_refused', `Expected a public address, but ${host} has a private or special one`);
}
