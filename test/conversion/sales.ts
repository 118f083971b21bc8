import 'reflect-metadata';
import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AccountEntity } from '../../src/accounts/account.entity.ts';
import { accountKeys } from '../../src/accounts/account.keys.ts';
import { registrableDomain } from '../../src/accounts/company.ts';
import { ContactEntity } from '../../src/contacts/contact.entity.ts';
import { contactKeys } from '../../src/contacts/contact.keys.ts';
import type { ConvertLeadInput } from '../../src/conversion/conversion.inputs.ts';
import { convertLead, type ConvertedLead } from '../../src/conversion/conversion.service.ts';
import type { Transaction } from '../../src/database/database.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Refusal, type UserErrorData } from '../../src/graphql/user-error.ts';
import {
  LeadStatusEntity,
  QueueEntity,
  StageEntity,
  UserEntity,
} from '../../src/identity/identity.entity.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Organization, OrganizationInput } from '../../src/identity/organization.service.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { LeadEntity } from '../../src/leads/lead.entity.ts';
import { leadKeys } from '../../src/leads/lead.keys.ts';
import { OpportunityEntity } from '../../src/opportunities/opportunity.entity.ts';
import { recordVersion } from '../../src/opportunities/opportunity-history.ts';
import { opportunityKeys } from '../../src/opportunities/opportunity.keys.ts';
import { tenantTables } from '../../migrations/tenant-tables.ts';
import type { World } from '../support/world.ts';

export const created = new Date('2026-01-05T09:00:00Z');
const tracked = { createdAt: created, updatedAt: created };

type Row = Record<string, unknown>;

/** One organisation with records to convert, and conversions in it. Ids are UUIDs; inputs take them as the API does. */
export class Sales {
  /** Transactions begun to convert; more than conversions when PostgreSQL had to break a deadlock. */
  attempts = 0;
  private shared: Transaction | undefined;

  private constructor(
    readonly world: World,
    readonly organization: Organization,
    readonly admin: Principal,
  ) {}

  static async open(world: World, input: Partial<OrganizationInput> = {}): Promise<Sales> {
    const { adminId, tenant, ...organization } = await world.organization(input);
    const admin: Principal = {
      ...tenant,
      userId: adminId,
      kind: 'PERSON',
      role: Role.ADMIN,
      name: 'Ann',
      tokenId: 't',
    };
    return new Sales(world, organization, admin);
  }

  get ownerId(): string {
    return this.admin.userId!;
  }

  /** What is added by `work` is written in one transaction: quicker, and there for everybody only at its end. */
  async together<R>(work: () => Promise<R>): Promise<R> {
    return await this.world.database.write(this.admin, async (tx) => {
      this.shared = tx;
      try {
        return await work();
      } finally {
        this.shared = undefined;
      }
    });
  }

  async insert(
    work: (row: { organizationId: string; id: string }) => (tx: Transaction) => unknown,
  ): Promise<string> {
    const id = uuidv7();
    const add = async (tx: Transaction) => {
      await work({ organizationId: this.organization.id, id })(tx);
      await tx.em.flush();
    };
    await (this.shared ? add(this.shared) : this.world.database.write(this.admin, add));
    return id;
  }

  user(name: string, fields: Partial<UserEntity> = {}): Promise<string> {
    return this.insert(
      (row) =>
        ({ em }) =>
          em.create(UserEntity, { ...row, name, role: Role.AE, ...tracked, ...fields }),
    );
  }

  queue(name: string): Promise<string> {
    return this.insert(
      (row) =>
        ({ em }) =>
          em.create(QueueEntity, { ...row, name, ...tracked }),
    );
  }

  account(name: string, fields: Partial<AccountEntity> = {}): Promise<string> {
    return this.insert((row) => ({ em }) => {
      const columns = { name, domain: registrableDomain(fields.website), ...fields };
      em.create(AccountEntity, { ...row, ...columns, ...accountKeys(columns), ...tracked });
    });
  }

  contact(lastName: string, fields: Partial<ContactEntity> = {}): Promise<string> {
    return this.insert((row) => ({ em }) => {
      const columns = { lastName, ...fields };
      em.create(ContactEntity, { ...row, ...columns, ...contactKeys(columns), ...tracked });
    });
  }

