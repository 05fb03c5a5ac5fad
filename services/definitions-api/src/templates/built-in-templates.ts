import { readdirSync, readFileSync } from 'node:fs';
import { type Database, parseJson, translateDatabaseError } from '@millrace/db';
import { type Logger, type Loop, startLoop } from '@millrace/runtime';
import { type Json, sameJson } from '@millrace/workflow';
import type { RowDataPacket } from 'mysql2/promise';
import { type TemplateRequest, templateRequestSchema } from './template-request.ts';
import { builtInTenant } from './template-view.ts';

const folder = new URL('../../templates/', import.meta.url);
const againMs = 30_000;

/** The templates that come with the product: one file each, in the folder of its category. */
export function readBuiltInTemplates(): TemplateRequest[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => templateRequestSchema.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))));
}

/** Brings the built-in templates of the database to those of this version, once; tries again until the database answers. */
export function startTemplateSeeding({ database, logger }: { database: Database; logger: Logger }): Loop {
  let isDone = false;
  return startLoop({
    name: 'built-in templates',
    everyMs: againMs,
    logger,
    runOnce: async () => {
      if (!isDone) await seedBuiltInTemplates(database);
      isDone = true;
    },
  });
}

interface TemplateRow extends RowDataPacket {
  name: string;
  description: string | null;
  category: string;
  is_public: number;
  definition: string;
  parameters: string;
}

/** Writes what differs and removes what is no longer there. Any number of processes may do it at once. Answers how many it wrote. */
export async function seedBuiltInTemplates({ pool }: Database): Promise<number> {
  const templates = readBuiltInTemplates();
  try {
    const [rows] = await pool.query<TemplateRow[]>(
      'select name, description, category, is_public, definition, parameters from workflow_templates where tenant_id = ?',
      [builtInTenant],
    );
    const different = templates.filter((template) => !rows.some((row) => isSame(row, template)));
    for (const { name, description, category, is_public: isPublic, definition, parameters } of different) {
      await pool.query(
        `insert into workflow_templates (tenant_id, name, description, category, is_public, definition, parameters)
         values (?, ?, ?, ?, ?, ?, ?)
         on duplicate key update description = values(description), category = values(category), is_public = values(is_public),
           definition = values(definition), parameters = values(parameters), updated_at = current_timestamp(3)`,
        [builtInTenant, name, description ?? null, category, isPublic, JSON.stringify(definition), JSON.stringify(parameters)],
      );
    }
    await pool.query('delete from workflow_templates where tenant_id = ? and name not in (?)', [
      builtInTenant,
      templates.map(({ name }) => name),
    ]);
    return different.length;
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

function isSame(row: TemplateRow, template: TemplateRequest): boolean {
  const stored = {
    name: row.name,
    description: row.description,
    category: row.category,
    is_public: Boolean(row.is_public),
    definition: parseJson<Json>(row.definition),
    parameters: parseJson<Json>(row.parameters),
  };
  return sameJson(stored, JSON.parse(JSON.stringify(template)) as Json);
}
