export interface PartitionKey {
  tenantId: string;
  entityType: string;
  entityId: string;
  /** Most partitions that one tenant's records may lie on. */
  spread: number;
  partitions: number;
}

/** FNV-1a over UTF-8 with murmur3's finaliser, unsigned 32 bits. Must never change: it decides where an entity's order is kept. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** All records of one entity lie on one partition, a tenant's on at most `spread` neighbouring ones. */
export function partitionFor({ tenantId, entityType, entityId, spread, partitions }: PartitionKey): number {
  const slots = Math.max(1, Math.min(spread, partitions));
  return (partitionForTenant(tenantId, partitions) + (hash32(`${entityType}\0${entityId}`) % slots)) % partitions;
}

export function partitionForTenant(tenantId: string, partitions: number): number {
  return hash32(tenantId) % partitions;
}
