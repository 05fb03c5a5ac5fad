// Writes libs/client/src/generated.ts from the OpenAPI document of the API. With --check it only compares, and exits 1 where they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTypes, { astToString } from 'openapi-typescript';
import { createOpenApi } from '../../services/definitions-api/src/openapi/document.ts';
import { routes } from '../../services/definitions-api/src/routes.ts';

const target = new URL('../../libs/client/src/generated.ts', import.meta.url);

// What has a default may be left out of a request.
const types = astToString(await openapiTypes(JSON.stringify(createOpenApi(routes)), { defaultNonNullable: false }));
const generated = `// Generated from the routes of services/definitions-api by tools/client/generate.ts: change those.\n\n${types}`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== generated) {
    console.error('Expected libs/client/src/generated.ts to match the API, but it differs: run `npm run generate`.');
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, generated);
}
