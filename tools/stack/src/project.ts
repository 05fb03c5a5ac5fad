import { fileURLToPath } from 'node:url';

/** The checkout, and what all its stacks share. */
export const projectDir = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
export const downloadsDir = `${projectDir}/.millrace/downloads`;
export const defaultStackDir = `${projectDir}/.millrace/stack`;
