import { type Database, type DeadLetterFilter, findDeadLetters } from '@millrace/db';

/** Which of the ids that the filter names belong to no letter. */
export async function unknownIds(db: Database, { ids = [] }: DeadLetterFilter): Promise<number[]> {
  if (ids.length === 0) return [];
  const found = await findDeadLetters(db.pool, { ids }, { order: 'newest', limit: ids.length });
  const known = new Set(found.map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
}
