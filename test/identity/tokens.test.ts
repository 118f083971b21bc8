import { createHmac, randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { SignJWT } from 'jose';
import sql from 'sql-template-tag';
import type { Tenant } from '../../src/database/tenant.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { authenticate, forgetSignedIn, organizationSettings } from '../../src/identity/sign-in.ts';
import { issueToken, listTokens, revokeToken, type TokenRequest } from '../../src/identity/token.service.ts';
import { createUser, listUsers } from '../../src/identity/user.service.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let store: { database: World['database']; tokenSecret: Uint8Array };
let organization: Awaited<ReturnType<World['organization']>>;
let statements: string[];

beforeAll(async () => {
  world = await openWorld({ observe: (text) => statements.push(text) });
  const { rows } = await world.owner.query('select token_secret from installation');
  store = { database: world.database, tokenSecret: new Uint8Array(rows[0].token_secret) };
});
beforeEach(async () => {
  statements = [];
  organization = await world.organization({ currency: 'USD', timeZone: 'Europe/Berlin' });
});
afterAll(() => world.close());

const issue = (request: Partial<TokenRequest>) =>
  issueToken(store, { organizationId: organization.id, ...request });

async function change(tenant: Tenant, statement: ReturnType<typeof sql>): Promise<void> {
  await world.database.write(tenant, (tx) => tx.query(statement));
  forgetSignedIn(world.database);
}

const decoded = (part: string | undefined) => JSON.parse(Buffer.from(part!, 'base64url').toString());
const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('who a token acts as', () => {
  test('ADMIN: the administrator of the organisation', async () => {
    const { token, id } = await issue({ role: Role.ADMIN });
    expect(await authenticate(store, token)).toEqual({
      organizationId: organization.id,
      userId: organization.adminId,
      kind: 'PERSON',
      role: Role.ADMIN,
      name: 'Administrator',
      tokenId: id,
    });
  });

  test('another role: a person named after it when there is none, always the same one', async () => {
    const [first, second] = await Promise.all([issue({ role: Role.SDR }), issue({ role: Role.SDR })]);
    expect(first.userId).toBe(second.userId);
    expect(await authenticate(store, first.token)).toMatchObject({
      kind: 'PERSON',
      role: Role.SDR,
      name: 'SDR',
    });
    const users = await listUsers(world.database, organization.id);
    expect(users.filter(({ role }) => role === Role.SDR)).toEqual([
      {
        ...{ id: first.userId, name: 'SDR', email: null, role: Role.SDR, team: null },
        ...{ isActive: true, isPlaceholder: false },
      },
    ]);
  });

  test('another role: its oldest person who is active and no placeholder', async () => {
    const person = (name: string) =>
      createUser(world.database, organization.id, { name, email: `${name}@kontor.test`, role: Role.AE });
    const [left, imported, anna] = [await person('left'), await person('imported'), await person('anna')];
    await person('berta');
    await change(
      organization.tenant,
      sql`update app_user set is_active = (id <> ${left.id}), is_placeholder = (id = ${imported.id})
        where organization_id = ${organization.id}`,
    );
    expect((await issue({ role: Role.AE })).userId).toBe(anna.id);
  });

  test('SERVICE: nobody, by the name of the token', async () => {
    const { token } = await issue({ role: Role.SERVICE, name: 'Website forms' });
    expect(await authenticate(store, token)).toMatchObject({
      kind: 'SERVICE',
      role: Role.SERVICE,
      userId: null,
      name: 'Website forms',
    });
  });

  test('an e-mail address: that person, in whatever case it is written, with the person’s role', async () => {
    const input = { name: 'Anna Kröger', email: 'Anna@Kontor.test', role: Role.MARKETER } as const;
    const { id } = await createUser(world.database, organization.id, input);
    const { token } = await issue({ email: 'anna@kontor.test' });
    expect(await authenticate(store, token)).toMatchObject({
      userId: id,
      role: Role.MARKETER,
      name: 'Anna Kröger',
    });
    await expect(issue({ email: 'anna@kontor.test', role: Role.ADMIN })).rejects.toThrow(
      'The user anna@kontor.test has the role MARKETER, not ADMIN',
    );
  });

  test('nobody unknown, inactive or imported as a mere owner', async () => {
    const input = { name: 'Anna', email: 'anna@kontor.test', role: Role.AE } as const;
    await expect(issue({ email: input.email })).rejects.toThrow(
      /^No user has the e-mail address .*kontor user list/,
    );
    const { id } = await createUser(world.database, organization.id, input);
    const { token } = await issue({ email: input.email });
    expect(await authenticate(store, token)).toMatchObject({ userId: id });

    const set = (column: string) =>
      change(
        organization.tenant,
        sql`update app_user set is_active = ${column !== 'inactive'},
        is_placeholder = ${column === 'placeholder'} where organization_id = ${organization.id} and id = ${id}`,
      );
    await set('inactive');
    expect(await authenticate(store, token)).toBeNull();
    await expect(issue({ email: input.email })).rejects.toThrow('The user anna@kontor.test is inactive');
    await set('placeholder');
    expect(await authenticate(store, token)).toBeNull();
    await expect(issue({ email: input.email })).rejects.toThrow('No user has the e-mail address');
  });
});

test('a placeholder becomes the person who is created with its e-mail address', async () => {
  const { adminId } = organization;
  await change(
    organization.tenant,
    sql`update app_user set email = 'Owner@kontor.test', email_key = 'owner@kontor.test', is_placeholder = true,
      is_active = false where organization_id = ${organization.id} and id = ${adminId}`,
  );
  const input = { name: 'Olga Owner', email: 'owner@kontor.test', role: Role.AE } as const;
  const user = await createUser(world.database, organization.id, input);
  expect(user).toEqual({ id: adminId, ...input, team: null, isActive: true, isPlaceholder: false });
  expect(await listUsers(world.database, organization.id)).toEqual([user]);
  await expect(createUser(world.database, organization.id, input)).rejects.toThrow('is a user already');
});

describe('a token that holds', () => {
  test('carries ids and times only', async () => {
    const { token, id } = await issue({ role: Role.ADMIN, name: 'Anna’s laptop' });
    const [header, payload] = token.split('.');
    expect(decoded(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(decoded(payload)).toEqual({
      org: organization.id,
      jti: id,
      iss: 'kontor',
      iat: expect.any(Number),
    });
  });

  test('costs no SQL once it is known', async () => {
    const { token } = await issue({ role: Role.ADMIN });
    const principal = await authenticate(store, token);
    await organizationSettings(world.database, principal!);
    statements = [];
    for (let request = 0; request < 5; request++) {
      const again = await authenticate(store, token);
      expect(await organizationSettings(world.database, again!)).toEqual({
        id: organization.id,
        name: organization.name,
        currency: 'USD',
        timeZone: 'Europe/Berlin',
        fiscalYearStartMonth: 1,
      });
    }
    expect(statements).toEqual([]);
  });

  test('costs one statement when many requests come with it at once', async () => {
    const { token } = await issue({ role: Role.ADMIN });
    statements = [];
    await Promise.all(Array.from({ length: 20 }, () => authenticate(store, token)));
    expect(statements).toHaveLength(1);
  });

  test('acts with the role the person has today', async () => {
    const { token } = await issue({ role: Role.SDR });
    await change(
      organization.tenant,
      sql`update app_user set role = 'ANALYST' where organization_id = ${organization.id} and role = 'SDR'`,
    );
    expect(await authenticate(store, token)).toMatchObject({ role: Role.ANALYST });
  });
});

describe('a token does not hold', () => {
  test('when a character of it was changed', async () => {
    const { token } = await issue({ role: Role.ADMIN });
    const [header, payload, signature] = token.split('.');
    const other = (await world.organization()).id;
    const elsewhere = encoded({ ...decoded(payload), org: other });
    const flipped = (signature!.startsWith('A') ? 'B' : 'A') + signature!.slice(1);
    for (const forged of [
      `${header}.${elsewhere}.${signature}`,
      `${header}.${payload}.${flipped}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      '',
      'x'.repeat(100_000),
    ])
      expect(await authenticate(store, forged)).toBeNull();
  });

  test('when somebody else signed it, or nobody', async () => {
    const { token } = await issue({ role: Role.ADMIN });
    const claims = decoded(token.split('.')[1]);
    const otherSecret = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(randomBytes(32));
    const unsigned = `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`;
    const otherAlgorithm = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS512' })
      .sign(Buffer.concat([store.tokenSecret, Buffer.alloc(64)]));
    const otherIssuer = await new SignJWT({ ...claims, iss: 'someone' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(store.tokenSecret);
    const text = `${encoded({ alg: 'none' })}.${encoded(claims)}`;
    const noneButSigned = `${text}.${createHmac('sha256', store.tokenSecret).update(text).digest('base64url')}`;
    for (const forged of [otherSecret, unsigned, otherAlgorithm, otherIssuer, noneButSigned])
      expect(await authenticate(store, forged)).toBeNull();
  });

  test('when it is over, also while it is remembered', async () => {
    const { token, expiresAt } = await issue({ role: Role.ADMIN, expiresInDays: 1 });
    const { exp, ...claims } = decoded(token.split('.')[1]);
    expect(exp).toBe(Math.floor(expiresAt!.getTime() / 1000));
    expect(await authenticate(store, token)).not.toBeNull();
    const tomorrow = jest.spyOn(Date, 'now').mockReturnValue(expiresAt!.getTime());
    try {
      expect(await authenticate(store, token)).toBeNull();
    } finally {
      tomorrow.mockRestore();
    }
    const past = await new SignJWT({ ...claims, exp: claims.iat - 60 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(store.tokenSecret);
    expect(await authenticate(store, past)).toBeNull();
  });

  test('when its row says it is over', async () => {
    const { token } = await issue({ role: Role.ADMIN, expiresInDays: 1 });
    await change(
      organization.tenant,
      sql`update access_token set expires_at = created_at where organization_id = ${organization.id}`,
    );
    expect(await authenticate(store, token)).toBeNull();
  });

  test('after it was revoked', async () => {
    const { token, id } = await issue({ role: Role.ADMIN });
    const kept = await issue({ role: Role.ADMIN });
    expect(await authenticate(store, token)).not.toBeNull();
    expect(await revokeToken(store, (await world.organization()).id, id)).toBe(false);
    expect(await authenticate(store, token)).not.toBeNull();
    expect(await revokeToken(store, organization.id, id)).toBe(true);
    expect(await authenticate(store, token)).toBeNull();
    expect(await authenticate(store, kept.token)).not.toBeNull();
    const rows = await listTokens(world.database, organization.id);
    expect(rows.map((row) => [row.id, row.revokedAt === null])).toEqual([
      [kept.id, true],
      [id, false],
    ]);
  });

  test('when its row is gone, and nothing of it is remembered', async () => {
    const { token, id } = await issue({ role: Role.ADMIN });
    await change(
      organization.tenant,
      sql`delete from access_token where organization_id = ${organization.id} and id = ${id}`,
    );
    statements = [];
    expect(await authenticate(store, token)).toBeNull();
    expect(await authenticate(store, token)).toBeNull();
    expect(statements).toHaveLength(2);
  });
});

test('a life of no days, or of more than ten years, is refused', async () => {
  for (const expiresInDays of [0, -1, 3651, Number.NaN])
    await expect(issue({ role: Role.ADMIN, expiresInDays })).rejects.toThrow('expiresInDays');
});
