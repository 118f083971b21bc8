import { encodeId } from '../../src/graphql/ids.ts';

/** Ids of `fillBulk` and `fillLineage`: accounts are of kind 1, campaigns of kind 10. */
export const bulkId = (kind: number, number: number) =>
  `00000000-0000-7000-800${kind.toString(16)}-${number.toString(16).padStart(12, '0')}`;

/** A filter's value as GraphQL, and the index that finds its rows; null when the planner knows there are none. */
type Case = [value: string, index: RegExp | null];

export interface ListCases {
  table: string;
  filterType: string;
  /** The index of the list's order when none is asked for. */
  order: RegExp;
  /** By field, or field and operator: together all of the filter's. */
  filters: Record<string, Case>;
  /** Both indexes of each order: nulls come last in both directions. */
  orders: Record<string, RegExp>;
}

const text = (
  index: RegExp,
  order: RegExp,
  known: string,
  part: string,
  nullable = true,
): Record<string, Case> => ({
  eq: [JSON.stringify(known), index],
  ne: ['"something else"', order],
  in: [JSON.stringify([known, 'something else']), index],
  contains: [JSON.stringify(part), /_pk$/],
  startsWith: [JSON.stringify(known.slice(0, -1)), index],
  // a rare absence is found by the column's index
  'isNull: true': ['true', nullable ? index : null],
  'isNull: false': ['false', order],
});

const id = (index: RegExp, order: RegExp, known: string, isNull: Case): Record<string, Case> => ({
  eq: [`"${known}"`, index],
  in: [`["${known}"]`, index],
  'isNull: true': isNull,
  'isNull: false': ['false', isNull[1] === null ? order : /./],
});

const instant = (index: RegExp, order: RegExp): Record<string, Case> => ({
  gte: ['"2029-01-01T00:00:00Z"', index],
  lt: ['"2024-01-01T00:01:30Z"', index],
  'isNull: true': ['true', null],
  'isNull: false': ['false', order],
});

const day = (index: RegExp): Record<string, Case> => ({
  eq: ['"1960-01-01"', index],
  gte: ['"2086-01-01"', index],
  lt: ['"1951-01-01"', index],
  'isNull: true': ['true', null],
  'isNull: false': ['false', index],
});

const under = (field: string, cases: Record<string, Case>): Record<string, Case> =>
  Object.fromEntries(Object.entries(cases).map(([operator, one]) => [`${field}.${operator}`, one]));

/**
 * Every operator of every filter with values of which there are few: there an index counts. Where most rows match, reading
 * in the list's order and leaving out the others is right, and that is what `order` allows.
 */
