import { createHmac, randomBytes } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { isDuplicateKey } from '@millrace/db';
import { Problem } from '../problem.ts';
import type { Answer } from './answer.ts';

/** A request that carries a key: one row of `idempotency_keys`, held by `holder` while it runs. */
export interface Claim {
  tenantId: string;
  route: string;
  key: string;
  requestHash: Buffer;
  holder: Buffer;
}

export type ClaimOutcome = { kind: 'claimed' } | { kind: 'answered'; answer: Answer } | { kind: 'in_flight' };

/** A request that ended without an answer, as its process died, blocks repeats this long. Work beyond it can't commit twice. */
const holdSeconds = 10;
export const keptHours = 24;

interface ClaimRow {
  request_hash: Buffer;
  holder: Buffer;
  status: number | null;
  answer: string | null;
  is_held: number;
  is_kept: number;
}

/** The key of a header; null where there is none. 400 for what can't be one. */
export function parseIdempotencyKey(header: string): string | null {
  if (header === '') return null;
  if (/^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new Problem(400, 'idempotency_key_invalid', 'Expected Idempotency-Key to be 1 to 255 printable ASCII characters, but it is not');
}

/** `hashKey` keeps a short secret in a body from being guessed by its hash. */
export function createClaim(request: Pick<Claim, 'tenantId' | 'route' | 'key'>, content: unknown, hashKey: Buffer): Claim {
  const requestHash = createHmac('sha256', hashKey).update(JSON.stringify(content)).digest();
  return { ...request, requestHash, holder: randomBytes(16) };
}

/**
 * Takes the key for this request, gives the answer that it has led to, or says that another request runs under it. 422 where that
 * was another request. A claim whose holder died is taken over.
 */
export async function claim(em: SqlEntityManager, mine: Claim): Promise<ClaimOutcome> {
  if (await insertClaim(em, mine)) return { kind: 'claimed' };
  const row = await findClaim(em, mine);
  if (row === null) return { kind: 'in_flight' };
  if (row.is_kept) {
    if (!row.request_hash.equals(mine.requestHash)) {
      throw new Problem(422, 'idempotency_key_reused', 'Expected the same request under the same Idempotency-Key, but it differs');
    }
    if (row.status !== null) return { kind: 'answered', answer: answerOf(row.status, row.answer) };
    if (row.is_held) return { kind: 'in_flight' };
  }
  return { kind: (await takeOver(em, mine, row.holder)) ? 'claimed' : 'in_flight' };
}

/** Keeps the answer. False where the claim was lost meanwhile. */
export async function keepAnswer(em: SqlEntityManager, mine: Claim, { status, headers, text }: Answer): Promise<boolean> {
  const changed = await run(
    em,
    `update idempotency_keys set status = ?, answer = ?
      where tenant_id = ? and route = ? and idempotency_key = ? and holder = ? and status is null`,
    [status, JSON.stringify({ headers, text }), ...keyOf(mine), mine.holder],
  );
  return changed === 1;
}

/** Gives the key back: the request has changed nothing, so a repeat may run. */
export async function release(em: SqlEntityManager, mine: Claim): Promise<void> {
  await run(
    em,
    'delete from idempotency_keys where tenant_id = ? and route = ? and idempotency_key = ? and holder = ? and status is null',
    [...keyOf(mine), mine.holder],
  );
}

async function insertClaim(em: SqlEntityManager, mine: Claim): Promise<boolean> {
  try {
    await run(
      em,
      `insert into idempotency_keys (tenant_id, route, idempotency_key, request_hash, holder, held_until)
       values (?, ?, ?, ?, ?, current_timestamp(3) + interval ${holdSeconds} second)`,
      [...keyOf(mine), mine.requestHash, mine.holder],
    );
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** By the database's clock, which all processes share. */
async function findClaim(em: SqlEntityManager, mine: Claim): Promise<ClaimRow | null> {
  const rows = await em.execute<ClaimRow[]>(
    `select request_hash, holder, status, answer, held_until > current_timestamp(3) as is_held,
            created_at > current_timestamp(3) - interval ${keptHours} hour as is_kept
       from idempotency_keys where tenant_id = ? and route = ? and idempotency_key = ?`,
    keyOf(mine),
  );
  return rows[0] ?? null;
}

/** Of several that find a dead claim, one gets it: the holder that was read must still be there. */
async function takeOver(em: SqlEntityManager, mine: Claim, holder: Buffer): Promise<boolean> {
  const changed = await run(
    em,
    `update idempotency_keys
        set request_hash = ?, holder = ?, held_until = current_timestamp(3) + interval ${holdSeconds} second,
            status = null, answer = null, created_at = current_timestamp(3)
      where tenant_id = ? and route = ? and idempotency_key = ? and holder = ?`,
    [mine.requestHash, mine.holder, ...keyOf(mine), holder],
  );
  return changed === 1;
}

function answerOf(status: number, kept: string | null): Answer {
  return { status, ...(JSON.parse(kept ?? '{}') as Omit<Answer, 'status'>) };
}

function keyOf({ tenantId, route, key }: Claim): [string, string, string] {
  return [tenantId, route, key];
}

async function run(em: SqlEntityManager, sql: string, parameters: unknown[]): Promise<number> {
  const { affectedRows } = await em.execute<{ affectedRows: number; insertId: number }>(sql, parameters, 'run');
  return affectedRows;
}

export function inFlight(): Problem {
  return new Problem(409, 'request_in_flight', 'Expected the first request with this Idempotency-Key to have ended, but it runs', {
    headers: { 'Retry-After': '1' },
  });
}
