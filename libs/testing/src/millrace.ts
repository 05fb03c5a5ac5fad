import {
  awaitDefinitionsApplied,
  createKafka,
  findUndrained,
  parseStackSettings,
  type ServiceName,
  type SmsSink,
  type SmsSinkOptions,
  type SmtpSink,
  serviceNames,
  startSmsSink,
  startSmtpSink,
} from '@millrace/demo';
import { deadLetterName, topics } from '@millrace/messages';
import { type CrmClient, connectCrm } from './crm-client.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { createInstallation, type Installation } from './installation.ts';
import { type Services, startServices } from './services.ts';
import { createTenantApi, type TenantApi, type WorkflowAnswer } from './tenant-api.ts';

export interface MillraceOptions {
  /** All five unless said. */
  services?: readonly ServiceName[];
  /** May hold or refuse what the SMS provider is asked. */
  onSmsRequest?: SmsSinkOptions['onRequest'];
  /** More settings for every service. */
  env?: Record<string, string>;
  /** Where the stack is; the one that tests run on unless said. */
  stackEnv?: Record<string, string | undefined>;
}

/** A whole Millrace on an installation of its own, with a CRM and providers of mail and texts. */
export interface Millrace extends AsyncDisposable {
  installation: Installation;
  services: Services;
  crm: CrmClient;
  mail: SmtpSink;
  sms: SmsSink;
  api(tenantId: string): TenantApi;
  /** Creates a workflow; resolved once events are matched against it. */
  publishWorkflow(tenantId: string, body: object): Promise<WorkflowAnswer>;
  /** Resolved once the matcher and the executor work by what the API has accepted until now. */
  definitionsApplied(): Promise<void>;
  /** Resolved once every event, command and log record until now has been dealt with. What waits for its time counts as dealt with. */
  drained(timeoutMs?: number): Promise<void>;
  /** How many records each dead-letter topic holds, by its origin's name; those that hold none are left out. */
  countDeadLetters(): Promise<Record<string, number>>;
}

/** Starts services on a fresh installation and waits until all are ready. */
export async function startMillrace(name: string, options: MillraceOptions = {}): Promise<Millrace> {
  await using starting = new AsyncDisposableStack();
  const installation = starting.use(await createInstallation(name, options.stackEnv));
  const mail = starting.use(await startSmtpSink());
  const sms = starting.use(await startSmsSink(options.onSmsRequest === undefined ? {} : { onRequest: options.onSmsRequest }));
  const apiPort = await freePort();
  const env = {
    ...installation.env,
    API_PORT: String(apiPort),
    SMTP_URL: mail.url,
    EMAIL_FROM: 'millrace@test.example',
    SMS_API_URL: sms.url,
    SMS_FROM: '+15550000000',
    ...options.env,
  };
  const stackSettings = parseStackSettings(env);
  const crm = starting.use(await connectCrm(stackSettings));
  const admin = createKafka(stackSettings, 'test-admin').admin();
  await admin.connect();
  starting.defer(() => admin.disconnect());
  const services = starting.use(await startServices(options.services ?? serviceNames, env));
  const { prefix, database } = installation;

  const definitionsApplied = async () => {
    await eventually(async () => {
      const [rows] = await database.pool.query('SELECT workflow_id FROM outbox_messages');
      if ((rows as unknown[]).length > 0) throw new Error(`Expected all changes to be relayed, but ${JSON.stringify(rows)} are not`);
    });
    for (const service of ['trigger-matcher', 'executor'] as const) {
      if (!services.names.includes(service)) continue;
      for (const { healthPort } of services.all(service)) {
        await awaitDefinitionsApplied(admin, `${prefix}workflow.definitions`, `http://127.0.0.1:${healthPort}`);
      }
    }
  };
  const api = (tenantId: string) => createTenantApi(`http://127.0.0.1:${apiPort}`, tenantId);
  const running = starting.move();
  return {
    installation,
    services,
    crm,
    mail,
    sms,
    api,
    definitionsApplied,
    async publishWorkflow(tenantId, body) {
      const workflow = await api(tenantId).createWorkflow(body);
      await definitionsApplied();
      return workflow;
    },
    drained: (timeoutMs = 30_000) =>
      eventually(
        async () => {
          const undrained = await findUndrained(admin, { topic: prefix, group: prefix });
          const lags = undrained.map(({ hop, lag }) => `${hop} has ${lag}`);
          if (lags.length > 0) throw new Error(`Expected no input to be left, but ${lags.join(', ')}`);
        },
        { timeoutMs },
      ),
    async countDeadLetters() {
      const counts: Record<string, number> = {};
      for (const { name } of Object.values(topics)) {
        const offsets = await admin.fetchTopicOffsets(`${prefix}${deadLetterName(name)}`);
        const count = offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
        if (count > 0) counts[name] = count;
      }
      return counts;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