export function planCases(userId: string): Record<string, ListCases> {
  const user = encodeId('User', userId);
  const account = encodeId('Account', bulkId(1, 1));
  const queue = encodeId('Queue', bulkId(6, 1));
  const byAccountName = /^account_name_idx$/;
  const byContactName = /^contact_name_idx$/;
  const byCloseDate = /^opportunity_close_date_idx$/;
  const byCreation = /^lead_created_idx$/;
  const byProposal = /^conversion_proposal_proposed_idx$/;
  const byConversion = /^lead_conversion_converted_idx$/;
  const byPerson = /^lead_conversion_(sdr|ae)_idx$/;
  const campaign = encodeId('Campaign', bulkId(10, 1));
  const byCampaignName = /^campaign_name_idx$/;
  const byHandover = /^lead_handoff_handed_idx$/;
  const byTargetStart = /^sales_target_starts_idx$/;
  const byRateDay = /^exchange_rate_list_idx$/;
  return {
    accounts: {
      table: 'account',
      filterType: 'AccountFilter',
      order: byAccountName,
      filters: {
        ...under('id', id(/^account_pk$/, byAccountName, encodeId('Account', bulkId(1, 7)), ['true', null])),
        ...under('name', text(byAccountName, byAccountName, 'Account 777', 'nt 777', false)),
        ...under('domain', text(/^account_domain_idx$/, byAccountName, 'account777.example', 't777.')),
        ...under('industry', text(/^account_industry_idx$/, byAccountName, 'Whaling', 'hali')),
        'tier.eq': ['9', /^account_tier/],
        'tier.in': ['[8, 9]', /^account_tier/],
        'tier.gt': ['8', /^account_tier/],
        'tier.gte': ['9', /^account_tier/],
        'tier.lt': ['1', /^account_tier/],
        'tier.lte': ['0', /^account_tier/],
        // one account in six has no tier
        'tier.isNull: true': ['true', byAccountName],
        'tier.isNull: false': ['false', byAccountName],
        isTarget: ['true', /^account_target_idx$/],
        ...under('owner', id(/^account_owner_idx$/, byAccountName, user, ['true', byAccountName])),
        ...under('parent', id(/^account_parent_idx$/, byAccountName, account, ['true', byAccountName])),
        ...under('createdAt', instant(/^account_created_idx$/, byAccountName)),
      },
      orders: {
        NAME: byAccountName,
        CREATED_AT: /^account_created_idx$/,
        UPDATED_AT: /^account_updated_idx$/,
        TIER: /^account_tier_order(_desc)?_idx$/,
        ANNUAL_REVENUE: /^account_revenue(_desc)?_idx$/,
      },
    },
    contacts: {
      table: 'contact',
      filterType: 'ContactFilter',
      order: byContactName,
      filters: {
        ...under('name', text(byContactName, byContactName, 'First777 Last777', 'ast777', false)),
        ...under('email', text(/^contact_email_idx$/, byContactName, 'p777@account777.example', 'p777@')),
        ...under('account', id(/^contact_account/, byContactName, account, ['true', /^contact_account/])),
        ...under('title', text(/^contact_title_idx$/, byContactName, 'Harpooner', 'arpoo')),
        ...under('owner', id(/^contact_owner_idx$/, byContactName, user, ['true', byContactName])),
        ...under('createdAt', instant(/^contact_created_idx$/, byContactName)),
      },
      orders: {
        NAME: byContactName,
        CREATED_AT: /^contact_created_idx$/,
        UPDATED_AT: /^contact_updated_idx$/,
      },
    },
    opportunities: {
      table: 'opportunity',
      filterType: 'OpportunityFilter',
      order: byCloseDate,
      filters: {
        ...under('name', text(/^opportunity_name_idx$/, byCloseDate, 'Deal 777', 'al 777', false)),
        ...under(
          'account',
          id(/^opportunity_account/, byCloseDate, account, ['true', /^opportunity_account/]),
        ),
        'stage.eq': ['"Prospecting"', /^opportunity_stage_idx$/],
        'stage.ne': ['"Prospecting"', byCloseDate],
        'stage.in': ['["Prospecting"]', /^opportunity_stage_idx$/],
        'stage.contains': ['"ospec"', byCloseDate],
        'stage.startsWith': ['"pros"', byCloseDate],
        'stage.isNull: true': ['true', null],
        'stage.isNull: false': ['false', byCloseDate],
        isClosed: ['false', /^opportunity_closed_idx$/],
        isWon: ['true', /^opportunity_won_idx$/],
        'amount.eq': ['"4999"', /^opportunity_amount/],
        'amount.gt': ['"4998.99"', /^opportunity_amount/],
        'amount.gte': ['"4999"', /^opportunity_amount/],
        'amount.lt': ['"1"', /^opportunity_amount/],
        'amount.lte': ['"0"', /^opportunity_amount/],
        // one in eleven has no amount
        'amount.isNull: true': ['true', byCloseDate],
        'amount.isNull: false': ['false', byCloseDate],
        'closeDate.eq': ['"2024-02-03"', byCloseDate],
        'closeDate.gte': ['"2026-09-01"', byCloseDate],
        'closeDate.lt': ['"2024-02-03"', byCloseDate],
        'closeDate.isNull: true': ['true', null],
        'closeDate.isNull: false': ['false', byCloseDate],
        ...under('createdAt', {
          ...instant(/^opportunity_created_idx$/, byCloseDate),
          lt: ['"2023-12-01T00:00:00Z"', /^opportunity_created_idx$/],
        }),
        ...under('owner', id(/^opportunity_owner_idx$/, byCloseDate, user, ['true', byCloseDate])),
        ...under('campaign', id(/^opportunity_campaign_idx$/, byCloseDate, campaign, ['true', byCloseDate])),
        ...under('source', text(/^opportunity_source_idx$/, byCloseDate, 'Whale song', 'hale')),
      },
      orders: {
        NAME: /^opportunity_name_idx$/,
        AMOUNT: /^opportunity_amount(_desc)?_idx$/,
        CLOSE_DATE: byCloseDate,
        CREATED_AT: /^opportunity_created_idx$/,
        STAGE: /^opportunity_stage_position_idx$/,
      },
    },
    leads: {
      table: 'lead',
      filterType: 'LeadFilter',
      order: byCreation,
      filters: {
        ...under('name', text(/^lead_name_idx$/, byCreation, 'Lead777 Person777', 'son777', false)),
        ...under('email', text(/^lead_email_idx$/, byCreation, 'l777@account777.example', 'l777@')),
        ...under('company', text(/^lead_company/, byCreation, 'Account 777', 'nt 777')),
        'status.eq': ['"Open - Not Contacted"', /^lead_status_idx$/],
        'status.ne': ['"Open - Not Contacted"', byCreation],
        'status.in': ['["Open - Not Contacted"]', /^lead_status_idx$/],
        'status.contains': ['"open"', byCreation],
        'status.startsWith': ['"open"', byCreation],
        'status.isNull: true': ['true', null],
        'status.isNull: false': ['false', byCreation],
        ...under('source', text(/^lead_source_idx$/, byCreation, 'Whale song', 'hale')),
        isConverted: ['false', /^lead_converted_idx$/],
        ...under('owner', id(/^lead_owner_idx$/, byCreation, user, ['true', byCreation])),
        ...under('campaign', id(/^lead_campaign_idx$/, byCreation, campaign, ['true', byCreation])),
        ...under('queue', id(/^lead_queue_idx$/, byCreation, queue, ['true', byCreation])),
        ...under('createdAt', instant(byCreation, byCreation)),
      },
      orders: {
        NAME: /^lead_name_idx$/,
        COMPANY: /^lead_company(_desc)?_idx$/,
        CREATED_AT: byCreation,
        UPDATED_AT: /^lead_updated_idx$/,
        SCORE: /^lead_score(_desc)?_idx$/,
      },
    },
    conversions: {
      table: 'lead_conversion',
      filterType: 'ConversionFilter',
      order: byConversion,
      filters: {
        ...under('convertedAt', instant(byConversion, byConversion)),
        accountOutcome: ['MERGED', /^lead_conversion_account_outcome_idx$/],
        contactOutcome: ['MERGED', /^lead_conversion_contact_outcome_idx$/],
        opportunityOutcome: ['ATTACHED', /^lead_conversion_opportunity_outcome_idx$/],
        ...under('sdr', id(/^lead_conversion_sdr_idx$/, byConversion, user, ['true', byPerson])),
        ...under('ae', id(/^lead_conversion_ae_idx$/, byConversion, user, ['true', byPerson])),
        ...under(
          'convertedBy',
          id(/^lead_conversion_converted_by_idx$/, byConversion, user, ['true', byConversion]),
        ),
        ...under('source', text(/^lead_source_idx$/, byConversion, 'Whale song', 'hale')),
        isReverted: ['true', /^lead_conversion_reverted_idx$/],
      },
      orders: {},
    },
    leadHandoffs: {
      table: 'lead_handoff',
      filterType: 'LeadHandoffFilter',
      order: byHandover,
      filters: {
        ...under('to', id(/^lead_handoff_to_user_idx$/, byHandover, user, ['true', null])),
        ...under(
          'from',
          id(/^lead_handoff_from_user_idx$/, byHandover, user, ['true', /_(from_user|handed)_idx$/]),
        ),
        state: ['PENDING', /^lead_handoff_(waiting|inbox)_idx$/],
        'state: decided': ['BOUNCED', /^lead_handoff_decision_idx$/],
        ...under('handedAt', instant(byHandover, byHandover)),
      },
      orders: {},
    },
    campaigns: {
      table: 'campaign',
      filterType: 'CampaignFilter',
      order: byCampaignName,
      filters: {
        ...under('name', text(byCampaignName, byCampaignName, 'Campaign 777', 'gn 777', false)),
        ...under('type', text(/^campaign_type_idx$/, byCampaignName, 'Whaling', 'hali')),
        isActive: ['false', /^campaign_active_idx$/],
        'startDate.eq': ['"2024-02-03"', /^campaign_start/],
        'startDate.gte': ['"2026-09-26"', /^campaign_start/],
        'startDate.lt': ['"2024-01-02"', /^campaign_start/],
        // one in eleven has no first day
        'startDate.isNull: true': ['true', /^campaign_(name|start)/],
        'startDate.isNull: false': ['false', byCampaignName],
        ...under('createdAt', instant(/^campaign_created_idx$/, byCampaignName)),
        ...under('owner', id(/^campaign_owner_idx$/, byCampaignName, user, ['true', byCampaignName])),
      },
      orders: {
        NAME: byCampaignName,
        CREATED_AT: /^campaign_created_idx$/,
        START_DATE: /^campaign_start(_desc)?_idx$/,
      },
    },
    salesTargets: {
      table: 'sales_target',
      filterType: 'SalesTargetFilter',
      order: byTargetStart,
      filters: {
        ...under(
          'owner',
          id(/^sales_target_(owner|unique)_idx$/, byTargetStart, user, [
            'true',
            /^sales_target_(owner|whole|starts)_idx$/,
          ]),
        ),
        ...under('from', day(byTargetStart)),
      },
      orders: {},
    },
    exchangeRates: {
      table: 'exchange_rate',
      filterType: 'ExchangeRateFilter',
      order: byRateDay,
      filters: {
        currency: ['"USD"', /^exchange_rate_(unique|list_idx)$/],
        ...under('validFrom', day(byRateDay)),
      },
      orders: {},
    },
    conversionProposals: {
      table: 'conversion_proposal',
      filterType: 'ConversionProposalFilter',
      order: byProposal,
      filters: {
        ...under(
          'lead',
          id(/^conversion_proposal_lead_idx$/, byProposal, encodeId('Lead', bulkId(4, 7)), ['true', null]),
        ),
        ...under(
          'proposedBy',
          id(/^conversion_proposal_proposed_by_idx$/, byProposal, user, ['true', byProposal]),
        ),
        ...under('proposedAt', {
          ...instant(byProposal, byProposal),
          lt: ['"2025-05-01T00:01:30Z"', byProposal],
        }),
      },
      orders: {},
    },
  };
}

