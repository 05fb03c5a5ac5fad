import type { Connection, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral } from '../literal.ts';

export interface SeqRange {
  instanceId: string;
  firstSeq: number;
  lastSeq: number;
}

interface Packet extends RowDataPacket {
  instance_id: Buffer;
  seq: number;
}

/** Which entries in these ranges are in the table, as `<instance id>/<seq>`. Read by the unique key alone. */
export async function findKnownLogRows(connection: Connection, ranges: readonly SeqRange[]): Promise<Set<string>> {
  if (ranges.length === 0) return new Set();
  const where = ranges.map(
    ({ instanceId, firstSeq, lastSeq }) =>
      `(instance_id = ${hexLiteral(instanceId)} AND seq BETWEEN ${integerLiteral(firstSeq)} AND ${integerLiteral(lastSeq)})`,
  );
  const [packets] = await connection.query<Packet[]>(`SELECT instance_id, seq FROM workflow_execution_logs WHERE ${where.join(' OR ')}`);
  return new Set(packets.map(({ instance_id, seq }) => `${instance_id.toString('hex')}/${seq}`));
}
