import type { CrmCommand, LeadCreated } from '@millrace/messages';
import {
  aLeadCreated,
  eventually,
  type InstanceDetail,
  type Millrace,
  moveWakeAt,
  type TenantApi,
  type TopicReader,
} from '@millrace/testing';
import { expect } from 'vitest';
import type { World } from './world.ts';

/** One way through Millrace: a workflow for new leads, and what its instance is to have been through by the API's log. */
export interface Journey {
  name: string;
  actions: (setting: Setting) => object[];
  /** More of the workflow. */
  workflow?: object;
  /** Of the lead that starts it. */
  lead?: Partial<LeadCreated>;
  /** Makes what the actions name, before they are saved. */
  ahead?: (setting: Setting) => Promise<void>;
  /** What happens while it runs. */
  meanwhile?: (underway: Underway) => Promise<void>;
  /** Each entry as `type action reason`, what is missing left out. */
  log: readonly string[];
  check?: (underway: Underway) => void | Promise<void>;
}

export interface Setting {
  tenantId: string;
  api: TenantApi;
  world: World;
  /** Ids that `ahead` leaves for the actions. */
  ids: Record<string, number>;
}

interface Entry {
  type: string;
  action_name: string | null;
  reason: string | null;
  error_code: string | null;
}

/** What all journeys of a file share. */
export interface Stage {
  millrace: Millrace;
  world: World;
  commands: TopicReader<CrmCommand>;
}

/** A journey that has begun. */
export class Underway implements Setting {
  readonly journey: Journey;
  readonly tenantId: string;
  readonly api: TenantApi;
  readonly ids: Record<string, number> = {};
  readonly #stage: Stage;
  workflowId = 0;
  #posted = 0;
  #beganAtMs: number | undefined;
  #meanwhile: Promise<void> = Promise.resolve();

  constructor(journey: Journey, tenantId: string, stage: Stage) {
    this.journey = journey;
    this.tenantId = tenantId;
    this.api = stage.millrace.api(tenantId);
    this.#stage = stage;
  }

  get world(): World {
    return this.#stage.world;
  }

  get millrace(): Millrace {
    return this.#stage.millrace;
  }

  /** Saves the workflow. */
  async prepare(): Promise<void> {
    await this.journey.ahead?.(this);
    this.workflowId = (await this.api.createWorkflow(this.body())).id;
  }

  body(overrides: object = {}): object {
    const triggers = [{ trigger_type: 'lead_created' }];
    return { name: this.journey.name, triggers, actions: this.journey.actions(this), ...this.journey.workflow, ...overrides };
  }

  /** The event that starts it, the same each time. */
  event() {
    this.#beganAtMs ??= Date.now();
    const lead = { email: `ada@${this.tenantId}.example`, ...this.journey.lead };
    const of = {
      tenant_id: this.tenantId,
      event_id: `${this.tenantId}-created`,
      entity_id: 'lead-1',
      occurred_at: this.#beganAtMs,
    };
    return aLeadCreated(of, lead);
  }

  /** Lets happen what happens meanwhile; `over` says when it has, and throws what it threw. */
  begin(): void {
    this.#meanwhile = Promise.resolve(this.journey.meanwhile?.(this));
    this.#meanwhile.catch(() => undefined);
  }

  over(): Promise<void> {
    return this.#meanwhile;
  }

  instance(): Promise<InstanceDetail> {
    return eventually(async () => {
      const [found] = await this.api.instances(this.workflowId);
      expect(found).toBeDefined();
      return this.api.instance(this.workflowId, found?.id ?? '');
    });
  }

  /** The instance once it is as expected. */
  when(expected: object): Promise<InstanceDetail> {
    return eventually(async () => {
      const instance = await this.instance();
      expect(instance).toMatchObject(expected);
      return instance;
    });
  }

  /** Ends what it waits for, without the time that it takes. */
  async skipTime(waitingFor: string): Promise<InstanceDetail> {
    const instance = await this.when({ waiting_for: waitingFor });
    await moveWakeAt(this.millrace.installation, instance.id);
    return instance;
  }

  /** An event about its lead, as the CRM posts one. */
  async post(event_type: string, data: object): Promise<void> {
    const event = { event_id: `${this.tenantId}-${++this.#posted}`, event_type, entity_type: 'lead', entity_id: 'lead-1', data };
    expect((await this.api.request('POST', '/events', { body: event })).status).toBe(202);
  }

  /** Asks for something of its instance: `cancel` or `retry`. */
  async ask(what: string, body: object = {}): Promise<void> {
    const { id } = await this.instance();
    expect((await this.api.request('POST', `/workflows/${this.workflowId}/instances/${id}/${what}`, { body })).status).toBe(202);
  }

  /** The log once it begins as the journey says. */
  log(): Promise<string[]> {
    const { log } = this.journey;
    return eventually(async () => {
      const entries = await this.#entries();
      expect(entries.slice(0, log.length)).toEqual(log);
      return entries;
    });
  }

  /** Resolved once the log has this entry. */
  async logged(entry: string): Promise<void> {
    await eventually(async () => expect(await this.#entries()).toContain(entry));
  }

  async #entries(): Promise<string[]> {
    const { id } = await this.instance();
    const answer = await this.api.request<{ items: Entry[] }>('GET', `/workflows/${this.workflowId}/instances/${id}/log?limit=200`);
    return answer.body.items.map(({ type, action_name, reason, error_code }) =>
      [type, action_name, reason ?? error_code].filter((part) => part !== null).join(' '),
    );
  }

  /** What the CRM was told, each as its kind and content. */
  async told(): Promise<[string, Record<string, unknown>][]> {
    const own = (await this.#stage.commands.values()).filter(({ tenant_id }) => tenant_id === this.tenantId);
    return own.flatMap(({ command }) => Object.entries(command) as unknown as [string, Record<string, unknown>][]);
  }

  /** The tags that the CRM was told to add. */
  async tags(): Promise<unknown[]> {
    return (await this.told()).flatMap(([kind, { tag }]) => (kind === 'millrace.AddTag' ? [tag] : []));
  }
}
