export { commandsDone } from './commands-done.ts';
export { type CrmClient, connectCrm } from './crm-client.ts';
export { aLeadCreated, aLeadScored, aTaskCompleted } from './crm-event-builder.ts';
export { type DeadLetter, type DeadLetters, readDeadLetters } from './dead-letters.ts';
export { eventually } from './eventually.ts';
export { type ExecutionLogRow, findCompletedActionKeys, findLogFaults, readExecutionLog } from './execution-log.ts';
export { freePort } from './free-port.ts';
export { createInstallation, type Installation } from './installation.ts';
export { useMillrace } from './journey.ts';
export { type KafkaProxy, kafkaRequests, startKafkaProxy } from './kafka-proxy.ts';
export { insertManyWorkflows } from './many-workflows.ts';
export { type Millrace, type MillraceOptions, startMillrace } from './millrace.ts';
export { readMetric } from './read-metric.ts';
export { type ServiceProcess, startService } from './service-process.ts';
export { type Services, startServices } from './services.ts';
export { anEventView, aStart, sendCommands } from './start-command.ts';
export { createSteppedClock, type SteppedClock } from './stepped-clock.ts';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export type {
  ActionExecutionAnswer,
  Answer,
  InstanceAnswer,
  InstanceDetail,
  ProblemAnswer,
  TenantApi,
  WorkflowAnswer,
} from './tenant-api.ts';
export { type FinishedTool, runTool } from './tool-process.ts';
export { readTopic, type TopicReader } from './topic-reader.ts';
export { moveWakeAt } from './wake-at.ts';
export { type ActionOverrides, insertVersion, insertWorkflow } from './workflow-builder.ts';
