import type { SqlEntityManager } from '@mikro-orm/mysql';
import { ApiKey } from '@millrace/db';
import { z } from 'zod';
import { instant, rowId } from './answer-schema.ts';
import { createApiKeyText } from './identity/api-key-text.ts';
import type { Page } from './pagination.ts';
import { notFound, Problem } from './problem.ts';
import { scopes } from './scopes.ts';
import { type Identity, roles } from './state.ts';

const mostLiveKeys = 100;
const scopesSchema = z.array(z.enum(scopes)).min(1).max(scopes.length);

export const apiKeyRequestSchema = z.strictObject({
  name: z.string().trim().min(1).max(128),
  role: z.enum(roles),
  /** All that the role may do, unless given. */
  scopes: scopesSchema.nullable().default(null),
  expires_at: z.iso.datetime({ offset: true }).nullable().default(null),
});

export const apiKeySchema = z.strictObject({
  id: rowId,
  name: z.string(),
  /** What the key begins with, after `mlr_`. */
  prefix: z.string(),
  role: z.enum(roles),
  scopes: z.array(z.string()).nullable(),
  created_by: z.string().nullable(),
  created_at: instant,
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
  /** Exact to the minute. */
  last_used_at: instant.nullable(),
});

export const newApiKeySchema = apiKeySchema.extend({ key: z.string().nullable() });

export type ApiKeyView = z.output<typeof apiKeySchema>;
type Creator = Pick<Identity, 'tenantId' | 'userId' | 'scopes'>;

/** Saves a key and answers its text, which nobody sees again. 403 for more than the creator's own scopes, 409 for a key too many. */
export async function createApiKey(
  em: SqlEntityManager,
  request: z.output<typeof apiKeyRequestSchema>,
  creator: Creator,
  at: Date,
): Promise<{ view: ApiKeyView; text: string }> {
  refuseMoreScopes(request.scopes, creator.scopes);
  if ((await em.count(ApiKey, { revokedAt: null })) >= mostLiveKeys) {
    throw new Problem(409, 'limit_reached', `Expected at most ${mostLiveKeys} keys that aren't revoked, but there would be more`);
  }
  const { text, prefix, hash } = createApiKeyText();
  const row = em.create(ApiKey, {
    tenantId: creator.tenantId,
    name: request.name,
    prefix,
    keyHash: hash,
    role: request.role,
    scopes: request.scopes,
    createdBy: creator.userId,
    createdAt: at,
    expiresAt: request.expires_at === null ? null : new Date(request.expires_at),
    revokedAt: null,
    lastUsedAt: null,
  });
  await em.flush();
  return { view: apiKeyView(row), text };
}

export async function getApiKey(em: SqlEntityManager, id: number): Promise<ApiKeyView> {
  const row = await em.findOne(ApiKey, { id });
  if (!row) throw notFound();
  return apiKeyView(row);
}

export async function listApiKeys(em: SqlEntityManager, { limit, offset }: Page): Promise<{ items: ApiKeyView[]; total: number }> {
  const [rows, total] = await em.findAndCount(ApiKey, {}, { limit, offset, orderBy: { createdAt: 'desc', id: 'desc' } });
  return { items: rows.map(apiKeyView), total };
}

/** Ends a key at once. Again is no fault and changes nothing. */
export async function revokeApiKey(em: SqlEntityManager, id: number, at: Date): Promise<void> {
  const row = await em.findOne(ApiKey, { id });
  if (!row) throw notFound();
  row.revokedAt ??= at;
  await em.flush();
}

/** A key that may do little must not make one that may do more. */
function refuseMoreScopes(wanted: readonly string[] | null, own: readonly string[] | null): void {
  if (own === null || wanted?.every((scope) => own.includes(scope))) return;
  throw new Problem(403, 'scope_missing', `Expected no more than the creating key's scopes, ${own.join(', ')}`);
}

function apiKeyView(row: ApiKey): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    role: row.role as ApiKeyView['role'],
    scopes: row.scopes ?? null,
    created_by: row.createdBy ?? null,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
  };
}
