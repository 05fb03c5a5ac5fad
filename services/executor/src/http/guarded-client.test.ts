import { once } from 'node:events';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { type HttpServer, ok, redirectTo, startHttpServer } from '../../test/http-server.ts';
import { NoAnswerError } from '../effects/no-answer.ts';
import { GuardedClient, type OutgoingRequest } from './guarded-client.ts';

const resolve = async (hostname: string) => {
  if (hostname === 'private.example') return [{ address: '10.0.0.1', family: 4 }];
  throw Object.assign(new Error(`no answer for ${hostname}`), { code: 'ENOTFOUND' });
};
const client = new GuardedClient([], resolve);
afterAll(() => client.close());

const aRequest = (url: string, overrides: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  url,
  headers: {},
  body: null,
  signal: AbortSignal.timeout(5_000),
  ...overrides,
});
const send = (url: string, overrides: Partial<OutgoingRequest> = {}) => client.send(aRequest(url, overrides));

/** A client that may call these servers, for as long as the test runs. */
async function using(...servers: HttpServer[]) {
  const allowing = new GuardedClient(
    servers.map(({ origin }) => origin),
    resolve,
  );
  return {
    send: (url: string, overrides: Partial<OutgoingRequest> = {}) => allowing.send(aRequest(url, overrides)),
    [Symbol.asyncDispose]: () => allowing.close(),
  };
}

const octets = (address: string) => address.split('.').map(Number) as [number, number, number, number];
const number = (address: string) => octets(address).reduce((sum, octet) => sum * 256 + octet, 0);
const hexPair = (address: string) => {
  const [a, b, c, d] = octets(address);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
};
/** Ways to write an IPv4 address into a URL. */
const notations: Record<string, (address: string) => string> = {
  dotted: (address) => address,
  'with a dot at its end': (address) => `${address}.`,
  'one number': (address) => String(number(address)),
  hexadecimal: (address) => `0x${number(address).toString(16)}`,
  octal: (address) => `0${number(address).toString(8)}`,
  'hexadecimal parts': (address) =>
    octets(address)
      .map((octet) => `0x${octet.toString(16)}`)
      .join('.'),
  'octal parts': (address) =>
    octets(address)
      .map((octet) => `0${octet.toString(8)}`)
      .join('.'),
  'two parts': (address) => `${octets(address)[0]}.${number(address) % 2 ** 24}`,
  'three parts': (address) => `${octets(address).slice(0, 2).join('.')}.${number(address) % 2 ** 16}`,
  'full-width digits': (address) =>
    [...address].map((each) => (each === '.' ? each : String.fromCodePoint(0xff10 + Number(each)))).join(''),
  'percent-encoded': (address) => [...address].map((each) => `%${each.charCodeAt(0).toString(16)}`).join(''),
  'ideographic dots': (address) => address.replaceAll('.', '\u3002'),
  mapped: (address) => `[::ffff:${address}]`,
  'mapped, in groups': (address) => `[0:0:0:0:0:ffff:${hexPair(address)}]`,
  compatible: (address) => `[::${address}]`,
  translated: (address) => `[64:ff9b::${address}]`,
  '6to4': (address) => `[2002:${hexPair(address)}::1]`,
};
const special = [
  '127.0.0.1',
  '10.0.0.1',
  '172.16.5.4',
  '192.168.1.254',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '192.0.0.170',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
];
const specialUrls = special.flatMap((address) =>
  Object.entries(notations).map(([name, write]) => [address, name, `http://${write(address)}/latest/meta-data/`] as const),
);

describe('an address that is not public is refused however it is written', () => {
  test.each(specialUrls)('%s, %s: %s', async (_, _name, url) => {
    await expect(send(url)).rejects.toMatchObject({ name: 'TerminalError', code: 'address_refused' });
  });

  test.each([
    '[::1]',
    '[::]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[2001::1]',
    '[100::1]',
    '[64:ff9b:1::1]',
    '[3fff::1]',
    '[5f00::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:0:127.0.0.1]',
  ])('%s', async (host) => {
    await expect(send(`https://${host}/`)).rejects.toMatchObject({ code: 'address_refused' });
  });

  test.each(['localhost', 'LOCALHOST', 'localhost.', 'app.localhost', 'private.example', 'PRIVATE.example'])(
    'by a name: %s',
    async (host) => {
      await expect(send(`http://${host}/`)).rejects.toMatchObject({ code: 'address_refused' });
    },
  );
});

