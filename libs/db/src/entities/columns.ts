import { p, Type } from '@mikro-orm/core';

/** A BINARY(16) column, seen as 32 lower-case hexadecimal digits. */
export class HexIdType extends Type<string, Buffer> {
  override convertToDatabaseValue(value: string | Buffer): Buffer {
    return typeof value === 'string' ? Buffer.from(value, 'hex') : value;
  }

  override convertToJSValue(value: string | Buffer): string {
    return typeof value === 'string' ? value : Buffer.from(value).toString('hex');
  }

  override getColumnType(): string {
    return 'binary(16)';
  }

  override get runtimeType(): string {
    return 'string';
  }
}

export const rowId = () => p.bigint('number').unsigned().autoincrement().primary();
export const foreignId = () => p.bigint('number').unsigned();
export const hexId = () => p.type(HexIdType).$type<string>();
export const tenantId = () => p.string().length(64);
export const at = () => p.datetime(3);
export const createdAt = () => p.datetime(3).defaultRaw('current_timestamp(3)');

/**
 * Every entity that belongs to a tenant carries this filter. It is on by default and throws where `tenantId` was not given
 * to the entity manager, so that a forgotten tenant fails closed.
 */
export const tenantFilter = {
  tenant: { name: 'tenant', cond: (args: Record<string, unknown>) => ({ tenantId: args.tenantId }), default: true },
};
