import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { checkPort, configuredPorts, freePorts, type StackPorts } from '../src/ports.ts';

test('the usual ports are taken unless settings say others', () => {
  expect(configuredPorts({})).toEqual({ kafka: 19092, kafkaController: 19093, registry: 18081, database: 13306 });
  expect(configuredPorts({ KAFKA_PORT: '29092', DATABASE_PORT: '' })).toMatchObject({ kafka: 29092, database: 13306 });
});

test.each(['abc', '0', '65536', '80.5'])('%s is no port, and the setting is named', (text) => {
  expect(() => configuredPorts({ REGISTRY_PORT: text })).toThrow(
    `Expected REGISTRY_PORT to be a port from 1 to 65535, but it is "${text}".`,
  );
});

test.each<[keyof StackPorts, string]>([
  ['kafka', "Kafka's port %d is in use; set KAFKA_PORT to another."],
  ['kafkaController', "Kafka's controller port %d is in use; set KAFKA_CONTROLLER_PORT to another."],
  ['registry', "The schema registry's port %d is in use; set REGISTRY_PORT to another."],
  ['database', "The database's port %d is in use; set DATABASE_PORT to another."],
])('the port of %s that someone listens on is said by name', async (name, message) => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(checkPort(name, { ...(await freePorts()), [name]: port })).rejects.toThrow(message.replace('%d', String(port)));
});

test('free ports are four that nobody listens on', async () => {
  const ports = await freePorts();
  expect(new Set(Object.values(ports)).size).toBe(4);
  for (const name of Object.keys(ports) as (keyof StackPorts)[]) await checkPort(name, ports);
});
