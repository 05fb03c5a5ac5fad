/** Something that the user can put right; its message is one sentence that says how. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
