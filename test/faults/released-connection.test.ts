import {
  GraphQLError,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { pino } from 'pino';
import sql from 'sql-template-tag';
import { SnapshotClosedError } from '../../src/database/snapshot.ts';
import { Context } from '../../src/graphql/context.ts';
import type { ExecutorKind } from '../../src/graphql/executor.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { startGraphQLServer } from '../../src/server/graphql-server.ts';
import { openWorld, type World } from '../support/world.ts';

type Organization = Awaited<ReturnType<World['organization']>>;

/** What a resolver waits for, and what became of it. */
class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

let world: World;
let ours: Organization;
let theirs: Organization;
let gate: Gate;
let late: Promise<unknown>;
const seen: string[] = [];

beforeAll(async () => {
  world = await openWorld({ poolSize: 1 });
  world.database.observe = (text) => void seen.push(text);
  ours = await world.organization({ name: 'Ours' });
  theirs = await world.organization({ name: 'Theirs' });
});
afterAll(() => world.close());

/** Without a condition: row-level security alone says whose rows these are. */
const names = async (context: Context) =>
  (await context.snapshot.query<{ name: string }>(sql`select name from organization`)).map(
    ({ name }) => name,
  );

/** Fails while one sibling's statement runs and another one has still to send its own. */
const schema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      names: { type: new GraphQLList(GraphQLString), resolve: (_, _args, context) => names(context) },
      failing: {
        type: new GraphQLNonNull(GraphQLInt),
        resolve: async (_, _args, context) => {
          await context.snapshot.query(sql`select 'before the failure'`);
          throw new GraphQLError('failed', { extensions: { code: 'PROVOKED' } });
        },
      },
      failingAtOnce: {
        type: new GraphQLNonNull(GraphQLInt),
        resolve: () => Promise.reject(new GraphQLError('failed', { extensions: { code: 'PROVOKED' } })),
      },
      slow: {
        type: GraphQLInt,
        resolve: async (_, _args, context) => {
          await context.snapshot.query(sql`select 'slow', pg_sleep(0.2)`);
          return 1;
        },
      },
      late: {
        type: GraphQLInt,
        resolve: (_, _args, context) => {
          late = gate.opened.then(() => context.snapshot.query(sql`select 'late', name from organization`));
          return late.then(() => 1);
        },
      },
      queued: {
        type: GraphQLInt,
        resolve: async (_, _args, context) => {
          await context.snapshot.query(sql`select 'first of two'`);
          await context.snapshot.query(sql`select 'second of two'`);
          return 1;
        },
      },
      twice: {
        type: new GraphQLList(GraphQLInt),
        resolve: async (_, _args, context) => {
          const count = async () => {
            const [row] = await context.snapshot.query<{ count: string }>(
              sql`select count(*) as count from queue`,
            );
            return Number(row!.count);
          };
          const before = await count();
          gate.open();
          await late;
          return [before, await count()];
        },
      },
    },
  }),
});

async function openServer(executor: ExecutorKind) {
  const server = await startGraphQLServer({ schema, log: pino({ level: 'silent' }), executor });
  return {
    stop: () => server.stop(),
    async ask(organization: Organization, query: string, database = world.database) {
      const principal = {
        organizationId: organization.id,
        userId: null,
        kind: 'SERVICE' as const,
        role: Role.SERVICE,
        name: 'Test',
        tokenId: organization.id,
      };
      const contextValue = new Context(principal, organization, database, new Uint8Array(32));
      const { body } = await server.executeOperation({ query }, { contextValue });
      return body.kind === 'single' ? (JSON.parse(JSON.stringify(body.singleResult)) as unknown) : undefined;
    },
  };
}

