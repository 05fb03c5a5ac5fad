import { counter, histogram } from '@millrace/runtime';

export const metrics = {
  records: counter('millrace_audit_records', 'log records handled, each once per delivery'),
  inserted: counter('millrace_audit_entries_inserted', 'entries written to workflow_execution_logs'),
  repeated: counter('millrace_audit_entries_repeated', 'entries that were there already'),
  dropped: counter('millrace_audit_entries_dropped', 'entries of deleted instances'),
  deadLettered: counter('millrace_audit_records_dead_lettered', 'records put on the dead-letter topic, by reason'),
  deadLettersInserted: counter('millrace_audit_dead_letters_inserted', 'rows written to dead_letters'),
  deadLettersRepeated: counter('millrace_audit_dead_letters_repeated', 'dead letters that were there already'),
  deadLettersRefused: counter('millrace_audit_dead_letters_refused', 'dead letters that their table refuses'),
  flushSeconds: histogram('millrace_audit_flush_seconds', 'from taking a batch to its commit', [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]),
  ageSeconds: histogram(
    'millrace_audit_entry_age_seconds',
    'from an entry to its row, the newest of a batch',
    [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300],
  ),
};
