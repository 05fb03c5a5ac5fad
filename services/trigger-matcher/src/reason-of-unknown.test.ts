import type { Conditions, JsonObject } from '@millrace/workflow';
import { expect, test } from 'vitest';
import { aDefinition, aLeadCreated } from '../test/definitions.ts';
import { parseTriggers } from './definition.ts';
import { reasonOfUnknown } from './reason-of-unknown.ts';

const previous = { lead_score: 1 };
const wrongType: Conditions = { field: 'lead_score', operator: 'greater_than', value: 10 };

test.each<[string, { config?: JsonObject; conditions?: Conditions }, boolean, string]>([
  ['a comparison', { conditions: wrongType }, false, 'wrong_type'],
  ['a change', { conditions: { field: 'lead_score', operator: 'increased' } }, false, 'no_previous'],
  [
    'a change within others',
    { conditions: { all: [wrongType, { not: { any: [{ field: 'lead_status', operator: 'changed' }] } }] } },
    false,
    'no_previous',
  ],
  ['a change with a record before it', { conditions: { field: 'lead_score', operator: 'increased' } }, true, 'wrong_type'],
  ["a trigger's own question about a change", { config: { min_change: 5 } }, false, 'no_previous'],
])('the reason of %s', (_, trigger, hasPrevious, reason) => {
  const [parsed] = parseTriggers(aDefinition({ triggers: [{ type: 'lead_scored', ...trigger }] }));
  if (parsed === undefined) throw new Error('Expected a trigger, but there is none');
  expect(reasonOfUnknown(parsed, aLeadCreated({ previous: hasPrevious ? previous : null }))).toBe(reason);
});
