import type { SqlEntityManager } from '@mikro-orm/mysql';
import { Secret } from '@millrace/db';
import {
  type CompleteAction,
  type FaultPath,
  findActionType,
  formatPath,
  type JsonObject,
  type ScheduledTaskRequest,
  type SecretReference,
} from '@millrace/workflow';
import { invalid } from './problem.ts';

/** The secrets that the templates of actions name, those in arms too. Actions count in their order. */
export function secretsOfActions(actions: readonly CompleteAction[], path: FaultPath = ['actions']): SecretReference[] {
  return actions.flatMap(({ action_type: type, action_config: config, arms }, index) => {
    const at = [...path, index, 'action_config'];
    const places = findActionType(type)?.arms(config) ?? [];
    const below = arms.flatMap((arm) =>
      secretsOfActions(arm.actions, [...at, ...(places.find(({ name }) => name === arm.name)?.path ?? [])]),
    );
    return [...secretsOfConfig(type, config, at), ...below];
  });
}

/** The secrets that a scheduled task's action names. */
export function secretsOfTask({ type, config }: ScheduledTaskRequest): SecretReference[] {
  if (type !== 'action') return [];
  return secretsOfConfig(String(config.action_type), config.action_config as JsonObject, ['config', 'action_config']);
}

function secretsOfConfig(type: string, config: JsonObject, at: FaultPath): SecretReference[] {
  return (findActionType(type)?.secretsOf(config) ?? []).map(({ path, name }) => ({ path: [...at, ...path], name }));
}

/** Throws a 422 that names every place of a secret that the tenant doesn't have. */
export async function requireSecrets(em: SqlEntityManager, references: readonly SecretReference[]): Promise<void> {
  if (references.length === 0) return;
  const names = [...new Set(references.map(({ name }) => name))];
  const found = new Set((await em.find(Secret, { name: { $in: names } }, { fields: ['name'] })).map(({ name }) => name));
  const unknown = references.filter(({ name }) => !found.has(name));
  if (unknown.length === 0) return;
  throw invalid(
    unknown.map(({ path, name }) => ({
      path: formatPath(path),
      code: 'unknown_secret',
      message: `Expected a secret of the tenant, but ${JSON.stringify(name)} is none`,
    })),
  );
}
