import { expect, test } from 'vitest';
import { EntityOrder } from './entity-order.ts';

const entity = 'acme/lead/1';

test('instances of one entity are created one after the other, in the order in which they entered', async () => {
  const order = new EntityOrder();
  const places = ['a', 'b', 'c'].map((id) => order.enter(entity, 1, id));
  const created: number[] = [];
  const creations = places.map(async (place, index) => {
    expect(await place.before).toBe(true);
    created.push(index);
    place.pass();
  });
  await Promise.all(creations.toReversed());
  expect(created).toEqual([0, 1, 2]);
});

test('another entity does not wait, nor does another assignment', async () => {
  const order = new EntityOrder();
  order.enter(entity, 1, 'a');
  await expect(order.enter('acme/lead/2', 1, 'b').before).resolves.toBe(true);
  await expect(order.enter(entity, 2, 'a').before).resolves.toBe(true);
});

test('an instance that comes twice has one place, which does not wait for itself', async () => {
  const order = new EntityOrder();
  const first = order.enter(entity, 1, 'a');
  expect(order.enter(entity, 1, 'a')).toBe(first);
  first.pass();
  expect(order.enter(entity, 1, 'a')).not.toBe(first);
});

test('behind one that was given up none is made', async () => {
  const order = new EntityOrder();
  const [first, second, third] = ['a', 'b', 'c'].map((id) => order.enter(entity, 1, id));
  first?.giveUp();
  first?.pass();
  expect(await second?.before).toBe(false);
  expect(await third?.before).toBe(false);
});
