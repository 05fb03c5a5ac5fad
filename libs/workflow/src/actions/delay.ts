import { z } from 'zod';
import { parseDuration, parseMoment, shift } from '../conditions/moment.ts';
import { isTimezone } from '../schedules/local-time.ts';
import { type LocalWindow, nextInWindow, weekdayNames } from '../schedules/local-window.ts';
import { defineAction } from './define-action.ts';

const maxSeconds = 315_360_000;

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Expected a local time such as 09:30, but got another text')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

const weekdays = z
  .array(z.enum(weekdayNames))
  .min(1)
  .max(7)
  .transform((names) => new Set(names.map((name) => weekdayNames.indexOf(name))))
  .optional();

const signedDuration = z.string().refine((text) => parseDuration(text.replace(/^[+-]/, '')) !== undefined, {
  error: 'Expected an ISO 8601 duration such as P1D or -PT2H, but got another value',
});

export const delay = defineAction({
  type: 'delay',
  effect: 'engine',
  untemplated: ['time', 'window', 'weekdays', 'timezone'],
  schema: (fields) =>
    z
      .strictObject({
        seconds: z.number().int().min(0).max(maxSeconds).optional(),
        until: fields
          .text(64)
          .refine((text) => parseMoment(text) !== undefined, {
            message: 'Expected an ISO 8601 date, but got another text',
            params: { code: 'invalid_date' },
          })
          .optional(),
        offset: signedDuration.optional(),
        time: clock.optional(),
        window: z
          .strictObject({ from: clock, to: clock })
          .refine(({ from, to }) => from !== to, 'Expected from and to to differ, but they are the same')
          .optional(),
        weekdays,
        timezone: z
          .string()
          .refine(isTimezone, {
            error: 'Expected the name of an IANA time zone such as Europe/Berlin, but got another text',
            params: { code: 'invalid_timezone' },
          })
          .default('UTC'),
        on_past: z.enum(['run_now', 'skip', 'fail']).default('run_now'),
      })
      .refine(({ seconds, until, time, window }) => [seconds, until, time, window].filter((form) => form !== undefined).length === 1, {
        message: 'Expected exactly one of seconds, until, time and window, but got none or several',
        params: { code: 'one_form' },
      })
      .refine(({ until, offset }) => offset === undefined || until !== undefined, {
        path: ['offset'],
        message: 'Expected offset only beside until, but there is none',
        params: { code: 'one_form' },
      }),
  documentation: {
    summary: 'Waits: a number of seconds, until a date, or until a local time or window of days.',
    fields: {
      seconds: '0 to 315,360,000 (10 years).',
      until: 'An ISO 8601 date or date and time; usually a template.',
      offset: 'Beside until: an ISO 8601 duration after it, or before it with a minus, such as -P1D.',
      time: 'The next local time, such as 09:30.',
      window: 'Run at once inside {from, to} in local time, else when it opens next; from after to spans midnight.',
      weekdays: 'Beside time or window: mon to sun; default every day.',
      timezone: 'An IANA time zone; default UTC.',
      on_past: 'Where until has passed: run_now (the default), skip (the delay is recorded as skipped, reason past) or fail.',
    },
    example: { window: { from: '09:00', to: '17:00' }, weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'], timezone: 'Europe/Berlin' },
  },
});

/** What a rendered `delay` asks for. */
export interface DelayInput {
  seconds?: number | undefined;
  until?: string | undefined;
  offset?: string | undefined;
  time?: number | undefined;
  window?: { from: number; to: number } | undefined;
  weekdays?: ReadonlySet<number> | undefined;
  timezone: string;
}

/** When a delay that begins at an instant ends, in ms. In the past only for `until`. */
export function endOfDelay({ seconds, until, offset, time, window, weekdays: days, timezone }: DelayInput, nowMs: number): number {
  if (seconds !== undefined) return nowMs + seconds * 1_000;
  if (until !== undefined) {
    const untilMs = parseMoment(until) as number;
    const duration = offset === undefined ? undefined : parseDuration(offset.replace(/^[+-]/, ''));
    return duration === undefined ? untilMs : shift(untilMs, duration, offset?.startsWith('-') ? -1 : 1);
  }
  const local: LocalWindow = window === undefined ? { from: time as number, to: null } : window;
  return nextInWindow(local, days ?? null, timezone, nowMs);
}
