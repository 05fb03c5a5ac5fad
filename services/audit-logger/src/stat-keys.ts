/** The order of texts in a key of utf8mb4_bin; tenants, outcomes and names of arms differ in no way that it would tell apart. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
