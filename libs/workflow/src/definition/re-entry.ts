import type { WorkflowVersion } from './workflow-version.ts';

/** Whether an entity that was in a workflow before, the last time since `lastStartedAtMs`, may enter it again. */
export function mayEnterAgain(
  { re_entry: reEntry, cooldown_seconds: cooldown }: Pick<WorkflowVersion, 're_entry' | 'cooldown_seconds'>,
  lastStartedAtMs: number,
  isLive: boolean,
  atMs: number,
): boolean {
  if (reEntry === 'once' || (reEntry === 'while_inactive' && isLive)) return false;
  return cooldown === null || atMs >= lastStartedAtMs + cooldown * 1_000;
}
