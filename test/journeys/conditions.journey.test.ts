import { aLeadCreated, aLeadScored, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('conditions');

const noted = [{ action_type: 'add_tag', action_config: { tag: 'matched' } }];

const leads = {
  small: { lead_score: 40, lead_status: 'new', company: 'Acme Bakery', tags: ['newsletter'] },
  large: { lead_score: 90, lead_status: 'Qualified', company: 'Globex', tags: ['partner', 'enterprise'] },
  unscored: { lead_score: null, lead_status: null, company: null, tags: [] },
};

const policies: [string, unknown, (keyof typeof leads)[]][] = [
  ['equals', [{ field: 'lead_status', operator: 'equals', value: 'qualified' }], ['large']],
  ['equals a number', [{ field: 'lead_score', operator: 'equals', value: 40 }], ['small']],
  ['greater_than', [{ field: 'lead_score', operator: 'greater_than', value: 40 }], ['large']],
  ['less_than', [{ field: 'lead_score', operator: 'less_than', value: 90 }], ['small']],
  ['contains in a text', [{ field: 'company', operator: 'contains', value: 'BAKE' }], ['small']],
  ['contains in a list', [{ field: 'tags', operator: 'contains', value: 'enterprise' }], ['large']],
  [
    'a list means all',
    [
      { field: 'lead_score', operator: 'greater_than', value: 10 },
      { field: 'source', operator: 'equals', value: 'website' },
    ],
    ['small', 'large'],
  ],
  [
    'any',
    {
      any: [
        { field: 'lead_score', operator: 'less_than', value: 50 },
        { field: 'lead_status', operator: 'not_exists' },
      ],
    },
    ['small', 'unscored'],
  ],
  ['not', { not: { field: 'lead_status', operator: 'equals', value: 'new' } }, ['large', 'unscored']],
  ['no match', [{ field: 'lead_score', operator: 'greater_than', value: 1000 }], []],
];

test('a trigger’s conditions decide which leads start a workflow', async () => {
  const { crm, api, definitionsApplied, drained } = millrace();
  const acme = api('acme');
  const workflows: { name: string; id: number; expected: string[] }[] = [];
  for (const [name, conditions, expected] of policies) {
    const { id } = await acme.createWorkflow({ name, triggers: [{ trigger_type: 'lead_created', conditions }], actions: noted });
    workflows.push({ name, id, expected });
  }
  await definitionsApplied();
  await crm.publish(Object.entries(leads).map(([name, lead]) => aLeadCreated({ tenant_id: 'acme', entity_id: name }, lead)));
  await drained();
  for (const { name, id, expected } of workflows) {
    const started = (await acme.instances(id)).map(({ entity_id }) => entity_id);
    expect([name, started.sort()]).toEqual([name, [...expected].sort()]);
  }
});

test('a trigger’s config decides by the change, one workflow starts once for several triggers, and no other tenant’s does', async () => {
  const { crm, api, definitionsApplied, drained } = millrace();
  const crossing = {
    triggers: [
      { trigger_type: 'lead_scored', trigger_config: '{"crossed_above": 60}' },
      { trigger_type: 'lead_scored', trigger_config: { min_score: 60 } },
    ],
    actions: noted,
  };
  const mine = await api('globex').createWorkflow({ name: 'Crossing', ...crossing });
  const theirs = await api('initech').createWorkflow({ name: 'Crossing', ...crossing });
  await definitionsApplied();
  await crm.publish([
    aLeadScored({ tenant_id: 'globex', entity_id: 'rises' }, { lead_score: 61 }, 59),
    aLeadScored({ tenant_id: 'globex', entity_id: 'stays low' }, { lead_score: 59 }, 10),
    aLeadCreated({ tenant_id: 'globex', entity_id: 'is created' }),
  ]);
  await drained();
  expect(await api('globex').instances(mine.id)).toMatchObject([{ entity_id: 'rises', status: 'completed' }]);
  expect(await api('initech').instances(theirs.id)).toEqual([]);
  expect(await api('initech').request('GET', `/workflows/${mine.id}/instances`)).toMatchObject({ status: 404 });
});
