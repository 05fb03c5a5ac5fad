/** Of one template: its length, that of one tag or output in it, values held in a render. Of a config's templates together: steps, output. */
export const limits = { templateLength: 64 * 1_024, nodeLength: 2_000, memory: 2_000_000, steps: 20_000, outputLength: 256 * 1_024 };
