import sql from 'sql-template-tag';
import type { AccountEntity } from '../accounts/account.entity.ts';
import type { CompanyKeys } from '../accounts/account-candidates.queries.ts';
import { companyLockKeys } from '../accounts/company-lock.ts';
import type { Transaction } from '../database/database.ts';
import { LeadEntity } from '../leads/lead.entity.ts';
import { ConversionRecords, type ConversionSettings } from './conversion-records.ts';
import type { WrittenConversion } from './conversion.service.ts';
import type { LeadRow } from './batch-locks.ts';
import type { OpportunityChoice } from './targets.ts';

/** What batches before have made: accounts and contacts, and which opportunity is shared at which account. */
export interface EarlierBatches {
  made: readonly string[];
  shared: readonly (readonly [accountId: string, opportunityId: string])[];
}

/** What the leads of a batch have in common: read once, and what those before have made. */
export class Batch {
  /** Accounts and contacts, by their UUIDs. */
  readonly made = new Set<string>();
  /** Account → the opportunity that leads of the batch share there. */
  readonly shared = new Map<string, string>();
  private settings: ConversionSettings | undefined;
  private campaigns: Map<string, string> | undefined;

  constructor(
    private readonly tx: Transaction,
    /** Those there are, locked. */
    readonly leads: ReadonlyMap<string, LeadRow>,
    /** Keys of companies that are locked. */
    readonly companies: ReadonlySet<string>,
  ) {}

  async settingsFor(
    campaignId: string | null,
    read: () => Promise<ConversionSettings>,
  ): Promise<ConversionSettings> {
    this.settings ??= await read();
    this.campaigns ??= await this.campaignNames();
    return { ...this.settings, campaignName: (campaignId && this.campaigns.get(campaignId)) || null };
  }

  goOn({ made, shared }: EarlierBatches): void {
    for (const id of made) this.made.add(id);
    for (const [accountId, opportunityId] of shared) this.shared.set(accountId, opportunityId);
  }

  /** Remembers what a conversion has made for those after it. */
  note({ converted, plan }: WrittenConversion, isSharing: boolean): void {
    const { accountId, contactId, opportunityId } = converted;
    if (!plan.account.existing) this.made.add(accountId);
    if (!plan.contact.existing) this.made.add(contactId);
    if (isSharing && opportunityId) this.shared.set(accountId, opportunityId);
  }

  private async campaignNames(): Promise<Map<string, string>> {
    const ids = [...this.leads.values()].flatMap(({ campaign_id: id }) => id ?? []);
    if (ids.length === 0) return new Map();
    const rows = await this.tx.query<{ id: string; name: string }>(sql`
      select id, name from campaign
      where organization_id = ${this.tx.tenant.organizationId} and id = any(${ids}::uuid[])`);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

/** The records one lead of a batch is planned on. */
export class BatchRecords extends ConversionRecords {
  constructor(
    tx: Transaction,
    private readonly batch: Batch,
    private readonly isSharing: boolean,
  ) {
    super(tx, true);
  }

  override lead(id: string): Promise<LeadEntity | null> {
    const row = this.batch.leads.get(id);
    return Promise.resolve(row ? this.tx.em.map(LeadEntity, row) : null);
  }

  override async company(keys: CompanyKeys): Promise<void> {
    if (companyLockKeys(keys).some((key) => !this.batch.companies.has(key))) await super.company(keys);
  }

  override settings(campaignId: string | null): Promise<ConversionSettings> {
    return this.batch.settingsFor(campaignId, () => super.settings(null));
  }

  override opportunityAt(account: AccountEntity | null, choice: OpportunityChoice): OpportunityChoice {
    const id = this.isSharing && account ? this.batch.shared.get(account.id) : undefined;
    if (id === undefined || choice.kind === 'none') return choice;
    const { role } = choice.kind === 'create' ? choice.draft : choice;
    return { kind: 'existing', id, role, isShared: true };
  }

  override isMadeBefore(id: string): boolean {
    return this.batch.made.has(id);
  }
}
