import { type Effect, effects } from './crm-effect.ts';

/** What `schemas/crm.commands.avsc` decodes to. */
export interface CrmCommandRecord {
  command_id: string;
  tenant_id: string;
  entity_type: string;
  entity_id: string;
  command:
    | { 'millrace.CreateTask': { lead_id: string | null; title: string; assigned_to_id: string | null; priority: string | null } }
    | { 'millrace.UpdateLead': { lead_id: string; fields: string } }
    | { 'millrace.AddTag': { lead_id: string; tag: string } }
    | { 'millrace.RemoveTag': { lead_id: string; tag: string } }
    | { 'millrace.SendNotification': { user_id: string | null; role: string | null; title: string } };
}

/** The CRM's side of `crm.commands`: what workflows made of its tasks, tags, leads and notifications. */
export interface CrmDesk {
  /** False where the command's id was applied before: it is dropped and counted. */
  apply(record: CrmCommandRecord): boolean;
  /** One for each command applied. */
  effects: Effect[];
  tasks: { tenantId: string; leadId: string | null; title: string }[];
  tagsByLead: Map<string, Set<string>>;
  fieldsByLead: Map<string, Record<string, unknown>>;
  notifications: number;
  repeats: number;
}

export function createCrmDesk(): CrmDesk {
  const seen = new Set<string>();
  const desk: CrmDesk = { apply, effects: [], tasks: [], tagsByLead: new Map(), fieldsByLead: new Map(), notifications: 0, repeats: 0 };

  function apply({ command_id: commandId, tenant_id: tenantId, command }: CrmCommandRecord): boolean {
    if (seen.has(commandId)) {
      desk.repeats += 1;
      return false;
    }
    seen.add(commandId);
    if ('millrace.CreateTask' in command) {
      const { lead_id: leadId, title } = command['millrace.CreateTask'];
      desk.tasks.push({ tenantId, leadId, title });
      desk.effects.push(effects.task(tenantId, leadId, title));
    } else if ('millrace.UpdateLead' in command) {
      const { lead_id: leadId, fields } = command['millrace.UpdateLead'];
      const changes = JSON.parse(fields) as Record<string, unknown>;
      const key = `${tenantId}/${leadId}`;
      desk.fieldsByLead.set(key, { ...desk.fieldsByLead.get(key), ...changes });
      desk.effects.push(effects.leadUpdate(tenantId, leadId, changes));
    } else if ('millrace.AddTag' in command) {
      const { lead_id: leadId, tag } = command['millrace.AddTag'];
      tagsOf(`${tenantId}/${leadId}`).add(tag);
      desk.effects.push(effects.tag(tenantId, leadId, tag));
    } else if ('millrace.RemoveTag' in command) {
      const { lead_id: leadId, tag } = command['millrace.RemoveTag'];
      tagsOf(`${tenantId}/${leadId}`).delete(tag);
      desk.effects.push(effects.removedTag(tenantId, leadId, tag));
    } else {
      const { user_id: userId, role, title } = command['millrace.SendNotification'];
      desk.notifications += 1;
      desk.effects.push(effects.notification(tenantId, userId ?? role, title));
    }
    return true;
  }

  function tagsOf(lead: string): Set<string> {
    const tags = desk.tagsByLead.get(lead) ?? new Set<string>();
    desk.tagsByLead.set(lead, tags);
    return tags;
  }

  return desk;
}
