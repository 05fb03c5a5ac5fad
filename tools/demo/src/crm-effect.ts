/** Something that a workflow did to the world, as the world saw it. Two effects are the same when their texts are. */
export type Effect = string;

export const effects = {
  mail: (to: string, subject: string): Effect => `mail to ${to}: ${subject}`,
  text: (to: string, body: string): Effect => `text to ${to}: ${body}`,
  task: (tenantId: string, leadId: string | null, title: string): Effect => `task of ${tenantId}/${leadId ?? '-'}: ${title}`,
  leadUpdate: (tenantId: string, leadId: string, fields: Record<string, unknown>): Effect =>
    `update of ${tenantId}/${leadId}: ${canonical(fields)}`,
  tag: (tenantId: string, leadId: string, tag: string): Effect => `tag of ${tenantId}/${leadId}: ${tag}`,
  removedTag: (tenantId: string, leadId: string, tag: string): Effect => `removed tag of ${tenantId}/${leadId}: ${tag}`,
  notification: (tenantId: string, addressee: string | null, title: string): Effect =>
    `notification of ${tenantId} to ${addressee ?? '-'}: ${title}`,
};

function canonical(fields: Record<string, unknown>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Where two bags of effects differ: what is wanted and absent, and what is there and not wanted; each with its number. */
export function compareEffects(
  expected: Iterable<Effect>,
  actual: Iterable<Effect>,
): { missing: Map<Effect, number>; unexpected: Map<Effect, number> } {
  const balance = new Map<Effect, number>();
  for (const effect of expected) balance.set(effect, (balance.get(effect) ?? 0) + 1);
  for (const effect of actual) balance.set(effect, (balance.get(effect) ?? 0) - 1);
  const missing = new Map<Effect, number>();
  const unexpected = new Map<Effect, number>();
  for (const [effect, count] of balance) {
    if (count > 0) missing.set(effect, count);
    if (count < 0) unexpected.set(effect, -count);
  }
  return { missing, unexpected };
}