test('nothing of a failed operation runs after its connection was released', async () => {
  const server = await openServer('interpreted');
  for (let time = 1; time <= 3; time++) {
    gate = new Gate();
    seen.length = 0;
    expect(await server.ask(ours, '{ slow late failing queued }')).toMatchObject({
      data: null,
      errors: [{ message: 'failed' }],
    });
    // The only connection goes to the other organisation, in the midst of whose operation the late statement comes.
    const other = world.database.snapshot(theirs.tenant);
    const before = await other.query<{ name: string }>(sql`select name from organization`);
    gate.open();
    await expect(late).rejects.toThrow(SnapshotClosedError);
    const after = await other.query<{ name: string }>(sql`select name from organization`);
    await other.close();
    expect([before, after]).toEqual([[{ name: 'Theirs' }], [{ name: 'Theirs' }]]);
    const released = seen.indexOf('select name from organization');
    expect(seen.slice(released)).toEqual(Array(2).fill('select name from organization'));
    expect(seen.filter((text) => text.includes("'late'"))).toEqual([]);
    expect(world.database.pool.totalCount).toBe(1);
    expect(await server.ask(theirs, '{ names }')).toEqual({ data: { names: ['Theirs'] } });
    expect(await server.ask(ours, '{ names }')).toEqual({ data: { names: ['Ours'] } });
  }
  await server.stop();
});

test('a failed operation that had not read anything opens no connection afterwards', async () => {
  const server = await openServer('interpreted');
  for (let time = 1; time <= 3; time++) {
    gate = new Gate();
    seen.length = 0;
    expect(await server.ask(ours, '{ late failingAtOnce }')).toMatchObject({
      errors: [{ message: 'failed' }],
    });
    gate.open();
    await expect(late).rejects.toThrow(SnapshotClosedError);
    expect(seen).toEqual([]);
    // the only connection is free
    expect(await server.ask(theirs, '{ names }')).toEqual({ data: { names: ['Theirs'] } });
  }
  await server.stop();
});

test('a compiled query answers only after all siblings of a failed field, so none of them is late', async () => {
  const server = await openServer('compiled');
  for (let time = 1; time <= 3; time++) {
    gate = new Gate();
    gate.open();
    seen.length = 0;
    expect(await server.ask(ours, '{ slow late failing queued }')).toMatchObject({ data: null });
    const seenWhenAnswered = seen.length;
    // the first time it is interpreted
    if (time > 1)
      expect(seen.filter((text) => text.includes("'late'") || text.includes("'second"))).toHaveLength(2);
    await Promise.allSettled([late]);
    expect(await server.ask(theirs, '{ names }')).toEqual({ data: { names: ['Theirs'] } });
    expect(seen).toHaveLength(seenWhenAnswered + 1);
  }
  await server.stop();
});

test('many failing operations of two organisations on one connection see their own rows only', async () => {
  const server = await openServer('compiled');
  gate = new Gate();
  gate.open();
  const answers = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const organization = index % 2 === 0 ? ours : theirs;
      const failed = index % 3 === 0;
      return {
        name: organization === ours ? 'Ours' : 'Theirs',
        failed,
        answer: await server.ask(organization, failed ? '{ queued late failing names }' : '{ names queued }'),
      };
    }),
  );
  for (const { name, failed, answer } of answers) {
    if (failed) expect(answer).toMatchObject({ data: null });
    else expect(answer).toEqual({ data: { names: [name], queued: 1 } });
  }
  await server.stop();
});

test('a write between two reads of one operation is invisible in it', async () => {
  const another = await openWorld({ poolSize: 2 });
  const organization = await another.organization();
  const server = await openServer('compiled');
  for (let time = 0; time < 3; time++) {
    gate = new Gate();
    late = gate.opened.then(() =>
      another.database.write(organization.tenant, (tx) =>
        tx.query(sql`insert into queue (organization_id, id, name, created_at, updated_at)
          values (${organization.id}, gen_random_uuid(), ${`Queue ${time}`}, ${new Date()}, ${new Date()})`),
      ),
    );
    const answer = await server.ask(organization, '{ twice }', another.database);
    expect(answer).toEqual({ data: { twice: [time, time] } });
  }
  await server.stop();
  await another.close();
});
