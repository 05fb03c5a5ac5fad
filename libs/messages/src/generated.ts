// Generated from schemas/*.avsc by tools/generate.ts: change those.

export interface AddTag {
  lead_id: string;
  tag: string;
}

export interface CancelInstance {
  /** As the API read it when it accepted the request. */
  row_version: number;
  requested_by: string;
  reason: null | string;
}

export interface Causation {
  root_event_id: string;
  depth: number;
  workflow_ids: number[];
}

export interface CreateTask {
  lead_id: null | string;
  title: string;
  description: null | string;
  assigned_to_id: null | string;
  due_at: null | number;
  priority: null | string;
}

/** What a workflow tells the CRM to do. Record key: the tenant id. The CRM drops a command_id that it has applied, and copies causation into the events that the command causes. */
export interface CrmCommand {
  command_id: string;
  tenant_id: string;
  /** With entity_id the record that the instance is about, whose commands keep their order. Of a scheduled task that names no record the lead that the command names, else scheduled_task and the task's id. */
  entity_type: string;
  entity_id: string;
  /** The action's fixed now: the same in every repeat. */
  issued_at: number;
  causation: Causation;
  command: { 'millrace.CreateTask': CreateTask } | { 'millrace.UpdateLead': UpdateLead } | { 'millrace.AddTag': AddTag } | { 'millrace.RemoveTag': RemoveTag } | { 'millrace.SendNotification': SendNotification };
}

/** A fact of the CRM (crm.events) or one that a workflow caused (workflow.events). Record key: the tenant id. (tenant_id, event_id) is its identity: the same event produced again starts nothing again. */
export interface CrmEvent {
  /** Unique in the tenant; 1 to 128 characters. */
  event_id: string;
  /** Equal to the record's key. */
  tenant_id: string;
  /** lead_created, lead_scored, task_completed, workflow_completed, or a custom event's own name. */
  event_type: string;
  /** What the event is about, e.g. lead. For task_completed the task's lead. */
  entity_type: string;
  entity_id: string;
  occurred_at: number;
  source: string;
  /** Set by imports; carried through. */
  bulk_id: null | string;
  causation: null | Causation;
  data: { 'millrace.LeadCreated': LeadCreated } | { 'millrace.LeadScored': LeadScored } | { 'millrace.TaskCompleted': TaskCompleted } | { 'millrace.WorkflowCompleted': WorkflowCompleted } | { 'millrace.CustomEvent': CustomEvent };
  /** The record before the change: the same branch as data. */
  previous: null | { 'millrace.LeadCreated': LeadCreated } | { 'millrace.LeadScored': LeadScored } | { 'millrace.TaskCompleted': TaskCompleted } | { 'millrace.WorkflowCompleted': WorkflowCompleted } | { 'millrace.CustomEvent': CustomEvent };
}

export interface CustomEvent {
  fields: { [key: string]: FieldValue };
}

/** An event that some workflow of the tenant waits for. */
export interface DeliverEvent {
  /** JSON text, as in StartInstance. */
  event: string;
  origin_topic: string;
  origin_partition: number;
  origin_offset: number;
}

/** Entries of one instance, made durable by one flush. Record key: the tenant id; an instance's records lie on one partition. (instance_id, seq) is an entry's identity: an entry may be repeated, never changed. A reader skips entry types that it doesn't know. */
export interface ExecutionLog {
  tenant_id: string;
  instance_id: string;
  workflow_id: null | number;
  workflow_version: null | number;
  entity_type: string;
  entity_id: string;
  scheduled_task_id: null | number;
  /** The occurrence's due time. */
  scheduled_for: null | number;
  entries: LogEntry[];
}

/** A value of a field that the CRM's own schema doesn't know; nests. */
export interface FieldValue {
  value: null | boolean | number | string | FieldValue[] | { [key: string]: FieldValue };
}

export interface LeadCreated {
  lead_id: string;
  first_name: null | string;
  last_name: null | string;
  email: null | string;
  phone: null | string;
  company: null | string;
  lead_status: null | string;
  lead_score: null | number;
  source: null | string;
  owner_id: null | string;
  tags: string[];
  custom: { [key: string]: FieldValue };
}

export interface LeadScored {
  lead_id: string;
  first_name: null | string;
  last_name: null | string;
  email: null | string;
  phone: null | string;
  company: null | string;
  lead_status: null | string;
  lead_score: null | number;
  source: null | string;
  owner_id: null | string;
  tags: string[];
  custom: { [key: string]: FieldValue };
}

