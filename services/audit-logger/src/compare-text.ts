/** The order of texts by their code units: that of a key of utf8mb4_bin, as far as ids, tenants, outcomes and names of arms go. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