describe('a URL is refused', () => {
  test.each([
    'ftp://93.184.216.34/',
    'file:///etc/passwd',
    'gopher://93.184.216.34/',
    'data:text/plain,hello',
    'javascript:alert(1)',
    'ws://93.184.216.34/',
    'unix:/var/run/docker.sock',
    'http:',
    'http://',
    '//93.184.216.34/',
    'example.com',
    '',
    'http://exa mple.com/',
    'http://[::1',
    'http://999.1.1.1/',
    'http://1.2.3.4.5/',
  ])('that is no http or https: %j', async (url) => {
    await expect(send(url)).rejects.toMatchObject({ code: 'address_refused' });
  });

  test.each([
    'http://user:secret@93.184.216.34/',
    'http://user@93.184.216.34/',
    'http://:secret@93.184.216.34/',
    'https://93.184.216.34@10.0.0.1/',
    'https://10.0.0.1%40@93.184.216.34/',
    'http://93.184.216.34:80@127.0.0.1/',
  ])('with credentials: %s', async (url) => {
    await expect(send(url)).rejects.toMatchObject({ code: 'address_refused' });
  });

  test.each([1, 22, 25, 53, 81, 442, 444, 3306, 6379, 8080, 8443, 9092, 27_017, 65_535])('with port %i', async (port) => {
    await expect(send(`http://93.184.216.34:${port}/`)).rejects.toMatchObject({
      code: 'address_refused',
      message: expect.stringContaining(String(port)),
    });
    await expect(send(`https://93.184.216.34:${port}/`)).rejects.toMatchObject({ code: 'address_refused' });
  });

  test.each(['http://127.1/', 'https://[::ffff:10.0.0.1]/', 'http://0/', 'http://0x7f000001:443/', 'https://017700000001:80/'])(
    'also on an allowed port: %s',
    async (url) => {
      await expect(send(url)).rejects.toMatchObject({ code: 'address_refused' });
    },
  );
});

test.each([
  'http://93.184.216.34/',
  'http://93.184.216.34:443/',
  'https://93.184.216.34:80/',
  'https://[2606:2800:220:1::1]/',
  'http://public.example/',
])('what is public passes, and only a time that is over already keeps it from being called: %s', async (url) => {
  await expect(send(url, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'RetryableError', code: 'http_unavailable' });
});

