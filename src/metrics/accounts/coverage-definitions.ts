import sql, { type Sql } from 'sql-template-tag';
import type { MetricText } from '../catalogue.ts';
import { MetricUnit } from '../metric.enums.ts';
import type { MetricSettings } from '../metric-settings.ts';
import type { MetricView } from '../metric-view.ts';
import {
  engagementStart,
  INBOUND,
  inboundActivities,
  inWindow,
  isKnown,
  isMqa,
  TOUCH,
  touches,
} from './account-activity.ts';

/** What coverage is computed from, per target account `t`; only what a selected metric needs. */
export const facts = {
  contacts: (view: MetricView) => sql`(
      select count(*) from contact c where ${isKnown(view, sql`c`)} and c.account_id = t.id)`,
  /** The required roles that are filled, each once. */
  roles: (view: MetricView, settings: MetricSettings) => {
    const required = sql`any(${requiredRoles(settings)}::text[])`;
    return sql`array(
      select c.buying_role from contact c
      where ${isKnown(view, sql`c`)} and c.account_id = t.id and c.buying_role = ${required}
      union
      select r.role from contact c
      join opportunity_contact_role r on r.organization_id = ${view.organization.id} and r.contact_id = c.id
        and r.created_at <= ${view.moment}::timestamptz and r.role = ${required}
      join opportunity o on ${isKnown(view, sql`o`)} and o.id = r.opportunity_id and o.account_id = t.id
      where ${isKnown(view, sql`c`)} and c.account_id = t.id)`;
  },
  reached: (view: MetricView, settings: MetricSettings) => sql`exists (
      select from (${touches(view, settings, ofAccount)}) touch where ${inWindow(view, sql`touch.at`)})`,
  mqa: (view: MetricView, settings: MetricSettings) => sql`exists (
      select from (${inboundActivities(view, settings, ofAccount)}) inbound
      where inbound.minutes > 0 and inbound.at >= ${engagementStart(sql`${view.moment}::timestamptz`, settings)}
      having ${isMqa(settings)})`,
};

export type Fact = keyof typeof facts;

const ofAccount = (account: Sql) => sql`${account} = t.id`;

export const requiredRoles = ({ requiredBuyingRoles }: MetricSettings) => [...new Set(requiredBuyingRoles)];

interface Definition extends MetricText {
  fact: Fact | null;
}

/** A share of target accounts, or of what each of them is to have. */
interface AccountRate extends Definition {
  shape: 'rate';
  /** Has the account what is asked for? Over its fact. */
  isIn: (fact: Sql, settings: MetricSettings) => Sql;
  /** What it adds to numerator and denominator; absent: 1 if it has it, and 1. */
  parts?: (fact: Sql, settings: MetricSettings) => { numerator: Sql; denominator: Sql };
  /** Without required roles nothing is counted. */
  needsRoles?: boolean;
}

interface Other extends Definition {
  shape: 'count' | 'mean' | 'roles';
}

type CoverageDefinition = AccountRate | Other;

const rate = { shape: 'rate', unit: MetricUnit.RATIO, emptyValue: 'null' } as const;

/** The catalogue of account coverage: text and SQL of each metric side by side. */
export const coverageDefinitions = {
  targetAccounts: {
    shape: 'count',
    label: 'Target accounts',
    formula: 'Accounts that are marked as targets (as they are marked now).',
    unit: MetricUnit.COUNT,
    emptyValue: '0',
    fact: null,
  },
  withContacts: {
    ...rate,
    key: 'contactCoverage',
    label: 'Contact coverage',
    formula: 'Target accounts with at least one contact ÷ target accounts.',
    fact: 'contacts',
    isIn: (contacts) => sql`${contacts} > 0`,
  },
  contactDensity: {
    shape: 'mean',
    label: 'Contact density',
    formula: 'Contacts of target accounts ÷ target accounts; those without contacts stay in.',
    unit: MetricUnit.RATIO,
    emptyValue: 'null',
    fact: 'contacts',
  },
  buyingGroup: {
    ...rate,
    key: 'buyingGroupCoverage',
    label: 'Buying group coverage',
    formula:
      'Required buying roles that are filled ÷ required buying roles (settings), over target accounts. A role is filled by a contact of the account whose buying role it is, or who has it on an opportunity of the account. Null without required roles.',
    fact: 'roles',
    needsRoles: true,
    isIn: (roles) => sql`cardinality(${roles}) > 0`,
    parts: (roles, settings) => ({
      numerator: sql`cardinality(${roles})`,
      denominator: sql`${requiredRoles(settings).length}::integer`,
    }),
  },
  completeGroups: {
    ...rate,
    label: 'Complete buying groups',
    formula:
      'Target accounts with every required buying role filled (as for buyingGroupCoverage) ÷ target accounts. Null without required roles.',
    fact: 'roles',
    needsRoles: true,
    isIn: (roles, settings) => sql`cardinality(${roles}) = ${requiredRoles(settings).length}::integer`,
  },
  missingRoles: {
    shape: 'roles',
    label: 'Missing buying roles',
    formula:
      'The required buying roles that at least one target account has not filled (as for buyingGroupCoverage).',
    unit: MetricUnit.COUNT,
    emptyValue: '0',
    fact: 'roles',
  },
  reach: {
    ...rate,
    label: 'Reach',
    formula: `Target accounts with at least one touch in the window ÷ target accounts. A touch is ${TOUCH}.`,
    fact: 'reached',
    isIn: (reached) => reached,
  },
  mqa: {
    ...rate,
    label: 'Marketing-qualified accounts',
    formula: `Target accounts that are marketing-qualified ÷ target accounts: with at least 100 minutes, by at least 2 people, in the 3 months up to the moment (all three are settings). Minutes and people are those of ${INBOUND}; people are counted with more than 0 minutes. A window does not restrict it.`,
    fact: 'mqa',
    isIn: (mqa) => mqa,
  },
} as const satisfies Record<string, CoverageDefinition>;

export type CoverageKey = keyof typeof coverageDefinitions;

export const coverageKeys = Object.keys(coverageDefinitions) as CoverageKey[];

export function coverageDefinition(key: CoverageKey): CoverageDefinition {
  return coverageDefinitions[key];
}
