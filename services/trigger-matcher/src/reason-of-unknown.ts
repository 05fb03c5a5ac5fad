import type { EventView } from '@millrace/messages';
import type { IndexedTrigger } from './definition.ts';

/** Why a trigger's question made no sense: `no_previous` for a change without a record before it, else `wrong_type`. */
export function reasonOfUnknown({ asksForChange }: IndexedTrigger, { previous }: EventView): string {
  return asksForChange && previous === null ? 'no_previous' : 'wrong_type';
}
