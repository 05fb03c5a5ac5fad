import type { SqlEntityManager } from '@mikro-orm/mysql';
import { isDuplicateKey, Secret, type SecretKeys, sealSecret } from '@millrace/db';
import { z } from 'zod';
import { instant } from './answer-schema.ts';
import type { Page } from './pagination.ts';
import { notFound, Problem } from './problem.ts';
import type { Identity } from './state.ts';

const mostSecrets = 200;

const nameSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, {
  error: 'Expected 1 to 64 letters, digits and underscores that do not begin with a digit, but got another text',
});

/** The message quotes nothing: what is wrong with a value may be most of a secret. */
const valueSchema = z
  .string({ error: 'Expected a text of 1 to 8192 characters, but got something else' })
  .min(1, { error: 'Expected a text of 1 to 8192 characters, but it is empty' })
  .max(8192, { error: 'Expected a text of 1 to 8192 characters, but it is longer' })
  .refine((text) => !/[\r\n\0]/.test(text), { error: 'Expected a text without line breaks, but it has one' });

const hostSchema = z
  .string()
  .max(255)
  .transform((text) => text.trim().toLowerCase().replace(/:443$/, ''))
  .refine(isHost, { error: 'Expected a host such as "api.example.com" or "api.example.com:8443", but got another text' });

const hostsSchema = z.array(hostSchema).min(1).max(20);

const noObject = { error: 'Expected an object, but got something else' };

export const secretRequestSchema = z.strictObject({ name: nameSchema, value: valueSchema, hosts: hostsSchema }, noObject);
/** The value is asked for again, so that nobody sends a secret that he doesn't know to a host of his choice. */
export const secretReplacementSchema = z.strictObject({ value: valueSchema, hosts: hostsSchema }, noObject);

export const secretSchema = z.strictObject({
  name: z.string(),
  hosts: z.array(z.string()),
  version: z.number().int().positive(),
  created_by: z.string().nullable(),
  updated_by: z.string().nullable(),
  created_at: instant,
  updated_at: instant,
});

export type SecretView = z.output<typeof secretSchema>;
type Author = Pick<Identity, 'tenantId' | 'userId'>;

/** Seals and saves a new secret. 409 `name_taken` where the tenant has one of that name. */
export async function createSecret(
  em: SqlEntityManager,
  keys: SecretKeys | null,
  { name, value, hosts }: z.output<typeof secretRequestSchema>,
  author: Author,
  at: Date,
): Promise<SecretView> {
  const sealed = sealSecret(requireKeys(keys), { tenantId: author.tenantId, name }, value);
  if ((await em.count(Secret, {})) >= mostSecrets) {
    throw new Problem(409, 'limit_reached', `Expected at most ${mostSecrets} secrets, but there would be more`);
  }
  const row = em.create(Secret, {
    tenantId: author.tenantId,
    name,
    sealed,
    hosts,
    version: 1,
    createdBy: author.userId,
    updatedBy: author.userId,
    createdAt: at,
    updatedAt: at,
  });
  try {
    await em.flush();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new Problem(409, 'name_taken', 'Expected a name that no other secret of the tenant has, but it is taken', {
      errors: [{ path: 'name', code: 'name_taken', message: 'Expected a name that is free, but another secret has it' }],
    });
  }
  return secretView(row);
}

/** Puts another value and other hosts in its place. */
export async function replaceSecret(
  em: SqlEntityManager,
  keys: SecretKeys | null,
  { name, value, hosts }: z.output<typeof secretRequestSchema>,
  author: Author,
  at: Date,
): Promise<SecretView> {
  const usable = requireKeys(keys);
  const row = await em.findOne(Secret, { name });
  if (!row) throw notFound();
  row.sealed = sealSecret(usable, { tenantId: author.tenantId, name }, value);
  row.hosts = hosts;
  row.version += 1;
  row.updatedBy = author.userId;
  row.updatedAt = at;
  await em.flush();
  return secretView(row);
}

export async function getSecret(em: SqlEntityManager, name: string): Promise<SecretView> {
  const row = await em.findOne(Secret, { name });
  if (!row) throw notFound();
  return secretView(row);
}

export async function listSecrets(em: SqlEntityManager, { limit, offset }: Page): Promise<{ items: SecretView[]; total: number }> {
  const [rows, total] = await em.findAndCount(Secret, {}, { limit, offset, orderBy: { name: 'asc' } });
  return { items: rows.map(secretView), total };
}

export async function deleteSecret(em: SqlEntityManager, name: string): Promise<void> {
  if ((await em.nativeDelete(Secret, { name })) === 0) throw notFound();
}

function requireKeys(keys: SecretKeys | null): SecretKeys {
  if (keys) return keys;
  throw new Problem(
    409,
    'secrets_not_configured',
    'Expected SECRETS_KEY to be set where the API runs, but it is not: no secret can be kept',
  );
}

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/** A host and maybe a port, as an https URL would write them; no port is 443. */
function isHost(text: string): boolean {
  return hostPattern.test(text) && URL.canParse(`https://${text}/`) && new URL(`https://${text}/`).host === text;
}

function secretView(row: Secret): SecretView {
  return {
    name: row.name,
    hosts: row.hosts,
    version: row.version,
    created_by: row.createdBy ?? null,
    updated_by: row.updatedBy ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
