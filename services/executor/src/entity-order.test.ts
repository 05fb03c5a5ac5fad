import { expect, test } from 'vitest';
import { EntityOrder } from './entity-order.ts';

test('instances of one entity are created one after the other, in the order in which they entered', async () => {
  const order = new EntityOrder();
  const places = [order.enter('acme/lead/1'), order.enter('acme/lead/1'), order.enter('acme/lead/1')];
  const created: number[] = [];
  const creations = places.map(async (place, index) => {
    await place.before;
    created.push(index);
    place.pass();
  });
  await Promise.all(creations.toReversed());
  expect(created).toEqual([0, 1, 2]);
});

test('another entity does not wait', async () => {
  const order = new EntityOrder();
  order.enter('acme/lead/1');
  await expect(order.enter('acme/lead/2').before).resolves.toBeUndefined();
});
