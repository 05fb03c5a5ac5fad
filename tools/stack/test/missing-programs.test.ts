import { chmodSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { download } from '../src/download.ts';
import { openStack, stackStatus } from '../src/index.ts';
import { findJava } from '../src/java.ts';
import { temporaryFolder } from './temporary-folder.ts';

afterEach(() => void vi.unstubAllEnvs());

/** A computer on whose PATH there are only these programs; each ends with its code. */
function onlyPrograms(programs: Record<string, number>): void {
  const folder = temporaryFolder();
  for (const [name, code] of Object.entries(programs)) {
    writeFileSync(`${folder}/${name}`, `#!/bin/sh\nexit ${code}\n`);
    chmodSync(`${folder}/${name}`, 0o755);
  }
  vi.stubEnv('PATH', folder);
  vi.stubEnv('JAVA_HOME', '');
}

test.each([
  [{ 'apt-get': 0, 'apt-cache': 0 }, 'sudo apt-get install -y openjdk-21-jre-headless'],
  [{ 'apt-get': 0, 'apt-cache': 100 }, "curl -s https://get.sdkman.io | bash && bash -ic 'sdk install java'"],
  [{ dnf: 0 }, 'sudo dnf install -y java-21-openjdk-headless'],
  [{}, 'brew install openjdk@21'],
])('with %j a Java that is missing is said with the command that installs it', async (programs, command) => {
  onlyPrograms(programs);
  const message = findJava(999).catch((error: Error) => error.message);
  expect(await message).toMatch(
    /^Java 999 or newer is needed, but none was found.*: install it with `[^`]+`, set JAVA_HOME, or start Docker\.$/,
  );
  expect(await message).toContain(`\`${command}\``);
});

test.each([
  [{ 'apt-get': 0 }, 'sudo apt-get install -y maven'],
  [{ dnf: 0 }, 'sudo dnf install -y maven'],
  [{}, 'brew install maven'],
])('with %j a Maven that is missing is said with the command that installs it', async (programs, command) => {
  onlyPrograms(programs);
  const artifact = { label: 'Apache Kafka', folder: 'never-fetched', coordinates: ['a:b:1'], unpack: false };
  await expect(download(artifact, () => {})).rejects.toThrow(
    `Maven is needed to fetch Apache Kafka, but mvn was not found: install it with \`${command}\`, or start Docker.`,
  );
});

test.each([
  [{}, 'it was not found: install it with `curl -fsSL https://get.docker.com | sh`'],
  [
    { docker: 1 },
    'its engine and its Compose plug-in do not answer: start it, or install it with `curl -fsSL https://get.docker.com | sh`',
  ],
  [{ brew: 0 }, 'it was not found: install it with `brew install --cask docker`'],
])('with %j a Docker that was asked for and is missing is said in one sentence', async (programs, what) => {
  onlyPrograms(programs);
  const stack = await openStack({ dir: temporaryFolder(), env: { STACK: 'docker' } });
  await expect(stackStatus(stack)).rejects.toThrow(`Docker is needed to run the stack in it, but ${what}, or set STACK=native.`);
});