export interface LogEntry {
  /** 1..n per instance, without gap. */
  seq: number;
  type: string;
  at: number;
  action_id: null | number;
  action_name: null | string;
  action_type: null | string;
  attempt: null | number;
  /** Of the instance (instance_… entries) or of the action execution (action_… entries) after this entry. */
  status: null | string;
  reason: null | string;
  error_code: null | string;
  error_message: null | string;
  duration_ms: null | number;
  /** JSON text of an object; its keys depend on the type. */
  detail: null | string;
}

export interface RemoveTag {
  lead_id: string;
  tag: string;
}

/** A parked instance is due. */
export interface ResumeInstance {
  /** Of the row that was due. */
  row_version: number;
}

export interface RetryInstance {
  row_version: number;
  requested_by: string;
  use_latest_version: boolean;
}

/** One occurrence of a scheduled task; also one that is skipped. */
export interface RunScheduledTask {
  task_id: number;
  /** workflow, action, report or cleanup. */
  task_type: string;
  /** JSON text of an object. */
  task_config: string;
  task_revision: number;
  due_at: number;
  /** For type workflow. */
  workflow_id: null | number;
  /** The newest when the occurrence was taken up. */
  workflow_version: null | number;
  overlap_policy: string;
  /** Further attempts of the run where it fails. */
  max_retries: number;
  retry_delay_seconds: number;
  /** Set for an occurrence that must not run; it is recorded as cancelled with this reason. */
  skip_reason: null | string;
}

export interface SendNotification {
  user_id: null | string;
  role: null | string;
  title: string;
  body: null | string;
  link: null | string;
}

export interface StartInstance {
  workflow_id: number;
  workflow_version: number;
  /** The trigger that matched; null for a start by the API. */
  trigger_id: null | number;
  /** event, or what the API's caller named, e.g. lead_id. */
  triggered_by: string;
  /** The event's id, or the value that the API's caller named. */
  triggered_by_value: string;
  /** JSON text of the start event: event_id, event_type, entity_type, entity_id, occurred_at (ISO 8601), source, bulk_id, causation, data, previous. */
  event: string;
  /** A reason: the instance is created cancelled, without effects. */
  blocked: null | string;
  origin_topic: null | string;
  origin_partition: null | number;
  origin_offset: null | number;
}

export interface TaskCompleted {
  task_id: string;
  lead_id: string;
  title: null | string;
  task_type: null | string;
  outcome: null | string;
  assigned_to_id: null | string;
  completed_at: null | number;
  /** The task's lead as it is now. */
  lead: null | LeadCreated;
}

export interface Trigger {
  trigger_id: number;
  trigger_type: string;
  /** JSON text of an object. */
  trigger_config: string;
  /** JSON text of a condition tree. */
  conditions: null | string;
}

export interface UpdateLead {
  lead_id: string;
  /** JSON text of an object: the lead's fields to set. */
  fields: string;
}

/** What the executor is told to do. Record key: the tenant id; all commands of one entity lie on one partition. */
export interface WorkflowCommand {
  /** Equal to the record's key. */
  tenant_id: string;
  /** 32 hexadecimal digits: see instanceId() in libs/messages. Empty in DeliverEvent. */
  instance_id: string;
  entity_type: string;
  entity_id: string;
  command: { 'millrace.StartInstance': StartInstance } | { 'millrace.ResumeInstance': ResumeInstance } | { 'millrace.CancelInstance': CancelInstance } | { 'millrace.RetryInstance': RetryInstance } | { 'millrace.DeliverEvent': DeliverEvent } | { 'millrace.RunScheduledTask': RunScheduledTask };
}

/** On workflow.events only. */
export interface WorkflowCompleted {
  workflow_id: number;
  instance_id: string;
  /** completed, failed or cancelled. */
  status: string;
  reason: null | string;
}

/** A workflow's newest version. Record key: <tenant id>/<workflow id>, partitioned by tenant; compacted. A reader keeps the highest version. A tombstone follows a deletion after 7 days. */
export interface WorkflowDefinition {
  tenant_id: string;
  workflow_id: number;
  version: number;
  name: string;
  enabled: boolean;
  deleted: boolean;
  /** finish or cancel: what becomes of running instances while enabled is false. */
  on_disable: string;
  published_at: number;
  triggers: Trigger[];
  /** Event names that some version of the workflow waits for. */
  waits_for: string[];
}
