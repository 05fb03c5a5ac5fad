import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Telemetry } from './telemetry.ts';

export interface Readiness {
  ready: boolean;
  [detail: string]: unknown;
}

export interface HealthOptions {
  /** 127.0.0.1 unless said. */
  host?: string;
  /** 0 picks a free one. */
  port: number;
  /** False: the process should be restarted. */
  live?: () => boolean;
  ready: () => Promise<Readiness>;
  telemetry: Telemetry;
}

export interface Health extends AsyncDisposable {
  port: number;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Serves /health/live, /health/ready (200 or 503, and the readiness as JSON) and /metrics. */
export async function startHealth({ host = '127.0.0.1', port, live = () => true, ready, telemetry }: HealthOptions): Promise<Health> {
  const answerReady = async (response: ServerResponse) => {
    try {
      const readiness = await ready();
      answer(response, readiness.ready ? 200 : 503, readiness);
    } catch (error) {
      answer(response, 503, { ready: false, error: error instanceof Error ? error.message : String(error) });
    }
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, { error: 'method_not_allowed' });
    if (path === '/metrics') return telemetry.metricsHandler(request, response);
    if (path === '/health/ready') return void answerReady(response);
    if (path === '/health/live') {
      const alive = live();
      return answer(response, alive ? 200 : 503, { live: alive });
    }
    answer(response, 404, { error: 'not_found' });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