/** Lists under a parent (by the root list of the same, else by their table), and the index of the reference to it. */
export const NESTED: [path: string, list: string, index: RegExp][] = [
  ['accounts contacts', 'contacts', /^contact_account/],
  ['accounts opportunities', 'opportunities', /^opportunity_account_idx$/],
  ['accounts leads', 'leads', /^lead_account_idx$/],
  ['accounts conversions', 'conversions', /^lead_conversion_account_idx$/],
  ['leads handoffs', 'leadHandoffs', /^lead_handoff_lead_idx$/],
  ['leads conversions', 'conversions', /^lead_conversion_lead_idx$/],
  ['accounts children', 'accounts', /^account_parent_idx$/],
  ['contacts opportunities', 'opportunities', /^opportunity_contact_role_contact_idx$/],
  ['contacts conversions', 'conversions', /^lead_conversion_contact_idx$/],
  ['leads proposals', 'conversionProposals', /^conversion_proposal_lead_idx$/],
  ['opportunities conversions', 'conversions', /^lead_conversion_opportunity_idx$/],
  ['campaigns members', 'campaign_member', /^campaign_member_campaign_idx$/],
  ['campaigns opportunities', 'opportunities', /^opportunity_campaign_idx$/],
  ['leads campaigns', 'campaign_member', /^campaign_member_lead_/],
  ['contacts campaigns', 'campaign_member', /^campaign_member_contact_/],
  ['accounts activities', 'activity', /^activity_account_idx$/],
  ['leads activities', 'activity', /^activity_lead_idx$/],
  ['contacts activities', 'activity', /^activity_contact_idx$/],
  ['opportunities activities', 'activity', /^activity_opportunity_idx$/],
];

