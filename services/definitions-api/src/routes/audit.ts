import { auditEntrySchema, auditQuerySchema, getAuditEntry, listAudit } from '../audit-list.ts';
import { listSchema } from '../pagination.ts';
import { defineRoute, type Route } from '../route.ts';

/** `/audit`: who changed what. */
export const auditRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/audit',
    summary: 'List changes, the newest first: who made them, what was before and after',
    role: 'admin',
    query: auditQuerySchema,
    answer: listSchema(auditEntrySchema),
    handle: async ({ query: { limit, offset, ...filters }, state }) => ({
      body: { ...(await listAudit(state.em, { limit, offset }, filters)), limit, offset },
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/audit/:entryId',
    summary: 'Read one change',
    role: 'admin',
    answer: auditEntrySchema,
    handle: async ({ params, state }) => ({ body: await getAuditEntry(state.em, params.entryId) }),
  }),
];
