import { afterEach, expect, test, vi } from 'vitest';
import { createCluster } from '../test/cluster.ts';
import { openSession } from './session.ts';

afterEach(() => vi.restoreAllMocks());

test.each([
  ['back', -600_000],
  ['ahead', 600_000],
])('a wall clock that is set %s ends neither the heartbeats nor the session', async (_, byMs) => {
  const { connect, groupId, topicPrefix } = await createCluster();
  await using bus = await connect();
  const joined = Promise.withResolvers<void>();
  let heartbeats = 0;
  let awaited: { count: number; resolve(): void } | undefined;
  const heartbeatsFromNow = (more: number) =>
    new Promise<void>((resolve) => {
      awaited = { count: heartbeats + more, resolve };
    });
  const session = await openSession({
    kafka: bus.options,
    groupId,
    topicNames: [`${topicPrefix}crm.events`],
    sessionTimeoutMs: 6_000,
    logger: bus.options.logger,
    handlers: {
      onJoin: () => joined.resolve(),
      onLeave: () => {},
      onHeartbeat() {
        heartbeats += 1;
        if (heartbeats === awaited?.count) awaited.resolve();
      },
      eachBatch: async () => {},
    },
  });
  try {
    await joined.promise;
    await heartbeatsFromNow(1);
    const now = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => now() + byMs);
    expect(await Promise.race([heartbeatsFromNow(3).then(() => 'three heartbeats'), session.ended])).toBe('three heartbeats');
  } finally {
    await session.close();
  }
});
