import { type FilterQuery, LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { ApiKey, ScheduledTask, Secret, Workflow, WorkflowTemplate } from '@millrace/db';
import { Problem } from '../problem.ts';
import { checkParameters, type PathParameter, pathParameters, type RawRequest, type Reply, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { type Answer, answerOf, withoutShownOnce } from './answer.ts';
import { recordChange } from './audit-entry.ts';
import { type AuditSubject, auditActionOf, createdSubject } from './audit-subject.ts';
import { type Claim, claim, createClaim, inFlight, keepAnswer, parseIdempotencyKey, release } from './idempotency-key.ts';

const noHashKey = Buffer.alloc(0);

/** A route that changes something, with what its changes are audited as. */
export interface ChangingRoute {
  route: Route;
  subject: AuditSubject | null;
}

/** A request to it; `path` is as it was called, below /api/v1. */
export interface ChangeRequest extends RawRequest {
  path: string;
}

/**
 * Runs a request that changes something: once for all its repeats under an Idempotency-Key, with an entry in the audit. A change of
 * rows, its entry and its kept answer commit together or not at all. An answer that says no has changed nothing and isn't kept.
 */
export async function runChange(changing: ChangingRoute, request: ChangeRequest, services: Services): Promise<Answer> {
  const { route } = changing;
  checkParameters(route, request);
  const key = route.method === 'post' ? parseIdempotencyKey(request.header('idempotency-key')) : null;
  if (key === null) return perform(changing, request, services, null);

  const { em, identity } = request.state;
  const name = `POST ${request.path}`;
  const mine = createClaim(
    { tenantId: identity.tenantId, route: name, key },
    [request.query, request.body],
    services.secretKeys?.[0] ?? noHashKey,
  );
  const outcome = await claim(em, mine);
  if (outcome.kind === 'in_flight') {
    if (route.knowsRepeats) return perform(changing, request, services, null);
    throw inFlight();
  }
  if (outcome.kind === 'answered') {
    const { answer } = outcome;
    return { ...answer, headers: { ...answer.headers, 'Idempotent-Replayed': 'true' } };
  }
  try {
    return await perform(changing, request, services, mine);
  } catch (error) {
    await release(em, mine).catch((failed: unknown) => request.state.logger.warn({ err: failed }, 'idempotency key not released'));
    throw error;
  }
}

function perform(changing: ChangingRoute, request: ChangeRequest, services: Services, mine: Claim | null): Promise<Answer> {
  return changing.route.changes === 'rows'
    ? changeRows(changing, request, services, mine)
    : sendMessages(changing, request, services, mine);
}

async function changeRows(changing: ChangingRoute, request: ChangeRequest, services: Services, mine: Claim | null): Promise<Answer> {
  const { route, subject } = changing;
  let definitionChanged = false;
  const inner = { ...services, onDefinitionChanged: () => (definitionChanged = true) };
  const answer = await request.state.em.transactional(async (em) => {
    const within = { ...request, state: { ...request.state, em: em as SqlEntityManager } };
    await lockSubject(within);
    const creates = route.status === 201;
    const before = creates ? null : await stateOf(subject, within, services);
    const reply = await route.run(within, inner);
    const created = creates ? createdSubject(reply) : null;
    await recordChange(within.state.em, request.state, {
      action: auditActionOf(route),
      resourceType: created?.type ?? subject?.type ?? 'unknown',
      resourceId: created?.id ?? idOf(subject, request),
      path: request.path,
      before,
      after: creates ? withoutShownOnce(route, reply).body : await stateOf(subject, within, services),
      at: new Date(services.now()),
    });
    const kept = mine === null || (await keepAnswer(within.state.em, mine, answerOf(route, withoutShownOnce(route, reply))));
    // The request that took the key over does the work, so this one's is undone.
    if (!kept) throw inFlight();
    return answerOf(route, reply);
  });
  if (definitionChanged) services.onDefinitionChanged();
  return answer;
}

/** What is sent can't be undone, but bears a repeat: its receivers know it again. So the entry and the kept answer come after it. */
async function sendMessages(
  { route, subject }: ChangingRoute,
  request: ChangeRequest,
  services: Services,
  mine: Claim | null,
): Promise<Answer> {
  const { em } = request.state;
  const reply = await route.run(request, services);
  if (route.changes === 'messages') await recordSending({ route, subject }, request, reply, services);
  const answer = answerOf(route, reply);
  if (mine) await keepAnswer(em, mine, answer);
  return answer;
}

async function recordSending(
  { route, subject }: ChangingRoute,
  request: ChangeRequest,
  reply: Reply<unknown>,
  services: Services,
): Promise<void> {
  const named = createdSubject(reply);
  await recordChange(request.state.em, request.state, {
    action: auditActionOf(route),
    resourceType: named?.type ?? subject?.type ?? 'unknown',
    resourceId: named?.id ?? idOf(subject, request),
    path: request.path,
    before: null,
    after: null,
    at: new Date(services.now()),
  });
}

const lockedBy = {
  workflowId: [Workflow, 'id'],
  taskId: [ScheduledTask, 'id'],
  templateId: [WorkflowTemplate, 'id'],
  keyId: [ApiKey, 'id'],
  secretName: [Secret, 'name'],
} as const;

/** Two changes of one thing take turns, so that what was before is what the one before it left. */
async function lockSubject({ params, state }: ChangeRequest): Promise<void> {
  const em = state.em.fork({ keepTransactionContext: true });
  for (const [parameter, [entity, property]] of Object.entries(lockedBy)) {
    const value = pathParameters[parameter as PathParameter].safeParse(params[parameter]);
    if (!value.success) continue;
    const where = { [property]: value.data } as FilterQuery<Workflow>;
    await em.findOne(entity as typeof Workflow, where, { fields: ['tenantId'], lockMode: LockMode.PESSIMISTIC_WRITE });
  }
}

/** The subject as its route reads it, past whatever the request's entity manager remembers. Null: there is none. */
async function stateOf(subject: AuditSubject | null, request: ChangeRequest, services: Services): Promise<unknown> {
  if (subject === null) return null;
  const em = request.state.em.fork({ keepTransactionContext: true });
  try {
    const { body } = await subject.read.run({ ...request, query: {}, body: undefined, state: { ...request.state, em } }, services);
    return body;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

function idOf(subject: AuditSubject | null, { params }: ChangeRequest): string | null {
  return subject?.parameter ? (params[subject.parameter] ?? null) : null;
}
