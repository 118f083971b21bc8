/**
 * The metrics of leads over plain rows, written from the catalogue (metrics.md) alone: arrays, bigints and Intl's calendar,
 * nothing of the code under test.
 */
export interface Conversion {
  id: string;
  accountId: string | null;
  contactId: string | null;
  opportunityId: string | null;
  accountOutcome: 'CREATED' | 'MERGED' | 'ATTACHED' | null;
  convertedAt: Date;
  revertedAt: Date | null;
  isImported: boolean;
}

export interface Activity {
  type: string;
  direction: 'INBOUND' | 'OUTBOUND' | null;
  isOpen: boolean;
  ownerId: string | null;
  occurredAt: Date;
  /** Of a lead's activity: the contact it was linked to beside, when the lead was converted. */
  contactId: string | null;
}

export interface Handoff {
  id: string;
  handedAt: Date;
  decision: 'ACCEPTED' | 'BOUNCED' | 'WITHDRAWN' | null;
  decidedAt: Date | null;
}

export interface Lead {
  id: string;
  createdAt: Date;
  isEstimated: boolean;
  isDeleted: boolean;
  status: Status;
  source: string | null;
  ownerId: string | null;
  queueId: string | null;
  campaignId: string | null;
  color: string | null;
  mqlAt: Date | null;
  salAt: Date | null;
  sqlAt: Date | null;
  matchedAccountId: string | null;
  email: string | null;
  conversions: Conversion[];
  activities: Activity[];
  handoffs: Handoff[];
}

export interface Status {
  id: string;
  name: string;
  position: number;
  isClosed: boolean;
}

export interface Contact {
  id: string;
  email: string | null;
  createdAt: Date;
  isDeleted: boolean;
  activities: Activity[];
}

export interface Deal {
  id: string;
  isDeleted: boolean;
  closeDate: string;
  /** What history says: each until the next. */
  versions: { from: Date; amount: bigint | null; currency: string; isWon: boolean }[];
}

export interface Rows {
  leads: Lead[];
  contacts: Contact[];
  deals: Deal[];
  /** Hundredths of the organisation's currency per unit, from a date on. */
  rates: { currency: string; from: string; hundredths: bigint }[];
}

export interface View {
  currency: string;
  timeZone: string;
  window: { from: string | null; to: string | null; timeZone: string };
  /** Null: as the rows are now. */
  asOf: Date | null;
  now: Date;
  withinDays: number | null;
  settings: {
    firstResponseMinutes: number;
    handoffHours: number;
    leadActiveDays: number;
    leadAgingDays: number;
  };
}

/** What a metric is about: by which date a lead is in a period. */
export type Population = 'created' | 'open' | 'converted' | 'handed';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const formats = new Map<string, Intl.DateTimeFormat>();

export function localDate(instant: Date, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format)
    formats.set(timeZone, (format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })));
  return format.format(instant);
}

const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY;
const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);

function statistics(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const rank = (percent: number) => (n === 0 ? null : sorted[Math.ceil((n * percent) / 100) - 1]!);
  const middle = Math.floor(n / 2);
  return {
    mean: n === 0 ? null : values.reduce((a, b) => a + b, 0) / n,
    median: n === 0 ? null : n % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2,
    p90: rank(90),
    p95: rank(95),
  };
}

/** The leads of each population, and what is known of them at the moment. */
export class LeadOracle {
  private readonly moment: Date;
  private readonly live: Lead[];

  constructor(
    private readonly rows: Rows,
    private readonly view: View,
  ) {
    const { asOf, now } = view;
    this.moment = asOf ?? now;
    this.live = rows.leads.filter((lead) => !lead.isDeleted && (!asOf || lead.createdAt <= asOf));
  }

  private known(at: Date | null): boolean {
    return at !== null && (!this.view.asOf || at <= this.view.asOf);
  }

  private contains(instant: Date): boolean {
    const { from, to, timeZone } = this.view.window;
    const date = localDate(instant, timeZone);
    return (from === null || date >= from) && (to === null || date < to);
  }

  conversion(lead: Lead): Conversion | undefined {
    return lead.conversions.find(
      ({ convertedAt, revertedAt }) => this.known(convertedAt) && !this.known(revertedAt),
    );
  }