describe('an allowed origin', () => {
  test('is called by exact scheme, host and port', async () => {
    await using server = await startHttpServer();
    await using allowing = await using(server);
    expect(await allowing.send(`${server.origin}/a?b=c`)).toEqual({ status: 200, contentType: 'text/plain', retryAfter: null, body: 'ok' });
    expect(server.requests).toMatchObject([{ method: 'GET', path: '/a?b=c' }]);
    const port = new URL(server.origin).port;
    for (const other of [
      `https://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://127.0.0.2:${port}/`,
      `http://127.0.0.1:${Number(port) + 1}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
    ]) {
      await expect(allowing.send(other)).rejects.toMatchObject({ code: 'address_refused' });
    }
    expect(server.requests).toHaveLength(1);
  });

  test('is the same however its address is written', async () => {
    await using server = await startHttpServer();
    await using allowing = await using(server);
    const port = new URL(server.origin).port;
    expect(await allowing.send(`http://2130706433:${port}/`)).toMatchObject({ status: 200 });
  });

  test('with credentials in its URL is refused all the same', async () => {
    await using server = await startHttpServer();
    await using allowing = await using(server);
    await expect(allowing.send(server.origin.replace('http://', 'http://user:secret@'))).rejects.toMatchObject({ code: 'address_refused' });
    expect(server.connections()).toBe(0);
  });
});

describe('a redirect', () => {
  test.each([
    ['a private address', 'http://10.0.0.1/'],
    ['loopback', 'http://127.0.0.1/'],
    ['metadata, in one number', 'http://2852039166/latest/meta-data/'],
    ['a name of a private address', 'http://private.example/'],
    ['another scheme', 'file:///etc/passwd'],
    ['credentials', 'http://user:secret@93.184.216.34/'],
    ['another port', 'http://93.184.216.34:6379/'],
    ['no URL', 'http://[::1'],
    ['a relative scheme', '//10.0.0.1/'],
  ])('is checked like the first URL: %s', async (_, location) => {
    await using server = await startHttpServer(redirectTo(location));
    await using allowing = await using(server);
    await expect(allowing.send(server.origin)).rejects.toMatchObject({ name: 'TerminalError', code: 'address_refused' });
    expect(server.requests).toHaveLength(1);
  });

  test('to another server on loopback is refused unless that is allowed too', async () => {
    await using inner = await startHttpServer();
    await using outer = await startHttpServer(redirectTo(`${inner.origin}/inside`));
    await using narrow = await using(outer);
    await expect(narrow.send(outer.origin)).rejects.toMatchObject({ code: 'address_refused' });
    expect(inner.connections()).toBe(0);
    await using wide = await using(outer, inner);
    expect(await wide.send(outer.origin)).toMatchObject({ status: 200, body: 'ok' });
  });

  test.each([
    [0, 'ok'],
    [3, 'ok'],
    [4, 'too_many_redirects'],
    [1_000_000, 'too_many_redirects'],
  ])('is followed three times at most: %i of them', async (times, expected) => {
    await using server = await startHttpServer((response, { path }) => {
      const hop = Number(path.slice(1) || 0);
      return hop < times ? redirectTo(`/${hop + 1}`)(response) : ok(response);
    });
    await using allowing = await using(server);
    const outcome = await allowing.send(server.origin).then(
      ({ body }) => body,
      (error) => error.code,
    );
    expect(outcome).toBe(expected);
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  test.each<[number, string, string, boolean]>([
    [301, 'POST', 'GET', false],
    [302, 'POST', 'GET', false],
    [303, 'PUT', 'GET', false],
    [303, 'HEAD', 'HEAD', false],
    [301, 'PUT', 'PUT', true],
    [307, 'POST', 'POST', true],
    [308, 'PATCH', 'PATCH', true],
  ])('of status %i makes a %s a %s', async (status, method, then, keepsBody) => {
    await using server = await startHttpServer((response, { path }) =>
      path === '/' ? redirectTo('/next', status)(response) : ok(response),
    );
    await using allowing = await using(server);
    const body = method === 'HEAD' ? null : '{"a":1}';
    await allowing.send(server.origin, {
      method,
      body,
      headers: { 'content-type': 'application/json', 'webhook-signature': 'v1,x', 'x-custom': 'y' },
    });
    const [, second] = server.requests;
    expect(second).toMatchObject({ method: then, path: '/next', headers: { 'x-custom': 'y' } });
    expect(second?.body.toString()).toBe(keepsBody ? body : '');
    expect('webhook-signature' in (second?.headers ?? {})).toBe(keepsBody || method === 'HEAD');
  });

  test('takes nothing to another host that says who sends', async () => {
    await using inner = await startHttpServer();
    await using outer = await startHttpServer(redirectTo(`${inner.origin}/`, 307));
    await using allowing = await using(outer, inner);
    const secrets = {
      authorization: 'Bearer s',
      cookie: 's',
      'x-api-key': 's',
      'x-auth-token': 's',
      'idempotency-key': 's',
      'webhook-id': 's',
      'webhook-signature': 's',
      'proxy-authorization': 's',
    };
    await allowing.send(outer.origin, {
      method: 'POST',
      body: 'x',
      headers: { ...secrets, 'user-agent': 'Millrace', 'content-type': 'text/plain' },
    });
    expect(outer.requests[0]?.headers).toMatchObject({ authorization: 'Bearer s', 'x-auth-token': 's' });
    for (const name of Object.keys(secrets)) expect(inner.requests[0]?.headers).not.toHaveProperty(name);
    expect(inner.requests[0]?.headers).toMatchObject({ 'user-agent': 'Millrace', 'content-type': 'text/plain' });
  });

  test('without a place to go is the answer', async () => {
    await using server = await startHttpServer((response) => void response.writeHead(302).end());
    await using allowing = await using(server);
    expect(await allowing.send(server.origin)).toMatchObject({ status: 302 });
  });
});

describe('time and size', () => {
  test('an endless body is given up after 64 KB', async () => {
    await using server = await startHttpServer((response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': String(1024 ** 3) });
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    await using allowing = await using(server);
    const { body } = await allowing.send(server.origin);
    expect(body).toHaveLength(64 * 1024);
    expect(server.bytesSent()).toBeLessThan(16 * 1024 * 1024);
  });

  test('a compressed body is not inflated', async () => {
    await using server = await startHttpServer(
      (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50 * 1024 * 1024))),
    );
    await using allowing = await using(server);
    expect((await allowing.send(server.origin)).body.length).toBeLessThanOrEqual(64 * 1024);
  });

  test.each<[string, Parameters<typeof startHttpServer>[0]]>([
    ['that never comes', () => {}],
    [
      'whose body drips',
      (response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('x'), 10);
        response.on('close', () => clearInterval(timer));
      },
    ],
    ['whose body stops', (response) => void response.writeHead(200, { 'content-length': '100' }).write('half')],
  ])('an answer %s is given up at the attempt’s timeout', async (_, answer) => {
    await using server = await startHttpServer(answer);
    await using allowing = await using(server);
    const startedAt = performance.now();
    await expect(allowing.send(server.origin, { signal: AbortSignal.timeout(150) })).rejects.toBeInstanceOf(NoAnswerError);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test.each<[string, string]>([
    ['headers without end', `HTTP/1.1 200 OK\r\n${'x-filler: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(1_000)}\r\n`],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['half a status line', 'HTTP/1.1 2'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx'],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['nothing', ''],
  ])('a server that answers %s is a fault of the network', async (_, bytes) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(bytes));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await using allowing = await using({ origin: `http://127.0.0.1:${port}` } as HttpServer);
    await expect(allowing.send(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'http_unavailable' });
    server.close();
  });

  test('a port that nobody listens on was certainly not reached', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await new Promise((closed) => server.close(closed));
    await using allowing = await using({ origin: `http://127.0.0.1:${port}` } as HttpServer);
    const error = await allowing.send(`http://127.0.0.1:${port}/`).catch((each) => each);
    expect(error).toMatchObject({ name: 'RetryableError', code: 'http_unavailable' });
    expect(error).not.toBeInstanceOf(NoAnswerError);
  });
});

describe('headers', () => {
  test.each<[string, Record<string, string>]>([
    ['a line break in a value', { 'x-a': 'a\r\nx-injected: yes' }],
    ['a line feed', { 'x-a': 'a\nb' }],
    ['a carriage return', { 'x-a': 'a\rb' }],
    ['a NUL', { 'x-a': 'a\0b' }],
    ['a letter beyond Latin-1', { 'x-a': 'za\u017c\u00f3\u0142\u0107' }],
    ['an emoji', { 'x-a': '😀' }],
    ['a line break in a name', { 'x-a\r\nx-injected': 'yes' }],
    ['a blank in a name', { 'x a': 'b' }],
    ['a colon in a name', { 'x:a': 'b' }],
    ['an empty name', { '': 'b' }],
    ['a second length', { 'transfer-encoding': 'chunked' }],
    ['an upgrade', { upgrade: 'websocket' }],
    ['an expectation', { expect: '100-continue' }],
  ])('that would change the request are refused for good, and nothing is sent: %s', async (_, headers) => {
    await using server = await startHttpServer();
    await using allowing = await using(server);
    await expect(allowing.send(server.origin, { headers })).rejects.toMatchObject({ name: 'TerminalError', code: 'invalid_request' });
    expect(server.requests).toEqual([]);
  });

  test.each(['GET / HTTP/1.1\r\nx: y', 'GE T', 'CONNECT'])('a method that is none is refused: %j', async (method) => {
    await using server = await startHttpServer();
    await using allowing = await using(server);
    await expect(allowing.send(server.origin, { method })).rejects.toMatchObject({ name: 'TerminalError' });
    expect(server.requests).toEqual([]);
  });

  test('line breaks in a path are no part of it', async () => {
    await using server = await startHttpServer();
    await using allowing = await using(server);
    await allowing.send(`${server.origin}/a\r\nx-injected: yes\r\n\r\n/b%0d%0ac`);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ path: '/ax-injected:%20yes/b%0d%0ac' });
    expect(server.requests[0]?.headers).not.toHaveProperty('x-injected');
  });
});

test('proxy variables are ignored', async () => {
  await using server = await startHttpServer();
  await using proxy = await startHttpServer();
  await using allowing = await using(server);
  process.env.HTTP_PROXY = proxy.origin;
  process.env.http_proxy = proxy.origin;
  try {
    await allowing.send(server.origin);
  } finally {
    delete process.env.HTTP_PROXY;
    delete process.env.http_proxy;
  }
  expect([server.requests.length, proxy.connections()]).toEqual([1, 0]);
});
