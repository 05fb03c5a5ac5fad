import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { findCommand, installCommand, isExecutable, runCommand } from './commands.ts';
import { StackError } from './stack-error.ts';

const elsewhere = [
  '/usr/lib/jvm/*/bin/java',
  '/opt/java/*/bin/java',
  '/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java',
  `${process.env.HOME}/.sdkman/candidates/java/*/bin/java`,
];

/** The first Java of at least `oldest` among JAVA_HOME, PATH and the usual folders. */
export async function findJava(oldest: number): Promise<string> {
  const candidates = [
    process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : null,
    findCommand('java'),
    ...globSync(elsewhere).sort(),
  ];
  const seen: string[] = [];
  for (const java of candidates) {
    if (java === null || !isExecutable(java)) continue;
    const version = await majorVersion(java);
    if (version >= oldest) return java;
    seen.push(`${java} is ${version}`);
  }
  const found = seen.length > 0 ? ` (${[...new Set(seen)].join(', ')})` : '';
  const command = await javaInstallCommand();
  throw new StackError(
    `Java ${oldest} or newer is needed, but none was found${found}: install it with \`${command}\`, set JAVA_HOME, or start Docker.`,
  );
}

/** Debian 12 has no Java that is new enough; SDKMAN's is found among the usual folders. */
async function javaInstallCommand(): Promise<string> {
  const apt = 'openjdk-21-jre-headless';
  if (findCommand('apt-get') && !(await runCommand('apt-cache', ['show', apt])).ok) {
    return "curl -s https://get.sdkman.io | bash && bash -ic 'sdk install java'";
  }
  return installCommand({ apt, dnf: 'java-21-openjdk-headless', brew: 'openjdk@21' });
}

async function majorVersion(java: string): Promise<number> {
  const release = `${dirname(dirname(realpathSync(java)))}/release`;
  const text = existsSync(release) ? readFileSync(release, 'utf8') : (await runCommand(java, ['-version'])).output;
  const match = /(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)/.exec(text);
  return match === null ? 0 : Number(match[1]);
}
