/** Runs one deploy step: what it says on stdout, or one line of why it failed and exit code 1. */
export async function runStep(name: string, step: () => Promise<string>): Promise<void> {
  try {
    console.log(`${name}: ${await step()}`);
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
