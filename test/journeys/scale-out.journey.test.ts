import { aLeadCreated, findLogFaults, readMetric, runTool, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const scaled = ['trigger-matcher', 'executor', 'audit-logger'] as const;
const tenants = Array.from({ length: 24 }, (_, number) => `tenant-${number}`);
const leadsOfTenant = 20;
const millrace = useMillrace('scale-out');

const tagged = (name: string, tag: string) => ({ name, action_type: 'add_tag', action_config: { tag } });

test('a second matcher, executor and audit logger that join under load share the work, and the accounts add up', async () => {
  const { api, crm, definitionsApplied, drained, installation, services } = millrace();
  for (const tenantId of tenants) {
    const actions = [tagged('first', 'new'), tagged('second', 'after {{ actions.first.status }}')];
    await api(tenantId).createWorkflow({ name: 'Tagged', enabled: true, triggers: [{ trigger_type: 'lead_created' }], actions });
  }
  await definitionsApplied();
  const leads = (from: number, to: number) =>
    tenants.flatMap((tenantId) =>
      Array.from({ length: to - from }, (_, at) => {
        const lead = `lead-${from + at}`;
        return aLeadCreated({ tenant_id: tenantId, event_id: lead, entity_id: lead });
      }),
    );
  await crm.publish(leads(0, leadsOfTenant / 2));
  await Promise.all(scaled.map((name) => services.add(name)));
  await definitionsApplied();
  // The first ones come again: whoever has their partition now must know them.
  await crm.publish(leads(0, leadsOfTenant));
  await drained();

  for (const [name, metric] of [
    ['trigger-matcher', 'millrace_matcher_commands_total'],
    ['executor', 'millrace_executor_attempts_total'],
    ['audit-logger', 'millrace_audit_entries_inserted_total'],
  ] as const) {
    const done = await Promise.all(services.all(name).map((process) => readMetric(process, metric)));
    expect(
      done.map((count) => count > 0),
      name,
    ).toEqual([true, true]);
  }
  expect(await findLogFaults(installation)).toEqual([]);
  const accounts = await runTool('accounts', ['--json'], installation.env);
  expect(JSON.parse(accounts.stdout)).toMatchObject({
    adds_up: true,
    faults: [],
    instances: { total: tenants.length * leadsOfTenant, completed: tenants.length * leadsOfTenant },
  });
});
