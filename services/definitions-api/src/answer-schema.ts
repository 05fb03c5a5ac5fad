import { type Conditions, type ConditionTree, operatorNames } from '@millrace/workflow';
import { z } from 'zod';

/** Parts that the answers' schemas are made of. */
export const rowId = z.number().int().positive();
export const instant = z.iso.datetime();
export const jsonObject = z.record(z.string(), z.json());

/** One combinator or one leaf a node. */
export const conditionTreeSchema: z.ZodType<ConditionTree, ConditionTree> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionTreeSchema) }),
    z.strictObject({ any: z.array(conditionTreeSchema) }),
    z.strictObject({ not: conditionTreeSchema }),
    z.strictObject({
      field: z.string(),
      operator: z.enum(operatorNames),
      value: z.json().exactOptional(),
      case_sensitive: z.boolean().exactOptional(),
    }),
  ]),
);

/** Conditions as they are kept: a tree of one combinator or one leaf a node; a plain list means `all`. */
export const conditionsSchema: z.ZodType<Conditions, Conditions> = z.union([conditionTreeSchema, z.array(conditionTreeSchema)]);
