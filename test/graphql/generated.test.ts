import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { metricsGuide } from '../../scripts/metrics-guide.ts';
import { schemaSnapshot } from '../../scripts/schema-snapshot.ts';
import { buildKontorSchema, printKontorSchema } from '../../src/graphql/schema.ts';
import { openWorld } from '../support/world.ts';

const root = path.resolve(import.meta.dirname, '../..');
const committed = (file: string) => readFile(path.join(root, file), 'utf8');

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildKontorSchema();
});

const ownTypes = () => Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));

function fieldsOf(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
    ? Object.values(type.getFields())
    : [];
}

test('schema/schema.graphql is the schema served (else: npm run generate)', async () => {
  expect(printKontorSchema(schema)).toBe(await committed('schema/schema.graphql'));
});

test('docs/metrics.md is made from the catalogue of metrics (else: npm run generate)', async () => {
  expect(metricsGuide()).toBe(await committed('docs/metrics.md'));
});

test('the typed documents are those of schema/operations (else: npm run generate)', async () => {
  const codegen = path.join(root, 'node_modules/@graphql-codegen/cli/package.json');
  const { bin } = JSON.parse(await readFile(codegen, 'utf8')) as { bin: Record<string, string> };
  const program = path.join(path.dirname(codegen), bin['graphql-codegen']!);
  const run = promisify(execFile)(process.execPath, [program, '--config', 'codegen.yml', '--check'], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await expect(run).resolves.toBeDefined();
});

test('migrations/snapshot.txt is the schema the migrations make (else: npm run generate)', async () => {
  const world = await openWorld();
  try {
    expect(await schemaSnapshot(world.owner)).toBe(await committed('migrations/snapshot.txt'));
  } finally {
    await world.close();
  }
});

test('every type, field, argument and enum value has a description', () => {
  const missing: string[] = [];
  const check = (name: string, described: { description?: string | null }) => {
    if (!described.description?.trim()) missing.push(name);
  };
  const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID', 'Query', 'Mutation']);
  for (const type of ownTypes()) {
    if (!builtIn.has(type.name)) check(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
    for (const field of fieldsOf(type)) {
      check(`${type.name}.${field.name}`, field);
      if ('args' in field)
        for (const argument of field.args) check(`${type.name}.${field.name}(${argument.name})`, argument);
    }
  }
  expect(missing).toEqual([]);
});

const contractFile = path.resolve(root, '../shared/design/schema.graphql');
const whereShared = existsSync(contractFile) ? test : test.skip;

whereShared(
  'what the contract names has the same types here (skipped where ../shared is absent)',
  async () => {
    const text = (await readFile(contractFile, 'utf8')).replace(/^directive @oneOf.*$/m, '');
    const contract = buildSchema(text);
    const unlike: string[] = [];
    for (const type of ownTypes()) {
      const agreed = contract.getType(type.name);
      if (!agreed) continue;
      const fields = new Map(fieldsOf(agreed).map((field) => [field.name, field]));
      for (const field of fieldsOf(type)) {
        const other = fields.get(field.name);
        if (!other) continue;
        const name = `${type.name}.${field.name}`;
        if (String(field.type) !== String(other.type))
          unlike.push(`${name}: ${field.type}, contract ${other.type}`);
        if ('args' in field && 'args' in other) {
          for (const argument of field.args) {
            const expected = (other as GraphQLField<unknown, unknown>).args.find(
              (agreedArgument) => agreedArgument.name === argument.name,
            );
            if (expected && String(expected.type) !== String(argument.type))
              unlike.push(`${name}(${argument.name}): ${argument.type}, contract ${expected.type}`);
          }
        }
      }
      if (isInputObjectType(type) && isInputObjectType(agreed) && type.isOneOf !== agreed.isOneOf)
        unlike.push(`${type.name}: @oneOf`);
    }
    expect(unlike).toEqual([]);
  },
);
