import type { z } from 'zod';
import { type EventView, leadIdOf } from '../event-view.ts';
import { describeIssue, formatPath, type LocalFault, localFaultsOf } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import type { HiddenFields } from '../redaction/hidden-fields.ts';
import type { RetryPolicyRequest } from '../retry-policy.ts';
import { checkTemplates, type SecretReference, secretsOf } from '../templates/config-template.ts';
import type { TemplateScope } from '../templates/scope.ts';
import { isTemplate } from '../templates/template.ts';
import { createInputRenderer } from './action-input.ts';
import type { ArmPlace } from './arms.ts';
import { type FieldKit, renderedFields, savedFields } from './field-kit.ts';

/** Where an effect happens: outside, on a topic whose readers drop repeats, or in the engine itself. */
export type EffectPlace = 'world' | 'topic' | 'engine';

export interface ActionDocumentation {
  summary: string;
  /** What each key of the config means. */
  fields: Record<string, string>;
  example: JsonObject;
}

export interface ActionSpec<S extends z.ZodType> {
  type: string;
  effect: EffectPlace;
  /** What the effect receives; built twice, for the config as saved and as rendered. */
  schema: (fields: FieldKit) => S;
  /** What must hold of a config as saved, templates included. */
  check?: (config: JsonObject) => LocalFault[];
  /** Keys that are taken as they are: what stands in them is no template. */
  untemplated?: readonly string[];
  /** Keys in whose values `{{ secrets.name }}` may stand; the effect asks for their values. */
  secretKeys?: readonly string[];
  /** It only chooses one of its arms: no leaf, so it isn't counted as an executed action. */
  gateway?: boolean;
  /** Where the config holds lists of actions; `schema` is about the config without them. */
  arms?: (config: JsonObject) => ArmPlace[];
  /** Keys that say where it goes: missing ones are left out, and without any of `anyOf` the action is skipped as `no_address`. */
  addresses?: { anyOf: readonly string[]; others?: readonly string[] };
  /** `default`: `lead_id` is the event's lead unless named; `required`: and it fails without one. */
  lead?: 'default' | 'required';
  retry?: RetryPolicyRequest;
  /** What the execution log hides of it; nothing unless said. */
  hides?: HiddenFields;
  documentation: ActionDocumentation;
}

/** What an action is to do, ready for its effect; or why it isn't done. */
export type ActionInput<I = JsonObject> =
  | { kind: 'ready'; input: I }
  | { kind: 'skipped'; reason: 'no_address' }
  | { kind: 'failed'; code: 'template_missing' | 'template_failed' | 'invalid_input' | 'no_lead'; message: string };

export interface ActionDefinition<I = JsonObject> {
  type: string;
  effect: EffectPlace;
  /** Retried by default as what crosses a network is. */
  leavesTheSystem: boolean;
  /** May share a commit with its neighbours: its receiver drops repeats. */
  sharesCommit: boolean;
  retry: RetryPolicyRequest;
  hides: HiddenFields;
  documentation: ActionDocumentation;
  gateway: boolean;
  /** Where a config holds lists of actions; none for most types. */
  arms(config: JsonObject): ArmPlace[];
  /** The config as users write it, templates aside; for documentation. */
  savedSchema: z.ZodType;
  /** What the effect receives. */
  renderedSchema: z.ZodType<I>;
  /** Everything that is wrong with a config at save time: keys, types and templates. A value with a template is checked once rendered. */
  checkConfig(config: JsonObject): LocalFault[];
  /** The secrets that a config names. Throws for a config that `checkConfig` refuses. */
  secretsOf(config: JsonObject): SecretReference[];
  /** Parses a config's templates once; the result renders and checks. Throws for a config that `checkConfig` refuses. */
  compile(config: JsonObject): (scope: TemplateScope, event: EventView) => ActionInput<I>;
}

