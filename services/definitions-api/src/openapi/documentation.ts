import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Middleware } from 'koa';
import { createAsyncApi } from '../asyncapi/document.ts';
import type { Route } from '../route.ts';
import type { State } from '../state.ts';
import { createOpenApi } from './document.ts';

interface Page {
  type: string;
  read: () => Promise<string | Buffer>;
}

/** What Swagger UI needs more than an answer of the API does: its own files, styles that it writes, and requests to the API. */
const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Millrace API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="docs"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
`;

const start = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  persistAuthorization: true,
  validatorUrl: null,
});
`;

export interface DocumentationOptions {
  basePath: string;
  /** Of this installation's topics. */
  topicPrefix: string;
}

/** `GET /api/v1/openapi.json`, `/asyncapi.json` and `/docs`: for anyone, as they tell nothing of any tenant. Everything else passes. */
export function documentation(routes: readonly Route[], { basePath, topicPrefix }: DocumentationOptions): Middleware<State> {
  let document: string | undefined;
  let topicsDocument: string | undefined;
  const pages: Record<string, Page> = {
    '/openapi.json': { type: 'application/json', read: async () => (document ??= JSON.stringify(createOpenApi(routes))) },
    '/asyncapi.json': { type: 'application/json', read: async () => (topicsDocument ??= JSON.stringify(createAsyncApi(topicPrefix))) },
    '/docs': { type: 'text/html', read: async () => html },
    '/docs/start.js': { type: 'text/javascript', read: async () => start },
    '/docs/swagger-ui.css': { type: 'text/css', read: packageFile('swagger-ui-dist/swagger-ui.css') },
    '/docs/swagger-ui-bundle.js': { type: 'text/javascript', read: packageFile('swagger-ui-dist/swagger-ui-bundle.js') },
  };
  return async (ctx, next) => {
    const name = ctx.path.startsWith(basePath) ? ctx.path.slice(basePath.length) : '';
    const page = Object.hasOwn(pages, name) ? pages[name] : undefined;
    if (!page || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    ctx.set({ 'Content-Security-Policy': contentPolicy, 'Cache-Control': 'public, max-age=300' });
    ctx.body = await page.read();
    ctx.type = page.type;
  };
}

/** Reads a file of a dependency once. */
function packageFile(specifier: string): () => Promise<Buffer> {
  let content: Promise<Buffer> | undefined;
  return () => {
    content ??= readFile(fileURLToPath(import.meta.resolve(specifier)));
    return content;
  };
}
