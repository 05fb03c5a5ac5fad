export { createMillraceClient, type MillraceClient, type MillraceClientOptions } from './client.ts';
export type { components, operations, paths } from './generated.ts';
