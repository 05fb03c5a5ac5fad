import type { Headers, InRecord } from '@millrace/bus';

/** A record as a dead-letter topic holds it; `labels` are the headers that say where it comes from and why, without their prefix. */
export function aDeadLetterRecord({ labels = {}, ...overrides }: Partial<InRecord> & { labels?: Record<string, string> } = {}): InRecord {
  const given = {
    'origin-topic': 'test.crm.events',
    'origin-partition': '3',
    'origin-offset': '41',
    reason: 'undecodable',
    message: 'Expected magic byte 0, but it is 123',
    service: 'trigger-matcher',
    at: '2026-11-24T10:00:00.000Z',
    ...labels,
  };
  const headers: Headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [`dead-letter-${name}`, Buffer.from(value)]));
  return {
    topic: 'crm.events.dead-letter',
    partition: 3,
    offset: '7',
    timestampMs: Date.parse('2026-11-24T10:00:01.000Z'),
    key: Buffer.from('acme'),
    value: Buffer.from('{'),
    bytes: 300,
    assignment: { generation: 1, isCurrent: () => true, isRevoked: () => false },
    done: () => {},
    ...overrides,
    headers: { ...headers, ...overrides.headers },
  };
}
