import { type PartName, partNames } from './part.ts';
import { defaultStackDir } from './project.ts';
import { openStack, removeStack, type Stack, stackEnv, stackStatus, startStack, stopStack } from './stack.ts';
import { StackError } from './stack-error.ts';

const usage = 'usage: npm run stack -- up | down | status | reset | logs [kafka | registry | database] | env';
const log = (line: string) => console.error(`stack: ${line}`);
const options = { dir: process.env.STACK_DIR || defaultStackDir, log };

const commands: Record<string, (args: string[]) => Promise<void>> = {
  async up() {
    const stack = await startStack(options);
    log(`up (${stack.kind}); its data and logs are in ${stack.dir}`);
    printEnv(stack);
  },
  async down() {
    const stack = await openStack(options);
    await stopStack(stack);
    const isElsewhere = partNames.every((name) => stack.parts[name].runsElsewhere);
    log(isElsewhere ? 'nothing to stop: all of it runs elsewhere' : 'down; its data stay');
  },
  async status() {
    const stack = await openStack(options);
    const states = await stackStatus(stack);
    for (const name of partNames) console.log(`${name.padEnd(10)}${states[name].padEnd(11)}${stack.parts[name].address}`);
    if (Object.values(states).some((state) => state !== 'answering')) process.exitCode = 1;
  },
  async reset() {
    await removeStack(await openStack(options));
    log('removed, with its data');
  },
  async logs(args) {
    const stack = await openStack(options);
    const wanted = args.length > 0 ? args.map(partName) : [...partNames];
    for (const name of wanted) console.log(`== ${name}\n${await stack.parts[name].logs(wanted.length > 1 ? 20 : 200)}`);
  },
  async env() {
    printEnv(await openStack(options));
  },
};

function printEnv(stack: Stack): void {
  for (const [name, value] of Object.entries(stackEnv(stack))) console.log(`${name}=${value}`);
}

function partName(text: string): PartName {
  const name = partNames.find((candidate) => candidate === text);
  if (name === undefined) throw new StackError(`Expected one of ${partNames.join(', ')}, but "${text}" is none.`);
  return name;
}

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
try {
  if (command === undefined) throw new StackError(usage);
  await command(args);
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  log(error.message);
  process.exitCode = 1;
}