/** Filters of several conditions; any one of the indexes will do. */
export const COMBINED: [list: string, filter: string, index: RegExp][] = [
  [
    'leadHandoffs',
    `to: { eq: "${encodeId('User', bulkId(8, 1))}" }, state: PENDING`,
    /^lead_handoff_(inbox|waiting)_idx$/,
  ],
  [
    'accounts',
    'industry: { eq: "Industry 7" }, tier: { eq: 3 }, isTarget: true',
    /^account_(industry|tier|target)/,
  ],
  ['accounts', 'industry: { eq: "Whaling" }, isTarget: false, tier: { gte: 3 }', /^account_(industry|tier)/],
  ['accounts', 'or: [{ industry: { eq: "Whaling" } }, { tier: { eq: 9 } }]', /^account_(industry|tier)/],
  ['accounts', 'and: [{ name: { contains: "777" } }, { not: { isTarget: true } }]', /^account_pk$/],
  ['accounts', 'not: { or: [{ isTarget: true }, { tier: { lte: 3 } }] }', /^account_name_idx$/],
  [
    'opportunities',
    'isClosed: false, closeDate: { lt: "2024-02-03" }',
    /^opportunity_(closed|close_date)_idx$/,
  ],
  [
    'leads',
    'isConverted: false, createdAt: { lt: "2024-01-02T00:00:00Z" }',
    /^lead_(converted|created)_idx$/,
  ],
];

/** Conditions that most rows meet, whose plan for all values reads in the list's order: few rows would take long there. */
export const BROAD: [list: string, filter: string][] = [
  ['accounts', 'tier: { gt: 0 }'],
  ['accounts', 'tier: { gte: 1 }'],
  ['accounts', 'tier: { lt: 9 }'],
  ['accounts', 'tier: { lte: 9 }'],
  ['accounts', 'tier: { in: [1, 2, 3] }'],
  ['accounts', 'industry: { in: ["Industry 1", "Industry 2", "Industry 3"] }'],
  ['accounts', 'createdAt: { gte: "2000-01-01T00:00:00Z" }'],
  ['accounts', 'createdAt: { lt: "2100-01-01T00:00:00Z" }'],
  ['opportunities', 'amount: { gt: "0" }'],
  ['opportunities', 'amount: { lte: "100000" }'],
  ['opportunities', 'createdAt: { gte: "2000-01-01T00:00:00Z" }'],
  ['contacts', 'createdAt: { lt: "2100-01-01T00:00:00Z" }'],
];
