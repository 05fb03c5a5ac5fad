import { expect, test } from 'vitest';
import { readBuiltInTemplates } from './built-in-templates.ts';
import { faultsOfTemplate, templateCategories } from './template-request.ts';

const templates = readBuiltInTemplates();

test('there are a dozen and more, at least three of each category, each of its own name', () => {
  expect(templates.length).toBeGreaterThanOrEqual(12);
  expect(new Set(templates.map(({ name }) => name)).size).toBe(templates.length);
  for (const category of templateCategories)
    expect(templates.filter((template) => template.category === category).length).toBeGreaterThanOrEqual(3);
});

test.each(templates.map((template) => [template.name, template] as const))(
  '%s holds for its parameters and says what it does',
  (_, template) => {
    expect(faultsOfTemplate(template)).toEqual([]);
    expect(template.description).toMatch(/\.$/);
    expect(template.is_public).toBe(true);
    for (const parameter of template.parameters) expect(parameter.label).toBeTruthy();
  },
);
