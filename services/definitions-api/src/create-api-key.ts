// npm run api-key -- --tenant acme --name "First key" [--role admin]
// Makes an API key where there is none yet to make one with, and prints it: it is shown nowhere else.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { connectDatabase, databaseSettings } from '@millrace/db';
import { ConfigError, parseConfig } from '@millrace/runtime';
import { z } from 'zod';
import { apiKeyRequestSchema, createApiKey } from './api-keys.ts';
import { recordChange } from './changes/audit-entry.ts';
import { isTenantId } from './identity/identity-values.ts';

const { values } = parseArgs({
  options: { tenant: { type: 'string' }, name: { type: 'string' }, role: { type: 'string', default: 'admin' } },
});
const settingsSchema = z.object({
  ...databaseSettings,
  tenant: z.string().refine(isTenantId, { error: 'Expected 1 to 64 of A–Z, a–z, 0–9, ".", "_", "-"' }),
  name: apiKeyRequestSchema.shape.name,
  role: apiKeyRequestSchema.shape.role,
});

async function createKey(): Promise<string> {
  const { tenant, name, role, ...settings } = parseConfig(settingsSchema, { ...process.env, ...values });
  await using database = await connectDatabase({ url: settings.DATABASE_URL, ssl: settings.DATABASE_SSL, poolSize: 1 });
  const em = (await database.orm()).em.fork();
  em.setFilterParams('tenant', { tenantId: tenant });
  const identity = { tenantId: tenant, userId: null, role: 'admin', scopes: null, authenticatedBy: 'shell' } as const;
  // Awaited here: the database is disposed of at the return.
  return await em.transactional(async (inTransaction) => {
    const rows = inTransaction as SqlEntityManager;
    const at = new Date();
    const { view, text } = await createApiKey(rows, apiKeyRequestSchema.parse({ name, role }), identity, at);
    const change = {
      action: 'create',
      resourceType: 'api_key',
      resourceId: String(view.id),
      path: '/api-keys',
      before: null,
      after: view,
      at,
    };
    await recordChange(rows, { identity, requestId: randomUUID() }, change);
    return text;
  });
}

try {
  console.log(await createKey());
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
