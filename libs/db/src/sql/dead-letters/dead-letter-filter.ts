import type { DeadLetterState } from './dead-letter-row.ts';

/** Which dead letters are meant; what is absent doesn't matter. */
export interface DeadLetterFilter {
  ids?: readonly number[];
  topic?: string;
  tenantId?: string;
  reason?: string;
  states?: readonly DeadLetterState[];
  /** Dead-lettered from this moment on, in ms. */
  fromMs?: number;
  /** Dead-lettered before this moment, in ms. */
  untilMs?: number;
}

/** The filter as a condition, for a statement with these values. */
export function whereDeadLetters(filter: DeadLetterFilter): { where: string; values: unknown[] } {
  const { ids, topic, tenantId, reason, states, fromMs, untilMs } = filter;
  const terms: [condition: string, value: unknown][] = [
    ['id IN (?)', ids],
    ['origin_topic = ?', topic],
    ['tenant_id = ?', tenantId],
    ['reason = ?', reason],
    ['state IN (?)', states],
    ['dead_lettered_at >= ?', fromMs === undefined ? undefined : new Date(fromMs)],
    ['dead_lettered_at < ?', untilMs === undefined ? undefined : new Date(untilMs)],
  ];
  const given = terms.filter(([, value]) => value !== undefined);
  return {
    where: given.length === 0 ? 'TRUE' : given.map(([condition]) => condition).join(' AND '),
    values: given.map(([, value]) => value),
  };
}