  /** Owned by the admin unless told otherwise. */
  lead(fields: Partial<LeadEntity> = {}): Promise<string> {
    return this.insert((row) => async ({ em }) => {
      const { organizationId } = row;
      const status = await em.findOneOrFail(LeadStatusEntity, { organizationId, position: 1 });
      const columns = { lastName: 'Gonzalez', ownerId: this.ownerId, statusId: status.id, ...fields };
      em.create(LeadEntity, { ...row, ...columns, ...leadKeys(columns), ...tracked });
    });
  }

  opportunity(
    name: string,
    fields: Partial<OpportunityEntity> & { position?: number } = {},
  ): Promise<string> {
    return this.insert((row) => async (tx) => {
      const { organizationId } = row;
      const { position = 2, ...rest } = fields;
      const stage = await tx.em.findOneOrFail(StageEntity, { organizationId, position });
      const { id: stageId, probability, forecastCategory, isClosed, isWon } = stage;
      const columns = {
        name,
        stageId,
        stagePosition: position,
        probability,
        forecastCategory,
        isClosed,
        isWon,
        ...rest,
      };
      const opportunity = tx.em.create(OpportunityEntity, {
        ...row,
        currency: 'EUR',
        closeDate: '2026-03-31',
        closedAt: isClosed ? created : null,
        ...columns,
        ...opportunityKeys(columns),
        ...tracked,
      });
      await tx.em.flush();
      await recordVersion(tx, opportunity, created);
    });
  }

  convert(
    leadId: string,
    input: Omit<ConvertLeadInput, 'lead'> = {},
    as: Principal = this.admin,
  ): Promise<ConvertedLead> {
    return this.world.database.write(as, (tx) => {
      this.attempts++;
      return convertLead(tx, as, this.organization, { lead: encodeId('Lead', leadId), ...input });
    });
  }

  /** The errors a conversion is refused with; fails when it is not, or when anything was written. */
  async refusal(
    leadId: string,
    input: Omit<ConvertLeadInput, 'lead'> = {},
    as?: Principal,
  ): Promise<UserErrorData> {
    const before = await this.everything();
    const error: unknown = await this.convert(leadId, input, as).then(
      () => new Error('It was converted'),
      (caught: unknown) => caught,
    );
    if (!(error instanceof Refusal)) throw error;
    expect(await this.everything()).toEqual(before);
    expect(error.errors).toHaveLength(1);
    return error.errors[0]!;
  }

  async setPolicies(
    duplicate: 'BLOCK' | 'WARN' | 'ALLOW',
    similar: 'BLOCK' | 'WARN' | 'ALLOW',
  ): Promise<void> {
    await this.world.database.write(this.admin, (tx) =>
      tx.query(
        sql`update organization set duplicate_policy = ${duplicate}, similar_policy = ${similar} where id = ${this.organization.id}`,
      ),
    );
  }

  rows<T extends object = Row>(table: string, where = 'true'): Promise<T[]> {
    return this.world.database.read(this.admin, (snapshot) =>
      snapshot.query<T>(
        sql`select * from ${raw(table)} where organization_id = ${this.organization.id} and ${raw(where)} order by id`,
      ),
    );
  }

  async row(table: string, id: string): Promise<Row> {
    const [row] = await this.rows(table, `id = '${id}'`);
    if (!row) throw new Error(`No such ${table}: ${id}`);
    return row;
  }

  async count(table: string): Promise<number> {
    return (await this.rows(table)).length;
  }

  /** Every row of every table of the organisation, apart from locks, which hold nothing. */
  async everything(): Promise<Record<string, Row[]>> {
    const tables = tenantTables.filter((table) => table !== 'company_lock');
    return this.world.database.read(this.admin, async (snapshot) => {
      const rows: Record<string, Row[]> = {};
      for (const table of tables)
        rows[table] = await snapshot.query(
          sql`select * from ${raw(table)} t where t.organization_id = ${this.organization.id} order by t::text`,
        );
      return rows;
    });
  }
}

/** The results of many at once: those done, and the errors of those refused. */
export async function settled(conversions: Promise<ConvertedLead>[]) {
  const done: ConvertedLead[] = [];
  const refused: UserErrorData[] = [];
  for (const outcome of await Promise.allSettled(conversions)) {
    if (outcome.status === 'fulfilled') done.push(outcome.value);
    else if (outcome.reason instanceof Refusal) refused.push(...outcome.reason.errors);
    else throw outcome.reason;
  }
  return { done, refused };
}
