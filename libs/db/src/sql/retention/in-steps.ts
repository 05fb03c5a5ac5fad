import { paced } from '@millrace/runtime';
import type { Chunk, Cursor } from './old-instances.ts';

/** Deletes step by step, with a rest after each, until nothing is left or the signal is aborted. Yields what each step did. */
export async function* inSteps(step: (from: Cursor | null) => Promise<Chunk>, signal?: AbortSignal): AsyncGenerator<Chunk> {
  for (let from: Cursor | null = null, isMore = true; isMore && !signal?.aborted; ) {
    const chunk: Chunk = await paced(() => step(from), signal);
    yield chunk;
    ({ next: from, isMore } = chunk);
  }
}
