import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { TerminalError } from '@millrace/runtime';

/** The keys of an installation: the first seals, each opens what it has sealed, so that a new one can be put in front. */
export type SecretKeys = readonly [Buffer, ...Buffer[]];

/** Whose secret it is. Sealed in, so that a row copied to another tenant or name doesn't open. */
export interface SecretName {
  tenantId: string;
  name: string;
}

const format = 1;
const keyIdBytes = 4;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 1 + keyIdBytes + ivBytes + tagBytes;

/** AES-256-GCM with a fresh IV: format, key id, IV, tag, ciphertext. The same value never looks the same twice. */
export function sealSecret([key]: SecretKeys, secret: SecretName, value: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(associated(secret));
  const ciphertext = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(format), keyId(key), iv, cipher.getAuthTag(), ciphertext]);
}

/** The value. TerminalError `secret_unreadable` where it was altered, belongs to another name or tenant, or none of the keys sealed it. */
export function openSecret(keys: SecretKeys, secret: SecretName, sealed: Buffer): string {
  const key = keys.find((candidate) => keyId(candidate).equals(sealed.subarray(1, 1 + keyIdBytes)));
  if (!key || sealed[0] !== format || sealed.length < headBytes) throw unreadable(secret);
  const iv = sealed.subarray(1 + keyIdBytes, 1 + keyIdBytes + ivBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
    .setAAD(associated(secret))
    .setAuthTag(sealed.subarray(headBytes - tagBytes, headBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()]).toString('utf8');
  } catch {
    throw unreadable(secret);
  }
}

/** A key as settings have it: 32 bytes as base64 or as 64 hexadecimal digits; several separated by commas. Null where one is neither. */
export function parseSecretKeys(text: string): SecretKeys | null {
  const keys = text.split(',').map((part) => {
    const trimmed = part.trim();
    return /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
  });
  return keys.every((key) => key.length === 32) ? (keys as [Buffer, ...Buffer[]]) : null;
}

function keyId(key: Buffer): Buffer {
  return createHash('sha256').update('millrace secret key id').update(key).digest().subarray(0, keyIdBytes);
}

function associated({ tenantId, name }: SecretName): Buffer {
  return Buffer.from(JSON.stringify([tenantId, name]));
}

function unreadable({ name }: SecretName): TerminalError {
  return new TerminalError('secret_unreadable', `Expected the secret "${name}" to open with SECRETS_KEY, but it does not`);
}
