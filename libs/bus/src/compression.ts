import { promisify } from 'node:util';
import { gzip, unzip, zstdCompress, zstdDecompress } from 'node:zlib';
import { counter } from '@millrace/runtime';
import kafkajs from 'kafkajs';
import { inflateLz4 } from './compression/lz4.ts';
import { inflateSnappy } from './compression/snappy.ts';
import { UnreadableBatchError } from './compression/unreadable-batch-error.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** What a batch may inflate to: brokers bound only what is compressed, and a megabyte of that can be a gigabyte. */
export const mostInflatedBytes = 32 * 1024 * 1024;

const unreadable = counter('bus_unreadable_batches_total', 'batches of records that could not be inflated: their consumer stands still');

type Inflate = (bytes: Buffer) => Buffer | Promise<Buffer>;

const bound = { maxOutputLength: mostInflatedBytes };
const deflateGzip = promisify(gzip);
const deflateZstd = promisify(zstdCompress);
const inflateGzip = promisify(unzip);
const inflateZstd = promisify(zstdDecompress);

const reading = (codec: string, inflate: Inflate) => async (bytes: Buffer) => {
  try {
    return await inflate(bytes);
  } catch (error) {
    unreadable.add(1, { codec });
    if (error instanceof UnreadableBatchError) throw error;
    const reason =
      (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? `it has more than ${mostInflatedBytes} bytes` : 'it does not';
    throw new UnreadableBatchError(`Expected a batch that ${codec} inflates, but ${reason}`, { cause: error });
  }
};

const notWritten = (codec: string) => () => {
  throw new Error(`Expected records to be compressed by gzip or zstd, but got ${codec}`);
};

/** kafkajs itself reads gzip only, and whatever it inflates to; its consumer ends at records that it can't read. */
CompressionCodecs[CompressionTypes.GZIP] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => deflateGzip(buffer),
  decompress: reading('gzip', (bytes) => inflateGzip(bytes, bound)),
});
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => deflateZstd(buffer),
  decompress: reading('zstd', (bytes) => inflateZstd(bytes, bound)),
});
CompressionCodecs[CompressionTypes.Snappy] = () => ({
  compress: notWritten('snappy'),
  decompress: reading('snappy', (bytes) => inflateSnappy(bytes, mostInflatedBytes)),
});
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: notWritten('lz4'),
  decompress: reading('lz4', (bytes) => inflateLz4(bytes, mostInflatedBytes)),
});

/** The smallest that the codecs here give. */
export const densest = CompressionTypes.ZSTD;