  private isOpen(lead: Lead): boolean {
    if (this.conversion(lead)) return false;
    const convertedLater = lead.conversions.some(({ revertedAt }) => revertedAt === null);
    return convertedLater || !lead.status.isClosed;
  }

  /** The last hand-off in the window that was not withdrawn, as decided by then. */
  handoff(lead: Lead): Handoff | undefined {
    const [last] = this.handoffs(lead);
    return last;
  }

  private handoffs(lead: Lead): Handoff[] {
    return lead.handoffs
      .filter(({ handedAt }) => this.known(handedAt) && this.contains(handedAt))
      .map((one) => (this.known(one.decidedAt) ? one : { ...one, decision: null }))
      .filter(({ decision }) => decision !== 'WITHDRAWN')
      .sort((a, b) => +b.handedAt - +a.handedAt || (a.id < b.id ? 1 : -1));
  }

  population(population: Population): Lead[] {
    return this.live.filter((lead) => {
      const conversion = this.conversion(lead);
      switch (population) {
        case 'created':
          return this.contains(lead.createdAt);
        case 'open':
          return this.isOpen(lead);
        case 'converted':
          return conversion !== undefined && this.contains(conversion.convertedAt);
        case 'handed':
          return this.handoff(lead) !== undefined;
      }
    });
  }

  /** The instant by which a lead of a population is in a period. */
  instantOf(lead: Lead, population: Population): Date {
    if (population === 'converted') return this.conversion(lead)!.convertedAt;
    if (population === 'handed') return this.handoff(lead)!.handedAt;
    return lead.createdAt;
  }

  private response(lead: Lead): number | null {
    const conversion = this.conversion(lead);
    const withContact = [...this.rows.contacts, ...this.rows.leads]
      .flatMap(({ activities }) => activities)
      .filter(({ contactId }) => contactId !== null && contactId === conversion?.contactId);
    const attempts = [
      ...lead.activities,
      ...withContact.filter(({ occurredAt }) => occurredAt >= conversion!.convertedAt),
    ].filter(
      ({ type, direction, isOpen, ownerId, occurredAt }) =>
        ['EMAIL', 'CALL', 'MEETING'].includes(type) &&
        direction === 'OUTBOUND' &&
        !isOpen &&
        ownerId !== null &&
        occurredAt >= lead.createdAt &&
        occurredAt <= this.moment,
    );
    if (attempts.length === 0) return null;
    return Math.min(...attempts.map(({ occurredAt }) => +occurredAt)) - +lead.createdAt;
  }

  private idleDays(lead: Lead): number {
    const done = lead.activities.filter(({ isOpen, occurredAt }) => !isOpen && occurredAt <= this.moment);
    const last =
      done.length === 0 ? lead.createdAt : new Date(Math.max(...done.map((one) => +one.occurredAt)));
    const { timeZone } = this.view;
    return days(localDate(last, timeZone), localDate(this.moment, timeZone));
  }

  private conversionDays(lead: Lead): number {
    const { timeZone } = this.view;
    const { convertedAt } = this.conversion(lead)!;
    return days(localDate(lead.createdAt, timeZone), localDate(convertedAt, timeZone));
  }

  private isContact({ email }: Lead): boolean {
    const same = (other: string | null) => other !== null && other.toLowerCase() === email?.toLowerCase();
    return this.rows.contacts.some(
      (contact) => !contact.isDeleted && this.known(contact.createdAt) && same(contact.email),
    );
  }

  /** The deal a lead led to before any other lead did, as it is at the moment. */
  private dealOf(lead: Lead) {
    const own = this.conversion(lead);
    const deal = this.rows.deals.find(({ id, isDeleted }) => id === own?.opportunityId && !isDeleted);
    const version = deal?.versions.findLast(({ from }) => this.known(from));
    if (!own || !deal || !version) return null;
    const others = this.live.map((other) => this.conversion(other)).filter((one) => one !== undefined);
    const isEarlier = (other: Conversion) =>
      other.opportunityId === own.opportunityId &&
      (+other.convertedAt < +own.convertedAt ||
        (+other.convertedAt === +own.convertedAt && other.id < own.id));
    return others.some(isEarlier) ? null : { ...version, closeDate: deal.closeDate };
  }

