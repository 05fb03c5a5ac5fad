import { parseConfig } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { databaseSettings } from './index.ts';

const schema = z.object(databaseSettings);

test.each(['mysql://a:b@db:3306/millrace', 'mariadb://a@db/millrace'])('%s is a database', (url) => {
  expect(parseConfig(schema, { DATABASE_URL: url })).toEqual({ DATABASE_URL: url, DATABASE_SSL: false });
});

test.each(['postgres://a:b@db/millrace', 'mysql://a:b@db:3306/', 'mysql://a:b@db', 'db:3306'])('%s is refused by name', (url) => {
  expect(() => parseConfig(schema, { DATABASE_URL: url })).toThrow(
    'DATABASE_URL: Expected a URL like mysql://user:password@host:port/database',
  );
});

test('a database that is not given is missed by name', () => {
  expect(() => parseConfig(schema, {})).toThrow('DATABASE_URL: ');
});
