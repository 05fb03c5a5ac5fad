import { tenantSettingsSchema } from '@millrace/workflow';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { getTenantSettings, replaceTenantSettings, type TenantSettingsView, tenantSettingsAnswerSchema } from '../tenant-settings.ts';
import { etagOf } from '../workflow-view.ts';

/** `/tenant-settings`: senders, time zone, redaction and limits. */
export const tenantSettingsRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/tenant-settings',
    summary: 'Read the tenant’s settings',
    role: 'viewer',
    answer: tenantSettingsAnswerSchema,
    handle: async ({ state }) => tagged(await getTenantSettings(state.em)),
  }),
  defineRoute({
    method: 'put',
    path: '/tenant-settings',
    summary: 'Replace the tenant’s settings; what is not named goes back to its default',
    role: 'admin',
    body: tenantSettingsSchema,
    ifMatch: true,
    answer: tenantSettingsAnswerSchema,
    handle: async ({ body, state, header }, { now }) => {
      const change = { identity: state.identity, ifMatch: header('if-match'), at: new Date(now()) };
      return tagged(await replaceTenantSettings(state.em, body, change));
    },
  }),
];

function tagged(settings: TenantSettingsView): Reply<TenantSettingsView> {
  return { body: settings, headers: { ETag: etagOf(settings.version) } };
}
