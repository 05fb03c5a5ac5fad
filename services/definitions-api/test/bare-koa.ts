// What the API's rate is held against: Koa with one route that runs the API's own statement for a workflow, and nothing else.
import { Router } from '@koa/router';
import Koa from 'koa';
import { createPool, type RowDataPacket } from 'mysql2/promise';
import { selectWorkflows } from '../src/workflow-repository.ts';

const { DATABASE_URL = '', PORT = '0' } = process.env;
const pool = createPool({ uri: DATABASE_URL, connectionLimit: 10, timezone: 'Z', dateStrings: true, jsonStrings: true });
const statement = `${selectWorkflows} where w.tenant_id = ? and w.id = ? and w.deleted_at is null`;

const router = new Router();
router.get('/workflows/:id', async (ctx) => {
  const [rows] = await pool.query<RowDataPacket[]>(statement, [ctx.get('x-tenant-id'), Number(ctx.params.id)]);
  ctx.body = rows[0];
});
new Koa().use(router.routes()).listen(Number(PORT), '127.0.0.1', () => console.log('listening'));