/** Makes an action type of its description: what is saved, what is rendered, how it is retried. */
export function defineAction<S extends z.ZodType>(spec: ActionSpec<S>): ActionDefinition<z.output<S>> {
  const savedSchema = spec.schema(savedFields);
  const renderedSchema = spec.schema(renderedFields);
  const untemplated = new Set(spec.untemplated);
  const { secretKeys = [] } = spec;
  const templated = (config: JsonObject) => pick(config, (key) => !untemplated.has(key));
  return {
    type: spec.type,
    effect: spec.effect,
    gateway: spec.gateway ?? false,
    arms: spec.arms ?? (() => []),
    leavesTheSystem: spec.effect !== 'engine',
    sharesCommit: spec.effect !== 'world',
    retry: spec.retry ?? {},
    hides: spec.hides ?? {},
    documentation: spec.documentation,
    savedSchema,
    renderedSchema: renderedSchema as z.ZodType<z.output<S>>,
    checkConfig: (config) => {
      const parsed = savedSchema.safeParse(config, { error: describeIssue });
      const faults = parsed.success ? [] : localFaultsOf(parsed.error);
      return [
        ...faults.filter((fault) => untemplated.has(String(fault.path[0])) || !isOpen(config, fault, spec.lead)),
        ...(spec.check?.(config) ?? []),
        ...checkTemplates(templated(config), { secretKeys }),
      ];
    },
    secretsOf: (config) => (secretKeys.length === 0 ? [] : secretsOf(templated(config), { secretKeys })),
    compile: (config) => {
      const plain = untemplated.size === 0 ? null : pick(config, (key) => untemplated.has(key));
      const source = plain === null ? config : templated(config);
      const render = createInputRenderer(source, spec.addresses ?? { anyOf: [] }, secretKeys);
      let fixed: { rendered: JsonObject; input: ActionInput<z.output<S>> } | undefined;
      return (scope, event) => {
        const outcome = render(scope);
        if (outcome.kind !== 'rendered') return outcome;
        if (outcome.value === fixed?.rendered) return fixed.input;
        const rendered = withLead(outcome.value, spec.lead, event);
        if (rendered === null) return { kind: 'failed', code: 'no_lead', message: 'Expected a lead_id, but the event is about no lead' };
        const input = checkRendered(renderedSchema, plain === null ? rendered : { ...rendered, ...plain });
        if (outcome.value === source && rendered === source) fixed = { rendered: source, input };
        return input;
      };
    },
  };
}

function pick(config: JsonObject, wanted: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([key]) => wanted(key)));
}

function checkRendered<S extends z.ZodType>(schema: S, rendered: JsonObject): ActionInput<z.output<S>> {
  const parsed = schema.safeParse(rendered, { error: describeIssue });
  if (parsed.success) return { kind: 'ready', input: parsed.data };
  const message = localFaultsOf(parsed.error).map((fault) => `${formatPath(fault.path)}: ${fault.message}`);
  return { kind: 'failed', code: 'invalid_input', message: message.join('; ') };
}

function withLead(config: JsonObject, lead: 'default' | 'required' | undefined, event: EventView): JsonObject | null {
  if (lead === undefined || (config.lead_id !== undefined && config.lead_id !== null)) return config;
  const leadId = leadIdOf(event);
  if (leadId !== null) return { ...config, lead_id: leadId };
  return lead === 'required' ? null : config;
}

/** Whether a fault may still vanish: a lead comes with the event, a template's value with its render. */
function isOpen(config: JsonObject, fault: LocalFault, lead: ActionSpec<z.ZodType>['lead']): boolean {
  if (lead === 'required' && fault.path[0] === 'lead_id' && (config.lead_id ?? null) === null) return true;
  return hasTemplateAt(config, fault.path);
}

/** Whether the value at a path, or one that contains it, is a template: what it will be isn't known yet. */
function hasTemplateAt(config: JsonObject, path: LocalFault['path']): boolean {
  let current: unknown = config;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) break;
    current = (current as Record<string | number, unknown>)[key];
  }
  return typeof current === 'string' && isTemplate(current);
}
