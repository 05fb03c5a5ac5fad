import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { createOpenApi } from '../src/openapi/document.ts';
import { routes } from '../src/routes.ts';

export interface Exchange {
  method: string;
  /** Below /api/v1, with its query. */
  path: string;
  requestBody: unknown;
  status: number;
  contentType: string;
  body: unknown;
}

type Content = Record<string, unknown> | undefined;

const document = createOpenApi(routes);
const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, uri: true, email: true, regex: true },
});
ajv.addSchema(document, 'openapi');
const validators = new Map<string, ValidateFunction>();
const templates = Object.keys(document.paths)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))
  // What has fewer parameters comes first, as a router has it.
  .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length);

/** Throws for an answer that the OpenAPI document doesn't allow, and for an accepted request that it doesn't describe. */
export function checkConformance({ method, path, requestBody, status, contentType, body }: Exchange): void {
  const plain = path.split('?')[0] ?? '';
  const template = templates.find(({ pattern }) => pattern.test(plain))?.path;
  const verb = (method === 'HEAD' ? 'GET' : method).toLowerCase();
  const operation = template === undefined ? undefined : document.paths[template]?.[verb];
  const where = `${method} ${plain} → ${status}`;
  if (!operation || template === undefined) {
    if (status < 400) throw new Error(`Expected ${where} to be in the OpenAPI document, but it is not`);
    validate('openapi#/components/schemas/Problem', body, where);
    return;
  }
  const base = `openapi#/paths/${escaped(template)}/${verb}`;
  const responses = operation.responses as Record<string, { $ref?: string; content?: Content }>;
  const response = responses[status];
  if (!response) throw new Error(`Expected one of the statuses ${Object.keys(responses).join(', ')}, but ${where}`);
  const isRefusal = response.$ref !== undefined;
  const content = isRefusal ? document.components.responses?.[status]?.content : response.content;
  const [type] = Object.keys((content ?? {}) as object);
  if (type === undefined) {
    if (body !== undefined) throw new Error(`Expected no body, but ${where} has one`);
    return;
  }
  if (method === 'HEAD') return;
  if (!contentType.startsWith(type)) throw new Error(`Expected ${type}, but ${where} is ${contentType}`);
  const pointer = isRefusal ? `openapi#/components/responses/${status}` : `${base}/responses/${status}`;
  validate(`${pointer}/content/${escaped(type)}/schema`, body, where);
  // Of a list of events each is judged for itself, and the list is accepted.
  if (status < 300 && requestBody !== undefined && operation.requestBody && !(plain === '/events' && Array.isArray(requestBody))) {
    validate(`${base}/requestBody/content/application~1json/schema`, requestBody, `the body of ${where}`);
  }
}

function validate(pointer: string, value: unknown, where: string): void {
  const validator = validators.get(pointer) ?? ajv.compile({ $ref: pointer });
  validators.set(pointer, validator);
  if (validator(value)) return;
  const faults = (validator.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  throw new Error(
    `Expected ${where} to fit the OpenAPI document, but:\n  ${faults.join('\n  ')}\n${JSON.stringify(value).slice(0, 2_000)}`,
  );
}

function escaped(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
}
