import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import type { MillraceApi } from './millrace-api.ts';

const boundMs = 60_000;

/** Waits until every workflow has its `published_at`. */
export async function awaitPublished(api: MillraceApi, workflows: readonly { tenantId: string; id: number }[]): Promise<void> {
  const deadline = performance.now() + boundMs;
  for (const { tenantId, id } of workflows) {
    while ((await api.findPublishedAt(tenantId, id)) === null) {
      if (performance.now() > deadline)
        throw new Error(`Expected workflow ${id} of ${tenantId} to be published within ${boundMs / 1000} s, but it was not`);
      await delay(50);
    }
  }
}

/** Waits until the matcher has applied `workflow.definitions` up to the end that it has now. */
export async function awaitDefinitionsApplied(admin: Admin, topic: string, matcherHealthUrl: string): Promise<void> {
  const ends = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [String(partition), BigInt(high)] as const);
  const deadline = performance.now() + boundMs;
  for (;;) {
    const applied = await readApplied(matcherHealthUrl);
    const behind = ends.find(([partition, end]) => end > 0n && BigInt(applied?.[partition] ?? 0) < end);
    if (behind === undefined && applied !== null) return;
    if (performance.now() > deadline)
      throw new Error(
        `Expected the matcher to apply ${topic} up to ${JSON.stringify(Object.fromEntries(ends.map(([p, end]) => [p, String(end)])))}, but it is at ${JSON.stringify(applied)}`,
      );
    await delay(50);
  }
}

async function readApplied(url: string): Promise<Record<string, string> | null> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) });
    const body = (await response.json()) as { definitions?: { applied?: Record<string, string> } };
    return response.status === 200 ? (body.definitions?.applied ?? null) : null;
  } catch {
    return null;
  }
}
