import { once } from 'node:events';
import { createServer } from 'node:net';
import { bringUpStack, deploy, projectRoot, timed } from './bring-up.ts';
import { startProviderSinks } from './provider-sinks.ts';
import { startSupervisor } from './supervisor.ts';

const say = (line: string) => console.log(line);

process.exitCode = await main();

async function main(): Promise<number> {
  const interrupted = new Promise<void>((resolve) => {
    let signals = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        signals += 1;
        if (signals > 1) process.exit(130);
        say(`${signal}: stopping; once more ends at once`);
        resolve();
      });
    }
  });
  try {
    await serve(interrupted);
    return 0;
  } catch (error) {
    console.error(`Millrace could not be started: ${(error as Error).message}`);
    return 1;
  }
}

/** Stack, deploy steps, sinks and services, until interrupted; then what was started is stopped, last first. */
async function serve(interrupted: Promise<void>): Promise<void> {
  const apiPort = Number(process.env.API_PORT || 8080);
  await checkPortIsFree(apiPort);
  await using resources = new AsyncDisposableStack();
  const stack = resources.use(await bringUpStack(say));
  const env = { ...process.env, ...stack.env };
  await deploy(env, say);
  const sinks = resources.use(await startProviderSinks(env, say));
  const logDir = `${projectRoot}/.millrace/services`;
  const supervisor = resources.use(
    await startSupervisor({ root: projectRoot, logDir, env: { ...stack.env, ...sinks.env, API_PORT: String(apiPort) }, log: say }),
  );
  const ready = timed('five services ready', say, () => supervisor.whenReady());
  if ((await Promise.race([ready.then(() => 'ready'), interrupted.then(() => 'interrupted')])) === 'interrupted')
    return void ready.catch(() => {});
  say(welcome(`http://127.0.0.1:${apiPort}`, { ...stack.env, ...sinks.env }, logDir));
  await interrupted;
}

function welcome(apiUrl: string, env: Record<string, string>, logDir: string): string {
  return `
Millrace is ready.
  API              ${apiUrl}/api/v1
  Kafka            ${env.KAFKA_BROKERS}
  schema registry  ${env.SCHEMA_REGISTRY_URL}
  database         ${env.DATABASE_URL?.replace(/\/\/.*@/, '//')}
  mail             ${env.SMTP_URL?.replace(/\/\/.*@/, '//')}
  texts            ${env.SMS_API_URL}
  logs             ${logDir}

Try it:
  curl -s -X POST ${apiUrl}/api/v1/workflows -H 'Content-Type: application/json' -H 'X-Tenant-ID: tenant-123' -d '{"name":"Greet '$(date +%s)'","enabled":true,"triggers":[{"trigger_type":"lead_created"}],"actions":[{"action_type":"add_tag","action_config":{"tag":"greeted"},"order":0}]}'
  curl -s ${apiUrl}/api/v1/workflows -H 'X-Tenant-ID: tenant-123'

Ctrl-C stops it.`;
}

async function checkPortIsFree(port: number): Promise<void> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(
      `Expected port ${port} to be free for the API, but ${(error as NodeJS.ErrnoException).code}. Stop what uses it, or choose another: API_PORT=8090 npm start`,
    );
  }
  server.close();
  await once(server, 'close');
}
