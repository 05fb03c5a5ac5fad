import { fork } from 'node:child_process';
import { once } from 'node:events';
import http2 from 'node:http2';
import { createRequire } from 'node:module';
import { dataFolder, freePort, startServer, untilItWorks } from '../shared/child.mjs';
import { forEachAtRate, forEachOf, serveRounds } from '../shared/rounds.mjs';
import { createEvents } from '../shared/workload.mjs';

/**
 * W as a Restate service of three `ctx.run`: sent and not waited for (`/send`), so that accepting an event costs the least. Its log are the
 * journals, which the server keeps for a day, as it does unless told otherwise.
 *
 * The server's defaults are durable: the log server's write-ahead log is synced before a record counts as written
 * (`log-server.rocksdb-disable-wal-fsync = false`), and there is one replica. Changed are only the ports, the telemetry, the web page and what it
 * logs: other numbers of partitions than its 24 made no difference. Events are sent over HTTP/2, whose requests share a connection, 512 at
 * a time, without an idempotency key, which would cost each invocation another record. The service runs in a process of its own, beside a
 * sender in another.
 */
const inFlight = 512;

const program = createRequire(import.meta.url).resolve('@restatedev/restate-server-linux-x64/bin/restate-server');

const [node, ingress, admin, servicePort] = [await freePort(), await freePort(), await freePort(), await freePort()];
const settings = {
  RESTATE_DISABLE_TELEMETRY: 'true',
  RESTATE_LISTEN_MODE: 'tcp',
  // It asks GitHub for a newer version when it starts.
  RESTATE_LOG_FILTER: 'error,octocrab=off',
  RESTATE_ADMIN__DISABLE_WEB_UI: 'true',
};
const folder = dataFolder('restate');
const server = startServer(program, ['--base-dir', folder], {
  folder,
  abort: 'SIGKILL',
  env: {
    PATH: process.env.PATH,
    ...settings,
    RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
    RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
  },
});
const service = fork(new URL('service.mjs', import.meta.url), [String(servicePort)]);
await once(service, 'message');
const ask = async (question) => {
  service.send(question);
  const [answer] = await once(service, 'message');
  return answer;
};
const api = `http://127.0.0.1:${admin}`;
await untilItWorks(() => post(`${api}/deployments`, { uri: `http://127.0.0.1:${servicePort}` }));
const client = http2.connect(`http://127.0.0.1:${ingress}`);
// One that doesn't match: the ingress answers once it knows the service.
await untilItWorks(() => send({ event_type: 'none' }));
let sent = 0;

await serveRounds({
  settings: { ...settings, in_flight: inFlight },
  pids: { sender: process.pid, service: service.pid, server: server.pid },
  async run(events, name, perSecond) {
    const allEnded = ask({ ended: events, run: name });
    const all = createEvents(events, name);
    if (perSecond === undefined) await forEachOf(all, inFlight, send);
    else await forEachAtRate(all, perSecond, (event) => send({ ...event, sent_at_ms: performance.timeOrigin + performance.now() }));
    await allEnded;
    // Their ends are in the log by now, or about to be.
    while ((await count(`sys_invocation_status WHERE status <> 'completed'`)) > 0) {}
    sent += events;
  },
  latencies: (name) => ask({ latencies: true, run: name }),
  async check(events, name) {
    const faults = await ask({ faults: events, run: name });
    const completed = await count(`sys_invocation WHERE status = 'completed' AND completion_result = 'success'`);
    const steps = await count(`sys_journal WHERE entry_type = 'Command: Run'`);
    return [
      ...faults,
      ...(completed === sent + 1 ? [] : [`invocations completed in all rounds: ${completed}, expected ${sent + 1}`]),
      ...(steps === sent * 3 ? [] : [`steps recorded in all rounds: ${steps}, expected ${sent * 3}`]),
    ];
  },
});
client.close();
service.disconnect();
await server.stop('SIGTERM');

async function post(url, body) {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function count(what) {
  const { rows } = await post(`${api}/query`, { query: `SELECT COUNT(*) AS found FROM ${what}` });
  return rows[0].found;
}

/** Resolved once the server has accepted the event. */
function send(event) {
  return new Promise((done, refuse) => {
    const stream = client.request({ ':method': 'POST', ':path': '/W/run/send', 'content-type': 'application/json' });
    let status;
    stream.on('response', (headers) => {
      status = headers[':status'];
    });
    stream.on('error', refuse);
    stream.on('end', () => (status >= 200 && status < 300 ? done() : refuse(new Error(`the ingress answered ${status}`))));
    stream.resume();
    stream.end(JSON.stringify(event));
  });
}
