import {
  buildSchema,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isLeafType,
  isObjectType,
  parse,
} from 'graphql';
import sql from 'sql-template-tag';
import { buildKontorSchema } from '../../src/graphql/schema.ts';
import { Selection } from '../../src/graphql/selection.ts';
import { type Data, startTestServer } from '../support/server.ts';
import { openWorld } from '../support/world.ts';
import { fillBulk } from '../support/bulk.ts';

describe('the fields a document selects', () => {
  const schema = buildSchema(`
    interface Node { id: ID }
    type Account implements Node { id: ID name: String phone: String parent: Account }
    type Contact implements Node { id: ID email: String }
    type Query { account: Account node: Node }
  `);
  const selection = (document: string) => new Selection(schema, parse(document));

  test('are those of every place where the type appears, fragments and skipped fields included', () => {
    const of = selection(`
      query ($no: Boolean!) { account { parent { ...names } phone @include(if: $no) } }
      fragment names on Account { other: name }
    `);
    expect(of.leavesOut('Account', 'name')).toBe(false);
    expect(of.leavesOut('Account', 'phone')).toBe(false);
    expect(of.leavesOut('Account', 'id')).toBe(true);
  });

  test('selected of an interface, are selected of all its types', () => {
    const of = selection('{ node { id ... on Contact { email } } }');
    expect(of.leavesOut('Contact', 'email')).toBe(false);
    expect(of.leavesOut('Contact', 'id')).toBe(false);
    expect(of.leavesOut('Account', 'id')).toBe(false);
    expect(of.leavesOut('Account', 'phone')).toBe(true);
  });

  test('are the only ones left out, with the ids behind them: what is of no field is needed inside', () => {
    const of = selection('{ account { name } }');
    expect(of.leavesOut('Account', 'parentUuid')).toBe(true);
    expect(of.leavesOut('Account', 'uuid')).toBe(false);
    expect(of.leavesOut('Account', 'queueUuid')).toBe(false);
    expect(selection('{ account { parent { id } } }').leavesOut('Account', 'parentUuid')).toBe(false);
  });
});

/** The field with the leaves of what it returns, or with just its type's name. */
function selected({ name, type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return name;
  const leaves = isObjectType(named)
    ? Object.values(named.getFields()).filter((field) => isLeafType(getNamedType(field.type)))
    : [];
  return `${name} { __typename ${leaves.map((leaf) => leaf.name).join(' ')} }`;
}

test('every field of a list row has the same value selected alone as with all others', async () => {
  const world = await openWorld();
  const server = await startTestServer(world);
  try {
    const { id, tenant } = await world.organization();
    await fillBulk(world, tenant, { accounts: 8, contacts: 1, opportunities: 1, leads: 1 });
    await world.database.write(tenant, (tx) =>
      tx.query(
        sql`update lead set is_converted = true, converted_at = updated_at where organization_id = ${id} and score = 7`,
      ),
    );
    const client = await server.client(id);
    const schema = await buildKontorSchema();
    for (const [list, typeName] of [
      ['accounts', 'Account'],
      ['contacts', 'Contact'],
      ['opportunities', 'Opportunity'],
      ['leads', 'Lead'],
    ] as const) {
      const fields = Object.values((schema.getType(typeName) as GraphQLObjectType).getFields()).map(selected);
      const rows = async (selection: string): Promise<Data[]> =>
        (await client.data(`{ ${list}(first: 5) { nodes { ${selection} } } }`))[list].nodes;
      const together = await rows(fields.join(' '));
      expect(together).toHaveLength(5);
      for (const field of fields) {
        const name = field.split(' ')[0]!;
        expect(await rows(field)).toEqual(together.map((row) => ({ [name]: row[name] })));
      }
    }
  } finally {
    await server.close();
    await world.close();
  }
}, 60_000);
