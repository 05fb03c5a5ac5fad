import { type Role, roles } from '../state.ts';

const tenantPattern = /^[A-Za-z0-9._-]{1,64}$/;
const userPattern = /^[\x20-\x7e]{1,128}$/;

export function isTenantId(value: unknown): value is string {
  return typeof value === 'string' && tenantPattern.test(value);
}

export function isUserId(value: unknown): value is string {
  return typeof value === 'string' && userPattern.test(value);
}

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}
