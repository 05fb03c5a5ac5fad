import { counter } from '@millrace/runtime';

export const metrics = {
  events: counter('millrace_matcher_events', 'events handled, each once per delivery'),
  matched: counter('millrace_matcher_events_matched', 'events that caused a command'),
  unmatched: counter('millrace_matcher_events_unmatched', 'events that caused none'),
  deadLettered: counter('millrace_matcher_events_dead_lettered', 'events put on a dead-letter topic, by reason'),
  commands: counter('millrace_matcher_commands', 'commands sent'),
  blocked: counter('millrace_matcher_starts_blocked', 'starts sent as blocked, by reason: their instances end without effects'),
  unknown: counter('millrace_matcher_conditions_unknown', "triggers whose conditions were unknown for an event's values"),
  definitionsRejected: counter('millrace_matcher_definitions_rejected', 'definitions that could not be read'),
};
