import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { finished } from 'node:stream/promises';
import { findCommand, installCommand } from './commands.ts';
import { downloadsDir } from './project.ts';
import { StackError } from './stack-error.ts';

const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** What Maven fetches: jars with all they depend on, or an archive that is unpacked. */
export interface Artifact {
  label: string;
  folder: string;
  /** group:artifact:version[:packaging[:classifier]] */
  coordinates: string[];
  unpack: boolean;
}

/** The folder with the artifact's files; fetched at most once for all stacks of this checkout. */
export async function download(artifact: Artifact, log: (line: string) => void): Promise<string> {
  const target = `${downloadsDir}/${artifact.folder}`;
  if (existsSync(target)) return target;
  const maven = findCommand('mvn');
  if (maven === null) {
    const command = installCommand({ apt: 'maven', dnf: 'maven', brew: 'maven' });
    throw new StackError(
      `Maven is needed to fetch ${artifact.label}, but mvn was not found: install it with \`${command}\`, or start Docker.`,
    );
  }
  // Two stacks may fetch at once: each into a folder of its own, and the first to finish gives the name.
  const work = `${downloadsDir}/.${artifact.folder}-${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(`${work}/files`, { recursive: true });
  log(`fetching ${artifact.label} (once)`);
  const startedAt = performance.now();
  const progress = setInterval(() => log(`fetching ${artifact.label}: ${seconds(startedAt)} s${fetched(artifact)}`), 5_000);
  try {
    await runMaven(maven, artifact, work);
    try {
      renameSync(`${work}/files`, target);
    } catch (error) {
      if (!existsSync(target)) throw error;
    }
    log(`fetched ${artifact.label} in ${seconds(startedAt)} s`);
  } finally {
    clearInterval(progress);
    rmSync(work, { recursive: true, force: true });
  }
  return target;
}

async function runMaven(maven: string, artifact: Artifact, work: string): Promise<void> {
  writeFileSync(`${work}/pom.xml`, pom(artifact));
  const goal = artifact.unpack
    ? [`${plugin}:unpack`, `-Dartifact=${artifact.coordinates[0]}`, '-Dmdep.overWriteReleases=true']
    : [`${plugin}:copy-dependencies`, '-DincludeScope=runtime'];
  const logFile = `${downloadsDir}/${artifact.folder}.log`;
  const out = createWriteStream(logFile);
  const child = spawn(maven, ['-B', '-ntp', '-f', `${work}/pom.xml`, ...goal, `-DoutputDirectory=${work}/files`], {
    cwd: work,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  out.end();
  await finished(out);
  if (code === 0) return;
  const reason =
    readFileSync(logFile, 'utf8')
      .split('\n')
      .find((line) => line.includes('ERROR')) ?? `it ended with ${code}`;
  throw new StackError(`Expected Maven to fetch ${artifact.label}, but ${reason.trim()} (all of it in ${logFile}).`);
}

function pom(artifact: Artifact): string {
  const dependencies = artifact.unpack ? [] : artifact.coordinates.map((text) => text.split(':'));
  const list = dependencies.map(
    ([group, name, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>millrace</groupId><artifactId>stack</artifactId><version>1</version>
<dependencies>${list.join('\n')}</dependencies></project>\n`;
}

/** How much of an archive has arrived in Maven's own cache; nothing where that cannot be seen. */
function fetched(artifact: Artifact): string {
  const [group = '', name = '', version = ''] = (artifact.coordinates[0] ?? '').split(':');
  const files = globSync(`${homedir()}/.m2/repository/${group.replaceAll('.', '/')}/${name}/${version}/*`);
  const bytes = files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  return bytes > 1_000_000 ? `, ${Math.round(bytes / 1_000_000)} MB` : '';
}

function seconds(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 1000);
}
