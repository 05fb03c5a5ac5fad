// First: it takes the places of modules of kafkajs before that is loaded.
import './kafkajs-encoding.ts';

export { type AppliedTopics, type ApplyTopicsOptions, applyTopics } from './apply-topics.ts';
export { type Assignment, createAssignment, type HeldAssignment } from './assignment.ts';
export { type Bus, type BusOptions, connectBus } from './bus.ts';
export { type CompactedReader, type CompactedReaderOptions, type CompactedRecordRef, readCompacted } from './compacted-reader.ts';
export { type Consumer, type ConsumerOptions, type StopOptions, startConsumer } from './consumer.ts';
export { type DeadLetterLabels, labelDeadLetter, readDeadLetterLabels, withoutDeadLetterLabels } from './dead-letter-labels.ts';
export { createOffsetTracker, type OffsetTracker, type PartitionOffset } from './offset-tracker.ts';
export { type Headers, headerText, type InRecord, type OutRecord } from './record.ts';
export { type BusConfig, busSettings, type ClusterOptions, clusterOptions, registryOptions } from './settings.ts';
