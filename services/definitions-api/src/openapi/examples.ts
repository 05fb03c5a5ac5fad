export interface Example {
  body?: unknown;
  query?: Record<string, string | number | boolean>;
}

const trigger = {
  trigger_type: 'lead_created',
  trigger_config: { source: 'web' },
  conditions: { all: [{ field: 'lead_score', operator: 'greater_than_or_equal', value: 50 }] },
};
const action = {
  name: 'call_back',
  action_type: 'create_task',
  action_config: { title: 'Call {{ lead.first_name }} back', assigned_to_id: 1, due_in: 'P1D' },
  delay_seconds: 300,
};
const workflow = {
  name: 'Welcome new leads',
  description: 'Tags a lead from the web and has somebody call back.',
  enabled: true,
  triggers: [trigger],
  actions: [{ name: 'tag', action_type: 'add_tag', action_config: { tag: 'web' } }, action],
};
const lead = { lead_id: 'lead-789', first_name: 'Ada', email: 'ada@example.com', lead_score: 85, source: 'web' };
const event = {
  event_id: 'crm-2026-11-24-1',
  event_type: 'lead_created',
  entity_type: 'lead',
  entity_id: 'lead-789',
  occurred_at: '2026-11-24T10:00:00Z',
  data: lead,
};
const scheduledTask = {
  name: 'Weekly check',
  type: 'workflow',
  config: { workflow_id: 1 },
  schedule: '0 9 * * MON',
  timezone: 'Europe/Berlin',
  enabled: true,
  max_retries: 3,
};

const template = {
  name: 'Tag hot leads',
  description: 'Tags a lead whose score crosses a threshold.',
  category: 'sales',
  is_public: true,
  parameters: [
    { name: 'threshold', type: 'number', label: 'Score from which a lead is hot', default: 80 },
    { name: 'tag', type: 'text', label: 'The tag', required: true },
  ],
  definition: {
    triggers: [{ trigger_type: 'lead_scored', trigger_config: { crossed_above: '%{threshold}' } }],
    actions: [{ name: 'tag', action_type: 'add_tag', action_config: { tag: '%{tag}' } }],
  },
};

/** A request to each endpoint that takes more than a path, by operation id. The tests send them all. */
export const examples: Record<string, Example> = {
  createWorkflow: { body: workflow },
  listWorkflows: { query: { limit: 20, trigger_type: 'lead_created' } },
  replaceWorkflow: { body: { ...workflow, description: 'Without the tag.', actions: [action] } },
  enableWorkflow: { body: { enabled: false, on_disable: 'finish' } },
  cloneWorkflow: { body: { name: 'Welcome new leads, again' } },
  createWorkflowTrigger: { body: { trigger_type: 'lead_scored', trigger_config: { crossed_above: 80 } } },
  replaceWorkflowTrigger: { body: trigger },
  createWorkflowAction: { body: { name: 'thank', action_type: 'add_tag', action_config: { tag: 'thanked' }, order: 9 } },
  replaceWorkflowAction: { body: { ...action, name: 'call_at_once', delay_seconds: 0 } },
  triggerWorkflow: { body: { triggered_by: 'lead_id', triggered_by_value: 'lead-789', additional_data: { lead_score: 85 } } },
  evaluateWorkflow: { body: { event } },
  getStats: { query: { interval: 'day', top: 5 } },
  getWorkflowStats: { query: { interval: 'hour', from: '2026-11-20T00:00:00Z', to: '2026-11-25T00:00:00Z' } },
  listInstances: { query: { status: 'failed', limit: 20 } },
  cancelWorkflowInstance: { body: { reason: 'duplicate' } },
  cancelScheduledTaskExecution: { body: { reason: 'takes too long' } },
  retryWorkflowInstance: { body: { version: 'latest' } },
  createScheduledTask: { body: scheduledTask },
  replaceScheduledTask: { body: { ...scheduledTask, schedule: '0 8 * * MON-FRI' } },
  getScheduledTaskPreview: { query: { count: 5 } },
  createWorkflowTemplate: { body: template },
  listWorkflowTemplates: { query: { category: 'sales', built_in: true } },
  replaceWorkflowTemplate: { body: { ...template, category: 'operations' } },
  instantiateWorkflowTemplate: { body: { name: 'Tag our hot leads', parameters: { threshold: 90, tag: 'hot' } } },
  createEvent: { body: event },
  createSecret: { body: { name: 'crm_token', value: 'an-example-token', hosts: ['api.example.com'] } },
  replaceSecret: { body: { value: 'another-example-token', hosts: ['api.example.com'] } },
  createApiKey: { body: { name: 'Form on the web site', role: 'operator', scopes: ['events:write'], expires_at: '2100-01-01T00:00:00Z' } },
  replaceTenantSettings: {
    body: {
      timezone: 'Europe/Berlin',
      senders: [{ address: 'sales@example.com', name: 'Example Sales' }],
      redaction: { fields: ['lead.email'], actions: true },
      retention: { completed_days: 30, failed_days: 365 },
      limits: { emails_per_day: 500 },
    },
  },
  listAudit: { query: { resource_type: 'workflow', action: 'update' } },
};
