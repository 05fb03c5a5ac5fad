import { z } from 'zod';
import { apiKeyRequestSchema, apiKeySchema, createApiKey, getApiKey, listApiKeys, newApiKeySchema, revokeApiKey } from '../api-keys.ts';
import { listSchema, pageParameters } from '../pagination.ts';
import { defineRoute, type Route } from '../route.ts';

/** `/api-keys`: the keys of AUTH_MODE=api_key. */
export const apiKeyRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/api-keys',
    summary: 'Create an API key; its text is shown in this answer only',
    role: 'admin',
    body: apiKeyRequestSchema,
    status: 201,
    answer: newApiKeySchema,
    shownOnce: ['key'],
    handle: async ({ body, state }, { now }) => {
      const { view, text } = await createApiKey(state.em, body, state.identity, new Date(now()));
      return { body: { ...view, key: text }, headers: { Location: `/api/v1/api-keys/${view.id}` } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api-keys',
    summary: 'List API keys, the newest first; revoked ones stay',
    role: 'admin',
    query: z.strictObject(pageParameters),
    answer: listSchema(apiKeySchema),
    handle: async ({ query, state }) => ({ body: { ...(await listApiKeys(state.em, query)), ...query } }),
  }),
  defineRoute({
    method: 'get',
    path: '/api-keys/:keyId',
    summary: 'Read what is known of an API key',
    role: 'admin',
    answer: apiKeySchema,
    handle: async ({ params, state }) => ({ body: await getApiKey(state.em, params.keyId) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/api-keys/:keyId',
    summary: 'Revoke an API key, at once and for good',
    role: 'admin',
    status: 204,
    handle: async ({ params, state }, { now }) => {
      await revokeApiKey(state.em, params.keyId, new Date(now()));
      return { body: undefined };
    },
  }),
];
