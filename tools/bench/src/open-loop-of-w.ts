import { setTimeout as delay } from 'node:timers/promises';
import { hexLiteral } from '@millrace/db';
import { instanceId } from '@millrace/messages';
import type { Millrace } from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';
import { leadEvents, logRowsOfW } from './workload.ts';

export interface OpenLoopOfW {
  tenantId: string;
  /** The tenant's W. */
  workflowId: number;
  perSecond: number;
  seconds: number;
  /** So many of the events a second are watched at most: looking costs the database. */
  watchedPerSecond: number;
  /** Between two looks: how exact a latency is. */
  lookEveryMs: number;
}

interface Sent {
  sentAt: number;
  isWatched: boolean;
}

export interface WatchedEvent {
  /** Since the loop's start. */
  sentAtMs: number;
  /** From its sending to its last log row, as a reader of the table sees it. */
  latencyMs: number;
}

const mostWaitMs = 120_000;
const waitedForSeconds = 2;
/** As a producer that waits a little for more: beyond 100 events a second several go out together. */
const sendEveryMs = 10;

/**
 * Sends events of W at a steady rate, whether or not those before are done, and answers how long those that are watched took. Those of the last
 * seconds are all waited for: nobody should count what is still on its way.
 */
export async function runOpenLoopOfW(millrace: Millrace, loop: OpenLoopOfW): Promise<WatchedEvent[]> {
  const { tenantId, workflowId, perSecond, seconds, lookEveryMs } = loop;
  const watchEvery = Math.ceil(perSecond / loop.watchedPerSecond);
  const count = Math.round(perSecond * seconds);
  const watched: WatchedEvent[] = [];
  const sentBy = new Map<string, Sent>();
  const startedAt = performance.now();
  let isSending = true;
  const looking = look();
  const unsent: Promise<void>[] = [];
  for (let sent = 0; sent < count; ) {
    await delay(Math.max(sendEveryMs, startedAt + (sent * 1_000) / perSecond - performance.now()));
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000) + 1);
    const events = leadEvents(tenantId, due - sent);
    const now = performance.now();
    for (const [at, { event_id: originId }] of events.entries()) {
      const isWatched = (sent + at) % watchEvery === 0;
      if (!isWatched && sent + at < count - perSecond * waitedForSeconds) continue;
      sentBy.set(instanceId({ tenantId, workflowId, kind: 'event', originId }), { sentAt: now, isWatched });
    }
    unsent.push(millrace.crm.publish(events));
    if (unsent.length >= 1_000) await Promise.all(unsent.splice(0, 500));
    sent = due;
  }
  await Promise.all(unsent);
  isSending = false;
  await looking;
  return watched;

  async function look(): Promise<void> {
    const { pool } = millrace.installation.database;
    let lastSeenAt = performance.now();
    while (isSending || sentBy.size > 0) {
      await delay(lookEveryMs);
      if (sentBy.size === 0) continue;
      const ids = [...sentBy.keys()].slice(0, 1_000);
      const [rows] = await pool.query<(RowDataPacket & { id: string })[]>(
        `SELECT LOWER(HEX(instance_id)) AS id FROM workflow_execution_logs WHERE seq = ${logRowsOfW} AND instance_id IN (${ids.map(hexLiteral).join(',')})`,
      );
      const now = performance.now();
      for (const { id } of rows) {
        const { sentAt, isWatched } = sentBy.get(id) as Sent;
        if (isWatched) watched.push({ sentAtMs: sentAt - startedAt, latencyMs: now - sentAt });
        sentBy.delete(id);
        lastSeenAt = now;
      }
      if (now - lastSeenAt > mostWaitMs && sentBy.size > 0)
        throw new Error(`Expected every event's log rows, but ${sentBy.size} that are waited for have none for ${mostWaitMs / 1_000} s`);
    }
  }
}
