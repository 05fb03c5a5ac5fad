/**
 * The events of workload W as any of the peers takes them: the content of a CRM's `lead_created` as plain JSON, all of which match.
 * `run` tells the rounds of one server apart.
 */
export function createEvents(count, run) {
  const occurredAt = new Date().toISOString();
  return Array.from({ length: count }, (_, number) => {
    const leadId = `lead-${run}-${number}`;
    return {
      event_id: `${run}-${number}`,
      tenant_id: 'bench',
      event_type: 'lead_created',
      entity_type: 'lead',
      entity_id: leadId,
      occurred_at: occurredAt,
      source: 'bench',
      data: {
        lead_id: leadId,
        first_name: 'Ada',
        last_name: 'Lovelace',
        email: 'ada@example.com',
        phone: '+15550001111',
        company: 'Analytical Engines',
        lead_status: 'new',
        lead_score: 85,
        source: 'website',
        owner_id: 'user-7',
        tags: [],
        custom: {},
      },
    };
  });
}

/** W's one condition. */
export function isWanted(event) {
  return event.event_type === 'lead_created' && event.data.lead_score >= 10;
}

/** W's trivial action: its input, and what it gives. Counts by step how often it was done. */
export function createActions() {
  const counts = new Map();
  return {
    addTag(event, step, tag) {
      const id = `${event.event_id}/${step}`;
      counts.set(id, (counts.get(id) ?? 0) + 1);
      return { status: 'completed', input: { lead_id: event.data.lead_id, tag }, output: { command_id: id } };
    },
    /** What doesn't add up of a round, as texts. */
    faults(run, events) {
      const own = [...counts].filter(([id]) => id.startsWith(`${run}-`));
      const repeated = own.filter(([, count]) => count > 1).length;
      return [
        ...(own.length === events * 3 ? [] : [`steps done: ${own.length}, expected ${events * 3}`]),
        ...(repeated === 0 ? [] : [`steps done more than once: ${repeated}`]),
      ];
    },
  };
}
