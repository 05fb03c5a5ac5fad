export interface Stack {
  dir: string;
}
export async function startStack(_o: { dir: string; ports?: 'free'; log: (line: string) => void }): Promise<Stack> {
  throw new Error('not yet');
}
export async function stopStack(_s: Stack): Promise<void> {}
export function stackEnv(_s: Stack): Record<string, string> {
  return {};
}
