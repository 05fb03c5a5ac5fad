export { type LogItem, orderItems, splitItems } from './log-item.ts';
export { readLogItems } from './read-log-items.ts';
export { type Written, writeItems } from './write-items.ts';
