import { type Fault, isTimezone, type Json, parseAddress, parseDuration, parsePhone } from '@millrace/workflow';
import { z } from 'zod';

const scalar = z.union([z.string().max(10_000), z.number(), z.boolean()]);

/** What a template asks of who uses it. */
export const templateParameterSchema = z
  .strictObject({
    /** As it stands in the definition: `%{name}`. */
    name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'Expected a name of a-z, 0-9 and _, but got another text'),
    /** `workflow` is the id of a workflow of the tenant, `duration` one of ISO 8601. */
    type: z.enum(['text', 'number', 'integer', 'boolean', 'email', 'phone', 'duration', 'timezone', 'choice', 'workflow']),
    label: z.string().min(1).max(255).optional(),
    description: z.string().max(1_000).optional(),
    /** What isn't required may be left out; the keys that it alone fills are then left out, too. */
    required: z.boolean().default(true),
    default: scalar.optional(),
    options: z.array(z.string().min(1).max(255)).min(1).max(100).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .superRefine((parameter, context) => {
    if ((parameter.type === 'choice') !== (parameter.options !== undefined)) {
      context.addIssue({ code: 'custom', path: ['options'], message: 'Expected options for a choice, and for nothing else' });
      return;
    }
    const fault = parameter.default === undefined ? null : faultOf(parameter, parameter.default);
    if (fault !== null) context.addIssue({ code: 'custom', path: ['default'], message: fault });
  });

export type TemplateParameter = z.output<typeof templateParameterSchema>;
export type ParameterValues = Record<string, Json | undefined>;

/** The value of each parameter: what was given, else its default, else undefined. Every fault has its path below `parameters`. */
export function readParameters(
  parameters: readonly TemplateParameter[],
  given: Record<string, Json>,
): { values: ParameterValues; faults: Fault[] } {
  const faults: Fault[] = [];
  const fault = (name: string, code: string, message: string) => faults.push({ path: `parameters.${name}`, code, message });
  for (const name of Object.keys(given)) {
    if (!parameters.some((parameter) => parameter.name === name)) {
      fault(name, 'unknown_key', `Expected only the template's parameters, but found ${JSON.stringify(name)}`);
    }
  }
  const values: ParameterValues = {};
  for (const parameter of parameters) {
    const value = (Object.hasOwn(given, parameter.name) ? given[parameter.name] : null) ?? parameter.default;
    values[parameter.name] = value;
    if (value === undefined) {
      if (parameter.required)
        fault(parameter.name, 'required', `Expected a value for ${parameter.label ?? parameter.name}, but got nothing`);
      continue;
    }
    const message = faultOf(parameter, value);
    if (message !== null) fault(parameter.name, 'invalid_value', message);
  }
  return { values, faults };
}

/** A value that the parameter takes, for trying a definition out. */
export function sampleOf(parameter: TemplateParameter): Json {
  return parameter.default ?? samples[parameter.type](parameter);
}

const samples: Record<TemplateParameter['type'], (parameter: TemplateParameter) => Json> = {
  text: () => 'text',
  number: ({ min, max }) => min ?? max ?? 1,
  integer: ({ min, max }) => Math.ceil(min ?? max ?? 1),
  boolean: () => true,
  email: () => 'user@example.com',
  phone: () => '+15550001111',
  duration: () => 'P1D',
  timezone: () => 'UTC',
  choice: ({ options }) => options?.[0] ?? '',
  workflow: () => 1,
};

type Check = (value: Json, parameter: Pick<TemplateParameter, 'options' | 'min' | 'max'>) => string | null;

const isText = (value: Json): value is string => typeof value === 'string';
const expected = (what: string, fits: boolean) => (fits ? null : `Expected ${what}, but got another value`);
const inRange = (value: number, { min, max }: { min?: number | undefined; max?: number | undefined }) =>
  (min === undefined || value >= min) && (max === undefined || value <= max);
const rangeOf = ({ min, max }: { min?: number | undefined; max?: number | undefined }) =>
  [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])].map((part) => `, ${part}`).join('');

const checks: Record<TemplateParameter['type'], Check> = {
  text: (value) => expected('a text', isText(value) && value.length <= 10_000),
  number: (value, limits) => expected(`a number${rangeOf(limits)}`, typeof value === 'number' && inRange(value, limits)),
  integer: (value, limits) => expected(`a whole number${rangeOf(limits)}`, Number.isSafeInteger(value) && inRange(value as number, limits)),
  boolean: (value) => expected('true or false', typeof value === 'boolean'),
  email: (value) => expected('one e-mail address', isText(value) && parseAddress(value) !== null),
  phone: (value) => expected('an E.164 number such as +4930123456', isText(value) && parsePhone(value) !== null),
  duration: (value) => expected('an ISO 8601 duration such as P2D', isText(value) && parseDuration(value) !== undefined),
  timezone: (value) => expected('the name of an IANA time zone', isText(value) && isTimezone(value)),
  choice: (value, { options = [] }) => expected(`one of ${options.join(', ')}`, isText(value) && options.includes(value)),
  workflow: (value) => expected('the id of a workflow', Number.isSafeInteger(value) && Number(value) > 0),
};

function faultOf(parameter: TemplateParameter, value: Json): string | null {
  return checks[parameter.type](value, parameter);
}
