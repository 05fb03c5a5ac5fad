/** A row of `workflow_instances` as the executor reads and writes it. Times are ms since the epoch; ids 32 hexadecimal digits; `journal` and `inbox` JSON texts. */
export interface InstanceRow {
  id: string;
  tenantId: string;
  workflowId: number | null;
  workflowVersion: number | null;
  scheduledTaskId: number | null;
  scheduledForMs: number | null;
  entityType: string;
  entityId: string;
  triggeredBy: string;
  triggeredByValue: string;
  status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  progress: number;
  executedActions: number;
  failedActions: number;
  rowVersion: number;
  journal: string;
  publishedSeq: number;
  wakeAtMs: number | null;
  waitingFor: string | null;
  inbox: string | null;
  startedAtMs: number | null;
  completedAtMs: number | null;
  createdAtMs: number;
}