  private money(deals: NonNullable<ReturnType<LeadOracle['dealOf']>>[]) {
    const { currency } = this.view;
    let total = 0n;
    const foreign = new Map<string, bigint>();
    for (const deal of deals) {
      if (deal.amount === null) continue;
      const rate = this.rows.rates
        .filter((one) => one.currency === deal.currency && one.from <= deal.closeDate)
        .sort((a, b) => (a.from < b.from ? 1 : -1))[0];
      if (deal.currency === currency) total += deal.amount;
      else if (rate) total += rounded(deal.amount * rate.hundredths, 100n);
      else foreign.set(deal.currency, (foreign.get(deal.currency) ?? 0n) + deal.amount);
    }
    return {
      count: deals.length,
      amount: { amount: decimal(total), currency },
      amountMissing: deals.filter(({ amount }) => amount === null).length,
      unconverted: [...foreign]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([other, amount]) => ({ amount: decimal(amount), currency: other })),
    };
  }

  /** All metrics of the leads that `isIn` says, with the ids behind each, oldest first. */
  metrics(isIn: (lead: Lead, population: Population) => boolean = () => true) {
    const { settings, withinDays } = this.view;
    const of = (population: Population) =>
      this.population(population).filter((lead) => isIn(lead, population));
    const [created, open, converted, handed] = (['created', 'open', 'converted', 'handed'] as const).map(
      of,
    ) as [Lead[], Lead[], Lead[], Lead[]];

    const count = (leads: Lead[]) => ({ count: leads.length, records: page(leads) });
    const rate = (part: Lead[], whole: Lead[]) => ({
      value: ratio(part.length, whole.length),
      numerator: part.length,
      denominator: whole.length,
      records: page(whole),
      numeratorRecords: page(part),
    });
    const duration = (leads: Lead[]) => {
      const values = leads.map((lead) => this.conversionDays(lead));
      const { mean, median, p90 } = statistics(values);
      const negative = values.filter((value) => value < 0).length;
      return {
        meanDays: mean,
        medianDays: median,
        p90Days: p90,
        count: values.length,
        negative,
        leadRecords: page(leads),
      };
    };

    const isConverted = (lead: Lead) => this.conversion(lead) !== undefined;
    const linked = (test: (conversion: Conversion) => boolean) =>
      rate(
        created.filter((lead) => {
          const conversion = this.conversion(lead);
          return conversion !== undefined && test(conversion);
        }),
        created,
      );
    const step = (from: (lead: Lead) => boolean, to: (lead: Lead) => boolean) => {
      const whole = created.filter(from);
      return rate(whole.filter(to), whole);
    };
    const isMql = (lead: Lead) => this.known(lead.mqlAt);
    const isSal = (lead: Lead) => this.known(lead.salAt);
    const isSql = (lead: Lead) => this.known(lead.sqlAt);

    const responses = created.map((lead) => ({ lead, took: this.response(lead) }));
    const answered = responses.filter((one) => one.took !== null);
    const took = answered.map((one) => one.took!);
    const limit = settings.firstResponseMinutes * MINUTE;
    const isLate = ({ lead, took }: (typeof responses)[number]) =>
      took === null && +this.moment - +lead.createdAt > limit;
    const overdue = responses.filter(isLate);
    const inTime = answered.filter((one) => one.took! <= limit);
    const leadsOf = (some: typeof responses) => some.map(({ lead }) => lead);
    const speed = statistics(took);
    const band = (from: number, to: number | null) => ({
      fromMinutes: from,
      toMinutes: to,
      count: took.filter((one) => one >= from * MINUTE && (to === null || one < to * MINUTE)).length,
    });
    const minutes = (value: number | null) => (value === null ? null : value / MINUTE);

    const pending = handed.filter((lead) => this.handoff(lead)!.decision === null);
    const late = pending.filter(
      (lead) => +this.moment - +this.handoff(lead)!.handedAt > settings.handoffHours * 60 * MINUTE,
    );
    const decided = handed.filter((lead) => this.handoff(lead)!.decision !== null);
    const accepted = decided.filter((lead) => this.handoff(lead)!.decision === 'ACCEPTED');
    const waits = decided.map((lead) => +this.handoff(lead)!.decidedAt! - +this.handoff(lead)!.handedAt);
    const wait = statistics(waits);

    const isActive = (lead: Lead) => this.idleDays(lead) <= settings.leadActiveDays;
    const isAging = (lead: Lead) => !isActive(lead) && this.idleDays(lead) <= settings.leadAgingDays;
    const isUnmatched = (lead: Lead) => lead.matchedAccountId === null;
    const ambiguous = rate(
      open.filter((lead) => this.isContact(lead) || isUnmatched(lead)),
      open,
    );

    const first = created.filter((lead) => this.dealOf(lead) !== null);
    const won = first.filter((lead) => this.dealOf(lead)!.isWon);

    return {
      created: count(created),
      createdEstimated: count(created.filter((lead) => lead.isEstimated)),
      open: count(open),
      converted: count(converted),
      convertedImported: count(converted.filter((lead) => this.conversion(lead)!.isImported)),
      conversionCohort: rate(
        created.filter(
          (lead) => isConverted(lead) && (withinDays === null || this.conversionDays(lead) <= withinDays),
        ),
        created,
      ),
      conversionPeriod: rate(converted, created),
      timeToConversion: duration(converted),
      speedToLead: {
        p50Minutes: minutes(speed.median),
        p95Minutes: minutes(speed.p95),
        bands: [band(0, 5), band(5, 15), band(15, 60), band(60, null)],
        answered: answered.length,
        overdue: overdue.length,
        waiting: created.length - answered.length - overdue.length,
        records: page(leadsOf(answered)),
        withinSla: rate(leadsOf(inTime), leadsOf([...answered, ...overdue])),
      },
      handoff: rate(accepted, [...decided, ...late]),
      handoffPending: count(pending),
      handoffOverdue: count(late),
      handoffBounced: count(
        handed.filter((lead) => this.handoffs(lead).some(({ decision }) => decision === 'BOUNCED')),
      ),
      handoffDecision: {
        meanMinutes: minutes(wait.mean),
        medianMinutes: minutes(wait.median),
        p90Minutes: minutes(wait.p90),
        count: waits.length,
        records: page(decided),
      },
      milestones: {
        mql: rate(created.filter(isMql), created),
        sal: step(isMql, isSal),
        sql: step(isSal, isSql),
        converted: step(isSql, isConverted),
        toContact: linked(({ contactId }) => contactId !== null),
        toAccount: linked(({ accountId }) => accountId !== null),
        toNewAccount: linked(
          ({ accountId, accountOutcome }) => accountId !== null && accountOutcome === 'CREATED',
        ),
        toExistingAccount: linked(
          ({ accountId, accountOutcome }) =>
            accountId !== null && (accountOutcome === 'MERGED' || accountOutcome === 'ATTACHED'),
        ),
        toOpportunity: linked(({ opportunityId }) => opportunityId !== null),
      },
      ageing: {
        active: count(open.filter(isActive)),
        aging: count(open.filter(isAging)),
        stale: count(open.filter((lead) => !isActive(lead) && !isAging(lead))),
      },
      ambiguity: {
        inBothStates: count(open.filter((lead) => this.isContact(lead))),
        unmatched: count(open.filter(isUnmatched)),
        ambiguous,
        share: ambiguous.value,
      },
      effectiveness: {
        leads: count(created),
        mql: count(created.filter(isMql)),
        converted: count(created.filter(isConverted)),
        opportunities: count(first),
        won: count(won),
        wonAmount: { ...this.money(won.map((lead) => this.dealOf(lead)!)), records: page(won) },
        timeToConversion: duration(created.filter(isConverted)),
      },
    };
  }
}

export type LeadMetrics = ReturnType<LeadOracle['metrics']>;

function page(leads: Lead[]) {
  const order = (a: Lead, b: Lead) => +a.createdAt - +b.createdAt || (a.id < b.id ? -1 : 1);
  return { totalCount: leads.length, nodes: leads.toSorted(order).map(({ id }) => ({ id })) };
}

/** To the nearest whole, halves away from zero. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const result = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -result : result;
}

/** Minor units with two decimals, as all currencies of these tests have. */
function decimal(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
