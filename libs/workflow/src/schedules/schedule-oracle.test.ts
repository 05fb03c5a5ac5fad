import { describe, expect, test } from 'vitest';
import { type OracleRules, occurrencesOf } from '../../test/schedule-oracle.ts';
import { nextOccurrence, parseSchedule } from './schedule.ts';

/** Each zone over the three years in which its clocks did the most: dates skipped, changes twice a year, at midnight, by half an hour. */
const firstYearOf = {
  'America/New_York': 2024,
  'Europe/Berlin': 2024,
  'Europe/London': 2024,
  'America/Santiago': 2022,
  'Australia/Lord_Howe': 2024,
  'Africa/Casablanca': 2024,
  'Asia/Tehran': 2020,
  'America/Nuuk': 2022,
  'Antarctica/Troll': 2024,
  'Pacific/Apia': 2010,
  'Asia/Kolkata': 2024,
  'America/Sao_Paulo': 2017,
  'Africa/Cairo': 2022,
  'Asia/Kathmandu': 2024,
  'Pacific/Chatham': 2024,
};

const expressions = [
  '30 2 * * *',
  '15 1 * * *',
  '0 0 * * *',
  '45 23 * * SAT',
  '*/15 1-3 * * *',
  '20 */3 * * *',
  '0 9 * * MON-FRI',
  '0 12 L * *',
  '30 2 * * 0L',
  '30 2 * 3,11 SUN#2',
  '30 0 13 * 5',
  '15,45 30 0,2 1-7,25-31 3,4,9-12 *',
];

function occurrences(expression: string, zone: string, fromMs: number, toMs: number, rules?: OracleRules): number[] {
  const parsed = parseSchedule(expression, zone, rules);
  if (!parsed.ok) throw new Error(parsed.message);
  const instants: number[] = [];
  for (let at = nextOccurrence(parsed.schedule, fromMs); at !== null && at < toMs; at = nextOccurrence(parsed.schedule, at))
    instants.push(at);
  return instants;
}

/** The first occurrence in which two lists differ; null where there is none. */
function firstDifference(oracle: number[], ours: number[]): Record<'oracle' | 'ours', string> | null {
  const index = oracle.findIndex((instant, place) => ours[place] !== instant);
  if (index === -1 && oracle.length === ours.length) return null;
  const shown = (instants: number[]): string => {
    const instant = instants[index === -1 ? oracle.length : index];
    return instant === undefined ? 'none' : new Date(instant).toISOString();
  };
  return { oracle: shown(oracle), ours: shown(ours) };
}

describe('every occurrence of three years is the one of an independent oracle', () => {
  describe.each(Object.entries(firstYearOf))('%s from %i', (zone, year) => {
    const [fromMs, toMs] = [Date.UTC(year, 0, 1), Date.UTC(year + 3, 0, 1)];

    test.each(expressions)('%s', (expression) => {
      const expected = occurrencesOf(expression, zone, fromMs, toMs, { gap: 'shift', overlap: 'first' });

      expect(expected.length).toBeGreaterThan(5);
      expect(firstDifference(expected, occurrences(expression, zone, fromMs, toMs))).toBeNull();
    });
  });
});

describe('so is every occurrence under the other daylight-saving rules', () => {
  const rules: OracleRules[] = [
    { gap: 'skip', overlap: 'last' },
    { gap: 'shift', overlap: 'both' },
  ];
  const zones = [
    'America/New_York',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Antarctica/Troll',
    'Africa/Cairo',
    'Pacific/Apia',
  ] as const;

  test.each(zones.flatMap((zone) => rules.map((rule) => [zone, rule] as const)))('%s %j', (zone, rule) => {
    const [fromMs, toMs] = [Date.UTC(firstYearOf[zone], 0, 1), Date.UTC(firstYearOf[zone] + 3, 0, 1)];
    for (const expression of ['30 2 * * *', '0 0 * * *', '*/10 1 * * *', '0,30 0-3 * * *']) {
      const expected = occurrencesOf(expression, zone, fromMs, toMs, rule);

      expect(firstDifference(expected, occurrences(expression, zone, fromMs, toMs, rule))).toBeNull();
    }
  });
});
