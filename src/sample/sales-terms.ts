import { BuyingRole } from '../contacts/contact.enums.ts';

/** The sales side's words: jobs, sources, campaigns, deals. */

export const JOBS: { title: string; buyingRole: BuyingRole }[] = [
  { title: 'Chief Executive Officer', buyingRole: BuyingRole.DECISION_MAKER },
  { title: 'Managing Director', buyingRole: BuyingRole.DECISION_MAKER },
  { title: 'Chief Financial Officer', buyingRole: BuyingRole.ECONOMIC_BUYER },
  { title: 'Head of Procurement', buyingRole: BuyingRole.ECONOMIC_BUYER },
  { title: 'Chief Technology Officer', buyingRole: BuyingRole.TECHNICAL_BUYER },
  { title: 'IT Architect', buyingRole: BuyingRole.TECHNICAL_BUYER },
  { title: 'Head of Sales Operations', buyingRole: BuyingRole.CHAMPION },
  { title: 'VP Sales', buyingRole: BuyingRole.CHAMPION },
  { title: 'Marketing Director', buyingRole: BuyingRole.INFLUENCER },
  { title: 'Operations Manager', buyingRole: BuyingRole.INFLUENCER },
  { title: 'Sales Analyst', buyingRole: BuyingRole.USER },
  { title: 'Account Coordinator', buyingRole: BuyingRole.USER },
  { title: 'Data Protection Officer', buyingRole: BuyingRole.BLOCKER },
];

/** Leads are always inbound; the blank ones came without a source. */
export const LEAD_SOURCES = [
  ['Web', 34],
  ['Webinar', 18],
  ['Content Download', 16],
  ['Trade Show', 14],
  ['Paid Search', 10],
  ['Referral', 8],
  ['', 5],
] as const;

export const OPPORTUNITY_SOURCES = [
  ['Outbound', 30],
  ['Existing Customer', 22],
  ['Partner', 14],
  ['Referral', 14],
  ['Trade Show', 8],
  ['', 8],
] as const;

/** `startsDaysAgo`: negative for one to come. `brings`: the source of the leads it brought. */
export const CAMPAIGNS = [
  { name: 'Autumn Trade Show', type: 'Trade Show', startsDaysAgo: 690, days: 5, cost: 24_000, budget: 25_000, brings: 'Trade Show' },
  { name: 'Pipeline Health Webinar', type: 'Webinar', startsDaysAgo: 560, days: 30, cost: 6_500, budget: 6_000, brings: 'Webinar' },
  { name: 'Account Planning Guide', type: 'Content', startsDaysAgo: 470, days: 150, cost: 9_800, budget: 12_000, brings: 'Content Download' },
  { name: 'Spring Field Day', type: 'Trade Show', startsDaysAgo: 330, days: 4, cost: 31_500, budget: 28_000, brings: 'Trade Show' },
  { name: 'Target Account Search Ads', type: 'Advertising', startsDaysAgo: 300, days: 270, cost: 18_200, budget: 20_000, brings: 'Paid Search' },
  { name: 'Forecasting Webinar Series', type: 'Webinar', startsDaysAgo: 210, days: 120, cost: 8_400, budget: 9_000, brings: 'Webinar' },
  { name: 'Buying Group Playbook', type: 'Content', startsDaysAgo: 95, days: 180, cost: 7_300, budget: 10_000, brings: 'Content Download' },
  { name: 'Executive Dinner', type: 'Event', startsDaysAgo: -30, days: 1, cost: null, budget: 12_000, brings: null },
] as const; // prettier-ignore

export const NEW_DEALS = ['Platform', 'Pilot', 'Rollout', 'Team Licences', 'Data Migration'];
export const FURTHER_DEALS = ['Expansion', 'Add-on', 'Second Site', 'Renewal', 'Upgrade'];
export const LOST_REASONS = ['Price', 'Competitor', 'No decision', 'No budget', 'Timing', 'Missing feature'];
export const NEXT_STEPS = [
  'Send proposal',
  'Demo for the buying group',
  'Meet the economic buyer',
  'Security review',
  'Agree on a start date',
  'Call back after their planning round',
];
export const LEAD_NOTES = [
  'Asked for a demo of the account view.',
  'Compares three vendors this quarter.',
  'Wants to replace spreadsheets.',
  'Read the planning guide, asked for prices.',
  'Met at the stand; interested in forecasting.',
];
export const REFERRAL_PARTNER_NOTE = 'Referral partner, not employed by an account.';

export const HANDOFF_NOTES = [
  'Wants a demo for three people',
  'Has a budget for this year',
  'Compares us with two others',
  'Asked for references in the industry',
];
export const BOUNCE_REASONS = ['No budget this year', 'Too small for us', 'Did not answer three calls'];
