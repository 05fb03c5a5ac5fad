import { expect, test } from 'vitest';
import { readCommand } from './read-command.ts';

const benchmarks = { fast: {}, e2e: { sizes: { events: 10, rounds: 5 }, choices: { peers: ['one', 'two', 'three'] } } };
const read = (...args: string[]) => readCommand(benchmarks, args);

test('without arguments nothing is said: all benchmarks with their own sizes and choices', () => {
  expect(read()).toEqual({ names: [], json: false, sizes: new Map(), choices: new Map() });
});

test('names, sizes and choices come in any order', () => {
  expect(read('--peers', 'three,one', 'e2e', '--json', '--events=20')).toEqual({
    names: ['e2e'],
    json: true,
    sizes: new Map([['events', 20]]),
    choices: new Map([['peers', ['one', 'three']]]),
  });
  expect(read('--peers', 'none').choices).toEqual(new Map([['peers', []]]));
});

test.each([
  [['slow'], 'Expected names among fast, e2e, but got slow'],
  [['--events', '0'], 'Expected a whole number for --events, but got 0'],
  [['--events', '1e3'], 'Expected a whole number for --events, but got 1e3'],
  [['--peers', 'one,four'], 'Expected --peers among one, two, three, or none, but got four'],
  [['--peers', ''], 'Expected --peers among one, two, three, or none, but got '],
  [['--other', '1'], "Unknown option '--other'"],
])('%j is refused', (args, message) => {
  expect(() => read(...args)).toThrow(message);
});
