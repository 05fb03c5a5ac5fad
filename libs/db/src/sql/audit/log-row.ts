/** A row of workflow_execution_logs: one entry of one instance. (instanceId, seq) is its identity. */
export interface LogRow {
  tenantId: string;
  workflowId: number | null;
  /** 32 hexadecimal digits. */
  instanceId: string;
  seq: number;
  /** The entry's type; the column is called `action`. */
  type: string;
  actionId: number | null;
  status: string | null;
  /** JSON text. */
  detail: string | null;
  atMs: number;
}
