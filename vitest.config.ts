import { defineConfig } from 'vitest/config';

const everywhere = ['libs', 'services', 'tools', 'test'].map((folder) => `${folder}/**`);
const outside = ['**/node_modules/**', '**/.millrace/**'];
const files = (ending: string) => everywhere.map((folder) => `${folder}/${ending}`);

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        test: {
          name: 'unit',
          include: files('*.test.ts'),
          exclude: [...outside, '**/*.integration.test.ts', '**/*.journey.test.ts'],
          // Property tests on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        test: { name: 'integration', include: files('*.integration.test.ts'), exclude: outside, testTimeout: 60_000, hookTimeout: 120_000 },
      },
      {
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.journey.test.ts'],
          exclude: outside,
          // A journey starts every service: one at a time.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
