import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Role } from '../../src/identity/identity.enums.ts';
import { userOf } from '../handoffs/handing-over.ts';
import { office } from '../leads/lead-life.ts';
import type { Data } from '../support/graphql.ts';
import { openWorld, type World } from '../support/world.ts';

const DOCUMENT = path.resolve(import.meta.dirname, '../../docs/salesforce-convertlead.md');

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** The document's code blocks of one language, in their order. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, code]) => code!,
  );
}

/** Every id is another each time: `led_01m8…` → `led_`. */
const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/\b([a-z]{3}_)[0-9a-z]{26}\b/g, '$1'));

test("the example for those who come from Salesforce's LeadConvert answers what the document says", async () => {
  const text = await readFile(DOCUMENT, 'utf8');
  const [query] = blocks(text, 'graphql');
  const [variables, answer, again] = blocks(text, 'json').map((json) => JSON.parse(json) as Data);
  const at = await office(world);
  const [sdr, ae] = [await at.as(Role.SDR), await at.as(Role.AE)];
  const company = 'Larkspur Optics';
  const account = await at.account(company, { domain: 'larkspur-optics.example' });
  const lead = await at.lead({
    ...{ firstName: 'Rose', lastName: 'Gonzalez', company, email: 'rose@larkspur-optics.example' },
    ...{ phone: '+49 40 123456', source: 'Web', owner: userOf(sdr) },
  });
  const own = {
    ...variables!,
    input: { ...variables!.input, lead, account: { existing: account }, owner: userOf(ae) },
  };
  expect(withoutIds(own)).toEqual(withoutIds(variables));
  for (const expected of [answer, again]) {
    const { data, errors } = await sdr.send(query!, own);
    expect(errors).toEqual([]);
    expect(withoutIds({ data })).toEqual(withoutIds(expected));
  }
});

test('every field and code the document names for Kontor is in the schema', async () => {
  const text = await readFile(DOCUMENT, 'utf8');
  const schema = await readFile(path.resolve(path.dirname(DOCUMENT), '../schema/schema.graphql'), 'utf8');
  const [inputs, outputs, codes] = text
    .split(/\n\| (?:Salesforce's )?`\w+`[^\n]*\n\| ---[^\n]*\n/)
    .slice(1) as [string, string, string];
  const second = (table: string) => table.split('\n').flatMap((line) => line.split(' | ')[1] ?? []);
  const named = [...second(inputs), ...second(outputs)].flatMap((cell) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name!),
  );
  expect(named.length).toBeGreaterThan(15);
  for (const name of named) expect(schema).toMatch(new RegExp(`\\n  ${name}[:(]`));
  const errors = second(codes).flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code!));
  expect(errors.length).toBeGreaterThan(8);
  for (const code of errors.filter((one) => one !== 'FORBIDDEN')) expect(schema).toContain(`\n  ${code}\n`);
});
