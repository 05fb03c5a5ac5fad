/**
 * Asks again until `assertion` no longer throws, and answers what it gives; throws its last error after `timeoutMs`
 * (20 s unless said). For what happens in another process; inside one, await the thing itself.
 */
export async function eventually<T>(assertion: () => T | Promise<T>, { timeoutMs = 20_000, everyMs = 50 } = {}): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
