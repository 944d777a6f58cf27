// Loaded by mocha before any spec: one seed for everything random, and no promise may fail unheard.
import fc from 'fast-check';

const DEFAULT_SEED = 20260101;

/** Seed of this test run; set BRAGGSCAPE_TEST_SEED to repeat a run or to try another. */
const given = process.env.BRAGGSCAPE_TEST_SEED;
const seed = given === undefined || given === '' ? DEFAULT_SEED : Number(given);
if (!Number.isInteger(seed)) throw new Error(`BRAGGSCAPE_TEST_SEED is "${given}", must be an integer`);

fc.configureGlobal({ seed, numRuns: 100, endOnFailure: false });

/** Rejections that nobody awaited, with the suite failing at its end: a lost rejection is a lost assertion. */
const unhandled = new Set<unknown>();
process.on('unhandledRejection', (reason) => {
  unhandled.add(reason);
});

export const mochaHooks = {
  beforeAll(): void {
    process.stdout.write(`test seed ${seed} (BRAGGSCAPE_TEST_SEED)\n`);
  },
  async afterAll(): Promise<void> {
    // Node reports a rejection only after the microtasks have run dry.
    await new Promise((resolve) => setImmediate(resolve));
    if (unhandled.size > 0) {
      throw new AggregateError(unhandled, `unhandled rejections: ${[...unhandled].map(String).join('; ')}`);
    }
  },
};
