import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';

const { CompressionCodecs, CompressionTypes } = kafkajs;
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** kafkajs itself reads gzip only, and its consumer ends at records that it can't read. */
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => compress(buffer),
  decompress: (bytes: Buffer) => decompress(bytes),
});

/** The smallest that the codecs here give. */
export const densest = CompressionTypes.ZSTD;
