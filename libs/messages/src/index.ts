export { type Codec, createCodec } from './codec.ts';
export { customEventOf } from './custom-event.ts';
export { type EventView, eventView, type Json } from './event-view.ts';
export type * from './generated.ts';
export { actionKey, type InstanceOrigin, instanceId } from './identity.ts';
export { hash32, type PartitionKey, partitionFor, partitionForTenant } from './partitioner.ts';
export { type RegisteredSubject, registerSchemas } from './register-schemas.ts';
export type { RegistrySettings } from './registry.ts';
export { type CleanupPolicy, type Compatibility, deadLetterName, deadLetterTopic, type Topic, topics } from './topics.ts';
