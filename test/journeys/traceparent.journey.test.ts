import { type Topic, topics } from '@millrace/messages';
import { aLeadCreated, eventually, readTopic, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('traceparent');
const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

test.each([
  ['an event', 'acme', true],
  ['a request', 'globex', false],
])('the trace of %s goes on in the commands, the log and the CRM commands that it causes', async (_, tenantId, byEvent) => {
  const { api, crm, drained, installation, publishWorkflow } = millrace();
  const workflow = await publishWorkflow(tenantId, {
    name: 'Traced',
    triggers: [{ trigger_type: 'lead_created' }],
    actions: [{ action_type: 'add_tag', action_config: { tag: 'traced' } }],
  });
  if (byEvent) await crm.publish([aLeadCreated({ tenant_id: tenantId })], { traceparent });
  else await api(tenantId).trigger(workflow.id, { triggered_by: 'lead_id', triggered_by_value: 'lead-1' }, { traceparent });
  await eventually(async () => expect(await api(tenantId).instances(workflow.id)).toMatchObject([{ status: 'completed' }]));
  await drained();
  const expectTrace = async (topic: Topic<unknown>) => {
    await using reader = await readTopic(installation, topic);
    const ofTenant = await eventually(() => {
      const records = reader.records.filter(({ key }) => String(key) === tenantId);
      expect(records).not.toEqual([]);
      return records;
    });
    for (const { headers } of ofTenant) expect(`${topic.name}: ${headers.traceparent}`).toMatch(`${topic.name}: 00-${traceId}-`);
  };
  await Promise.all([topics.workflowCommands, topics.crmCommands, topics.executionLog].map(expectTrace));
});
