import { z } from 'zod';
import { listSchema, pageParameters } from '../pagination.ts';
import { defineRoute, type Route } from '../route.ts';
import {
  createSecret,
  deleteSecret,
  getSecret,
  listSecrets,
  replaceSecret,
  secretReplacementSchema,
  secretRequestSchema,
  secretSchema,
} from '../secrets.ts';

/** `/secrets`: values that `http_request` actions may send to the hosts named with them. No answer ever holds one. */
export const secretRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/secrets',
    summary: 'Keep a secret; its value can be replaced, not read',
    role: 'admin',
    body: secretRequestSchema,
    status: 201,
    answer: secretSchema,
    handle: async ({ body, state }, { secretKeys, now }) => {
      const secret = await createSecret(state.em, secretKeys, body, state.identity, new Date(now()));
      return { body: secret, headers: { Location: `/api/v1/secrets/${secret.name}` } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/secrets',
    summary: 'List the names and hosts of secrets',
    role: 'editor',
    query: z.strictObject(pageParameters),
    answer: listSchema(secretSchema),
    handle: async ({ query, state }) => ({ body: { ...(await listSecrets(state.em, query)), ...query } }),
  }),
  defineRoute({
    method: 'get',
    path: '/secrets/:secretName',
    summary: 'Read what is known of a secret, but its value',
    role: 'editor',
    answer: secretSchema,
    handle: async ({ params, state }) => ({ body: await getSecret(state.em, params.secretName) }),
  }),
  defineRoute({
    method: 'put',
    path: '/secrets/:secretName',
    summary: 'Replace a secret’s value and hosts',
    role: 'admin',
    body: secretReplacementSchema,
    answer: secretSchema,
    handle: async ({ params, body, state }, { secretKeys, now }) => ({
      body: await replaceSecret(state.em, secretKeys, { name: params.secretName, ...body }, state.identity, new Date(now())),
    }),
  }),
  defineRoute({
    method: 'delete',
    path: '/secrets/:secretName',
    summary: 'Delete a secret; actions that use it fail from then on',
    role: 'admin',
    status: 204,
    handle: async ({ params, state }) => {
      await deleteSecret(state.em, params.secretName);
      return { body: undefined };
    },
  }),
];
