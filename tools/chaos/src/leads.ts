import { aLeadCreated, eventually, type Millrace } from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';

const batch = 500;
/** Every so many leads are from a fair, and go through more than three actions. */
const fairEvery = 20;

const tagged = (tag: string) => ({ action_type: 'add_tag', action_config: { tag } });
/** Three trivial actions for leads from the website. */
export const plain = {
  name: 'Plain',
  enabled: true,
  triggers: [{ trigger_type: 'lead_created', trigger_config: { source: 'website' } }],
  actions: [tagged('first'), tagged('second'), tagged('third')],
};
/** For leads from a fair: waits, splits, branches, skips, goes on after a failure and fails at last. */
export const winding = {
  name: 'Winding',
  enabled: true,
  triggers: [{ trigger_type: 'lead_created', trigger_config: { source: 'fair' } }],
  actions: [
    { name: 'wait', action_type: 'delay', action_config: { seconds: 2 } },
    {
      name: 'half',
      action_type: 'split',
      action_config: {
        arms: [
          { name: 'a', weight: 1, actions: [tagged('a')] },
          { name: 'b', weight: 1, actions: [tagged('b')] },
        ],
      },
    },
    { ...tagged('never'), conditions: [{ field: 'lead_score', operator: 'greater_than', value: 1_000 }] },
    { name: 'refused', action_type: 'http_request', action_config: { method: 'GET', url: 'http://10.0.0.1/' }, on_error: 'continue' },
    {
      name: 'warm',
      action_type: 'branch',
      action_config: {
        branches: [
          {
            name: 'warm',
            conditions: [{ field: 'lead_score', operator: 'greater_than', value: 50 }],
            actions: [{ name: 'end', action_type: 'exit', action_config: { status: 'failed', reason: 'warm' } }],
          },
        ],
        else_actions: [tagged('cold')],
      },
    },
  ],
};

/** Publishes so many leads, the same at each call, in turn over tenants; each starts one instance of `plain` or `winding`. */
export async function publishLeads({ crm }: Millrace, tenantIds: readonly string[], count: number): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    const events = Array.from({ length: Math.min(batch, count - from) }, (_, at) => {
      const number = from + at;
      const lead = `lead-${number}`;
      const tenantId = tenantIds[number % tenantIds.length] as string;
      const source = number % fairEvery === 0 ? 'fair' : 'website';
      return aLeadCreated({ tenant_id: tenantId, event_id: lead, entity_id: lead }, { source, lead_score: number % 100 });
    });
    await crm.publish(events);
  }
}

/** Resolved once so many instances have ended. */
export async function ended({ installation }: Millrace, count: number, say: (line: string) => void): Promise<void> {
  await eventually(
    async () => {
      const [[row]] = await installation.database.pool.query<RowDataPacket[]>(
        "SELECT COUNT(*) AS done FROM workflow_instances WHERE status IN ('completed', 'failed', 'cancelled')",
      );
      const done = Number(row?.done);
      say(`${done} of ${count} ended`);
      if (done < count) throw new Error(`Expected ${count} instances to end, but ${done} have`);
    },
    { timeoutMs: 20 * 60_000, everyMs: 5_000 },
  );
}
