export { eventually } from './eventually.ts';
export { freePort } from './free-port.ts';
export { createInstallation, type Installation } from './installation.ts';
export { type ServiceProcess, startService } from './service-process.ts';
export { anEventView, aStart, sendCommands } from './start-command.ts';
export { readTopic, type TopicReader } from './topic-reader.ts';
export { insertWorkflow } from './workflow-builder.ts';
