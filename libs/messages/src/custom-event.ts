import type { Json } from './event-view.ts';
import type { CrmEvent, FieldValue } from './generated.ts';

/** Plain JSON fields as the data of a custom event. */
export function customEventOf(fields: Record<string, Json>): CrmEvent['data'] {
  return { 'millrace.CustomEvent': { fields: fieldsOf(fields) } };
}

function fieldsOf(fields: Record<string, Json>): { [key: string]: FieldValue } {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, { value: fieldOf(value) }]));
}

function fieldOf(value: Json): FieldValue['value'] {
  if (Array.isArray(value)) return value.map((item) => ({ value: fieldOf(item) }));
  return typeof value === 'object' && value !== null ? fieldsOf(value) : value;
}
