export { nodeFlagsOf } from './node-flags.ts';
export type { PartName } from './part.ts';
export type { StackPorts } from './ports.ts';
export { freePorts } from './ports.ts';
export { defaultStackDir } from './project.ts';
export {
  killPart,
  openStack,
  type PartState,
  removeStack,
  type Stack,
  type StackOptions,
  stackEnv,
  stackStatus,
  startPart,
  startStack,
  stopPart,
  stopStack,
} from './stack.ts';
export { StackError } from './stack-error.ts';
