import { SchemaType } from '@kafkajs/confluent-schema-registry';
import { RetryableError, TerminalError } from '@millrace/runtime';
import avsc from 'avsc';
import './bounded-tap.ts';
import { connectClient, type RegistrySettings, requestRegistry, subjectOf, unavailable } from './registry.ts';
import { readSchema } from './schema-files.ts';
import type { Topic } from './topics.ts';

export interface Codec {
  /**
   * At once when the topic's schema id is known; else it is looked up first. Throws RetryableError `registry_unavailable` or
   * `schema_not_registered`, TerminalError `unencodable` where the value doesn't fit the schema.
   */
  encode<T>(topic: Topic<T>, value: T): Buffer | Promise<Buffer>;
  /**
   * At once when the writer's schema is known. Throws TerminalError `undecodable` for bytes that never will be read (empty, wrong magic,
   * unknown id, truncated, trailing bytes, a schema that doesn't fit), RetryableError `registry_unavailable` when it can't be told.
   */
  decode<T>(topic: Topic<T>, bytes: Buffer | null): T | Promise<T>;
}

type Resolver = ReturnType<avsc.Type['createResolver']>;
/** How bytes of a writer's schema are read; undefined: as they are, the schemas are the same. */
type Resolution = Resolver | undefined | TerminalError;
type Reader = { type: avsc.Type; resolutions: Map<number, Resolution> };

const headerBytes = 5;
const unknownForMs = 30_000;
const mostUnknownIds = 1_000;

function undecodable(message: string, cause?: unknown): TerminalError {
  return new TerminalError('undecodable', message, { cause });
}

/**
 * avsc 5.7.9 remembers a pair of records before it has compared them, also where it then finds that they don't fit, and takes the broken
 * resolver where the same pair comes up in another union. Only pairs of one name can fit here: schemas/ has no aliases.
 */
function createResolver(reader: avsc.Type, writer: avsc.Type): Resolver | undefined {
  if (reader.equals(writer)) return undefined;
  const fitting = new Proxy<Record<string, unknown>>(
    {},
    {
      set(known, pair, resolver) {
        const [readerName, writerName] = String(pair).split(':');
        if (readerName === writerName) known[String(pair)] = resolver;
        return true;
      },
    },
  );
  return reader.createResolver(writer, { registry: fitting } as never);
}

/** Confluent's wire format: byte 0, the writer's schema id as int32, the Avro body. */
export function createCodec(settings: RegistrySettings): Codec {
  const client = connectClient(settings);
  const readers = new Map<string, Reader>();
  const schemaIds = new Map<string, number>();
  const unknownIds = new Map<number, number>();
  const lookups = new Map<string | number, Promise<unknown>>();

  const readerOf = (topic: Topic<unknown>): Reader => {
    const known = readers.get(topic.schemaFile);
    if (known !== undefined) return known;
    const reader: Reader = { type: avsc.Type.forSchema(readSchema(topic.schemaFile).schema), resolutions: new Map() };
    readers.set(topic.schemaFile, reader);
    return reader;
  };

  const once = <T>(key: string | number, look: () => Promise<T>): Promise<T> => {
    const running = lookups.get(key) as Promise<T> | undefined;
    if (running !== undefined) return running;
    const lookup = look().finally(() => lookups.delete(key));
    lookups.set(key, lookup);
    return lookup;
  };

  const lookUpId = async (topic: Topic<unknown>): Promise<number> => {
    const subject = subjectOf(topic, settings.topicPrefix);
    try {
      const id = await client.getRegistryIdBySchema(subject, { type: SchemaType.AVRO, schema: readSchema(topic.schemaFile).text });
      schemaIds.set(topic.name, id);
      return id;
    } catch (error) {
      if ((error as Error).name !== 'ConfluentSchemaRegistryError') throw unavailable(error);
      throw new RetryableError(
        'schema_not_registered',
        `Expected schemas/${topic.schemaFile} to be registered under ${subject}, but it is not`,
        { cause: error },
      );
    }
  };

  const lookUpWriter = async (id: number): Promise<avsc.Type> => {
    const { status, body } = await requestRegistry(settings, `/schemas/ids/${id}`);
    if (status === 404) {
      if (unknownIds.size >= mostUnknownIds) unknownIds.clear();
      unknownIds.set(id, performance.now() + unknownForMs);
      throw undecodable(`Expected a known schema id, but ${id} is unknown`);
    }
    const { schema, schemaType = 'AVRO' } = (body ?? {}) as { schema?: string; schemaType?: string };
    if (status !== 200 || schema === undefined) throw unavailable(new Error(`schema ${id}: ${status}`));
    if (schemaType !== 'AVRO') throw undecodable(`Expected schema ${id} to be Avro, but it is ${schemaType}`);
    return avsc.Type.forSchema(JSON.parse(schema) as avsc.Schema);
  };

  const read = <T>(reader: Reader, resolution: Resolution, bytes: Buffer): T => {
    if (resolution instanceof TerminalError) throw resolution;
    try {
      return reader.type.fromBuffer(bytes.subarray(headerBytes), resolution) as T;
    } catch (error) {
      throw undecodable(`Expected bytes that fit their schema, but: ${(error as Error).message}`, error);
    }
  };

  const resolve = async (reader: Reader, id: number) => {
    const writer = await once(id, () => lookUpWriter(id));
    let resolution: Resolution;
    try {
      resolution = createResolver(reader.type, writer);
    } catch (error) {
      resolution = undecodable(`Expected schema ${id} to be readable as ${reader.type.name}, but: ${(error as Error).message}`, error);
    }
    reader.resolutions.set(id, resolution);
    return resolution;
  };

  const write = (topic: Topic<unknown>, type: avsc.Type, id: number, value: unknown): Buffer => {
    try {
      const body = type.toBuffer(value);
      const bytes = Buffer.allocUnsafe(headerBytes + body.length);
      bytes[0] = 0;
      bytes.writeInt32BE(id, 1);
      body.copy(bytes, headerBytes);
      return bytes;
    } catch (error) {
      throw new TerminalError('unencodable', `Expected a value that fits schemas/${topic.schemaFile}, but: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };

  return {
    encode(topic, value) {
      const { type } = readerOf(topic);
      const id = schemaIds.get(topic.name);
      if (id !== undefined) return write(topic, type, id, value);
      return once(topic.name, () => lookUpId(topic)).then((found) => write(topic, type, found, value));
    },
    decode<T>(topic: Topic<T>, bytes: Buffer | null): T | Promise<T> {
      if (bytes === null || bytes.length <= headerBytes) throw undecodable('Expected a record, but it is empty or too short');
      if (bytes[0] !== 0) throw undecodable(`Expected magic byte 0, but it is ${bytes[0]}`);
      const id = bytes.readInt32BE(1);
      const reader = readerOf(topic);
      if (reader.resolutions.has(id)) return read<T>(reader, reader.resolutions.get(id), bytes);
      const unknownUntil = unknownIds.get(id);
      if (unknownUntil !== undefined && performance.now() < unknownUntil)
        throw undecodable(`Expected a known schema id, but ${id} is unknown`);
      return resolve(reader, id).then((found) => read<T>(reader, found, bytes));
    },
  };
}
