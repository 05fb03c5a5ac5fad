import { timingSafeEqual } from 'node:crypto';
import { type Database, parseJson, translateDatabaseError } from '@millrace/db';
import type { Identity, Role } from '../state.ts';
import { hashApiKey, prefixOfApiKey } from './api-key-text.ts';
import type { Authenticate } from './authenticate.ts';
import { bearerToken, refuseOtherTenant, unauthenticated } from './bearer-token.ts';

export interface ApiKeyOptions {
  database: Database;
  /** ms since the epoch. */
  now: () => number;
}

interface KeyRow {
  id: number;
  tenant_id: string;
  key_hash: Buffer;
  role: Role;
  scopes: unknown;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

/** `last_used_at` is this exact. */
const useNotedEveryMs = 60_000;

/** Who asks, from an API key. A key that was revoked or has expired is refused from that moment on. */
export function identityFromApiKey({ database, now }: ApiKeyOptions): Authenticate {
  return async (header) => {
    const text = bearerToken(header);
    const prefix = prefixOfApiKey(text);
    const row = prefix === null ? null : await findKey(database, prefix);
    if (!row || !timingSafeEqual(row.key_hash, hashApiKey(text)) || !isLive(row, now())) {
      throw unauthenticated('Expected an API key that is known and valid, but it is not', 'api_key_invalid');
    }
    refuseOtherTenant(header, row.tenant_id);
    await noteUse(database, row, now());
    return identityOf(row);
  };
}

/** The one query that isn't a tenant's: a key says whose it is. Its prefix is unique, and a text by its shape. */
async function findKey({ pool }: Database, prefix: string): Promise<KeyRow | null> {
  try {
    const [rows] = await pool.query(
      'select id, tenant_id, key_hash, role, scopes, expires_at, revoked_at, last_used_at from api_keys where prefix = ?',
      [prefix],
    );
    return (rows as KeyRow[])[0] ?? null;
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

function isLive({ expires_at, revoked_at }: KeyRow, nowMs: number): boolean {
  return revoked_at === null && (expires_at === null || expires_at.getTime() > nowMs);
}

async function noteUse({ pool }: Database, { id, last_used_at }: KeyRow, nowMs: number): Promise<void> {
  if (last_used_at !== null && nowMs - last_used_at.getTime() < useNotedEveryMs) return;
  try {
    await pool.query('update api_keys set last_used_at = ? where id = ?', [new Date(nowMs), id]);
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

function identityOf({ id, tenant_id, role, scopes }: KeyRow): Identity {
  return {
    tenantId: tenant_id,
    userId: `api_key:${id}`,
    role,
    scopes: scopes === null ? null : parseJson<string[]>(scopes),
    authenticatedBy: 'api_key',
  };
}
