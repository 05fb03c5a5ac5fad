import { Agent, get } from 'node:http';

export interface Load {
  url: () => string;
  headers: Record<string, string>;
}

const connections = 16;

/** Asks over one pool of keep-alive connections, each as soon as its answer is there, and says how many answers came in a second. */
export async function requestsPerSecond({ url, headers }: Load, ms: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startedAt = performance.now();
  const until = startedAt + ms;
  let answers = 0;
  const worker = async () => {
    while (performance.now() < until) {
      await request(url(), headers, agent);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return (answers * 1_000) / (performance.now() - startedAt);
}

/**
 * How long an answer took to come whole, in ms. Throws for one that says no. A connection that was kept and that the server has closed meanwhile
 * is replaced.
 */
export async function request(url: string, headers: Record<string, string>, agent: Agent): Promise<number> {
  const startedAt = performance.now();
  while (!(await ask(url, headers, agent)));
  return performance.now() - startedAt;
}

/** False where it is to be asked again. */
function ask(url: string, headers: Record<string, string>, agent: Agent): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { headers, agent }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve(true);
        else reject(new Error(`Expected 200 from ${url}, but got ${response.statusCode}`));
      });
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(false);
      else reject(error);
    });
  });
}
