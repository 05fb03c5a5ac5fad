import { mkdirSync } from 'node:fs';
import { registryAnswers } from './answers.ts';
import { download } from './download.ts';
import { findJava } from './java.ts';
import type { NativeServer, NativeSettings } from './native-server.ts';
import { checkPort } from './ports.ts';
import { type ServerProcess, startProcess } from './processes.ts';

const artifact = {
  label: 'Apicurio Registry 3.3.3 (159 MB)',
  folder: 'apicurio-registry-3.3.3',
  coordinates: ['io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all'],
  unpack: true,
};

/** Confluent's API is under this path. */
function registryUrl(port: number): string {
  return `http://127.0.0.1:${port}/apis/ccompat/v7`;
}

/** Apicurio Registry with its schemas in an H2 file. */
export function createRegistry({ dir, ports, log }: NativeSettings): NativeServer {
  const address = registryUrl(ports.registry);
  const home = `${dir}/registry`;
  const database = `jdbc:h2:file:${home}/schemas`;
  const server: ServerProcess = {
    label: 'The schema registry',
    pidFile: `${dir}/registry.pid`,
    logFile: `${dir}/registry.log`,
    mark: database,
  };
  return {
    server,
    address,
    answers: () => registryAnswers(address),
    check: () => checkPort('registry', ports),
    async launch() {
      const [java, app] = await Promise.all([findJava(21), download(artifact, log)]);
      mkdirSync(home, { recursive: true });
      startProcess(
        server,
        java,
        [
          '-Xmx384m',
          '-XX:+UseSerialGC',
          '-XX:TieredStopAtLevel=1',
          `-Dapicurio.datasource.url=${database}`,
          '-Dquarkus.http.host=127.0.0.1',
          `-Dquarkus.http.port=${ports.registry}`,
          '-Dquarkus.http.access-log.enabled=false',
          // Its management server is of no use here, but cannot be switched off: any port will do.
          '-Dquarkus.management.host=127.0.0.1',
          '-Dquarkus.management.port=0',
          '-jar',
          `${app}/quarkus-run.jar`,
        ],
        { cwd: home },
      );
    },
  };
}
