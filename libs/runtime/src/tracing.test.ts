import { expect, test } from 'vitest';
import { currentTraceparent, withSpan } from './index.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('a trace that came in goes on, also where nothing is exported', async () => {
  expect(currentTraceparent()).toBeUndefined();
  const passedOn = await withSpan('handle', { traceparent }, async () => {
    await new Promise(setImmediate);
    return currentTraceparent();
  });
  expect(passedOn?.slice(3, 35)).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(currentTraceparent()).toBeUndefined();
});

test('of two traces at once each goes on by itself', async () => {
  const other = traceparent.replace('0af7', '1bf8');
  const seen = await Promise.all(
    [traceparent, other].map((each) =>
      withSpan('handle', { traceparent: each }, async () => {
        await new Promise(setImmediate);
        return currentTraceparent()?.slice(3, 7);
      }),
    ),
  );
  expect(seen).toEqual(['0af7', '1bf8']);
});

test.each([undefined, '', 'nonsense', '00-00000000000000000000000000000000-b7ad6b7169203331-01', `${traceparent} `])(
  'the header %j is no trace, and no fault',
  async (header) => {
    expect(await withSpan('handle', { traceparent: header, links: [header] }, async () => currentTraceparent())).toBeUndefined();
  },
);

test('what the work throws comes out', async () => {
  await expect(withSpan('handle', { traceparent }, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
