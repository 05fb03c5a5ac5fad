import { check, type Fault, flattenActions, type JsonObject, workflowRequestSchema } from '@millrace/workflow';
import { z } from 'zod';
import { type ParameterValues, sampleOf, type TemplateParameter, templateParameterSchema } from './parameters.ts';
import { placeholdersIn, substitute } from './substitution.ts';

const mostBytes = 256 * 1024;

export const templateCategories = ['sales', 'support', 'onboarding', 'operations'] as const;

/** A template as posted. `definition` is a workflow as it is posted, with `%{parameter}` where a parameter's value belongs. */
export const templateRequestSchema = z.strictObject({
  name: z.string().trim().min(1).max(255),
  description: z.string().max(10_000).nullish(),
  category: z.enum(templateCategories),
  /** Public ones are seen by the whole tenant, others by their creator and by admins. */
  is_public: z.boolean().default(false),
  parameters: z.array(templateParameterSchema).max(50).default([]),
  definition: z.record(z.string(), z.json()),
});

export type TemplateRequest = z.output<typeof templateRequestSchema>;

/** What is wrong with a template that has the right form: its definition must hold for the values that its parameters take. */
export function faultsOfTemplate({ parameters, definition, name }: TemplateRequest): Fault[] {
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > mostBytes) return [{ path: 'definition', code: 'too_large', message: `Expected at most 256 KB, but it has ${bytes} bytes` }];
  const faults = [...repeatedNames(parameters), ...undeclared(parameters, definition as JsonObject)];
  if (faults.length > 0) return faults;
  const all = Object.fromEntries(parameters.map((parameter) => [parameter.name, sampleOf(parameter)]));
  const least = Object.fromEntries(
    parameters.map((parameter) => [parameter.name, parameter.required ? sampleOf(parameter) : parameter.default]),
  );
  for (const values of [all, least]) {
    const instantiated = instantiate(definition as JsonObject, values, { name });
    if ('faults' in instantiated) return instantiated.faults;
  }
  return [];
}

/** The workflow that a template gives for values of its parameters; never enabled, as nobody has looked at it yet. */
export function instantiate(
  definition: JsonObject,
  values: ParameterValues,
  { name, description }: { name: string; description?: string | null | undefined },
) {
  const filled = substitute(definition, values);
  const workflow = { ...filled, name, ...(description === undefined ? {} : { description }), enabled: false };
  const checked = check(workflowRequestSchema, workflow);
  if (!checked.ok) return { faults: checked.errors.map(belowDefinition) };
  const { triggers, actions } = checked.value;
  if ([...triggers, ...flattenActions(actions)].some(({ id }) => id !== undefined)) {
    return {
      faults: [{ path: 'definition', code: 'unknown_id', message: 'Expected triggers and actions without ids, but some have one' }],
    };
  }
  return { workflow: checked.value };
}

function belowDefinition(fault: Fault): Fault {
  return { ...fault, path: fault.path === '' ? 'definition' : `definition.${fault.path}` };
}

function repeatedNames(parameters: readonly TemplateParameter[]): Fault[] {
  return parameters.flatMap(({ name }, index) =>
    parameters.findIndex((other) => other.name === name) === index
      ? []
      : [{ path: `parameters[${index}].name`, code: 'duplicate', message: `Expected each name once, but ${name} occurs again` }],
  );
}

function undeclared(parameters: readonly TemplateParameter[], definition: JsonObject): Fault[] {
  const declared = new Set(parameters.map(({ name }) => name));
  const used = placeholdersIn(definition);
  return [
    ...[...used]
      .filter((name) => !declared.has(name))
      .map((name) => ({
        path: 'definition',
        code: 'unknown_parameter',
        message: `Expected only the template's parameters, but found %{${name}}`,
      })),
    ...parameters.flatMap(({ name }, index) =>
      used.has(name)
        ? []
        : [
            {
              path: `parameters[${index}].name`,
              code: 'unused_parameter',
              message: `Expected %{${name}} in the definition, but it is not there`,
            },
          ],
    ),
  ];
}
