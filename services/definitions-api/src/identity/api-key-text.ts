import { createHash, randomBytes } from 'node:crypto';

export interface NewApiKey {
  /** What the caller gets to see once: `mlr_<prefix>_<secret>`. */
  text: string;
  /** What it is looked up by; tells nothing about the secret. */
  prefix: string;
  hash: Buffer;
}

const shape = /^mlr_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** A new key of 256 random bits. */
export function createApiKeyText(): NewApiKey {
  const prefix = randomBytes(8).toString('hex');
  const text = `mlr_${prefix}_${randomBytes(32).toString('base64url')}`;
  return { text, prefix, hash: hashApiKey(text) };
}

/** The prefix of what looks like a key, else null. */
export function prefixOfApiKey(text: string): string | null {
  return shape.exec(text)?.[1] ?? null;
}

/** One round suffices: a key has 256 random bits, there is nothing to guess. */
export function hashApiKey(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
