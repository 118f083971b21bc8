import { registerEnumType } from 'type-graphql';

export enum MetricUnit {
  COUNT = 'COUNT',
  MONEY = 'MONEY',
  RATIO = 'RATIO',
  DAYS = 'DAYS',
  MONEY_PER_DAY = 'MONEY_PER_DAY',
  MINUTES = 'MINUTES',
  CATEGORY = 'CATEGORY',
}
registerEnumType(MetricUnit, {
  name: 'MetricUnit',
  description: 'What a metric is measured in.',
  valuesConfig: {
    COUNT: { description: 'A number of records.' },
    MONEY: { description: "An amount in the organisation's currency." },
    RATIO: { description: 'A share of a whole: 0.6 is 60 %.' },
    DAYS: { description: 'Calendar days.' },
    MONEY_PER_DAY: { description: "An amount in the organisation's currency per calendar day." },
    MINUTES: { description: 'Minutes.' },
    CATEGORY: { description: 'One of a list of names.' },
  },
});

export enum AmountBasis {
  CURRENT = 'CURRENT',
  AT_CREATION = 'AT_CREATION',
}
registerEnumType(AmountBasis, {
  name: 'AmountBasis',
  description: 'Which amount pipelineCreated adds up.',
  valuesConfig: {
    CURRENT: { description: 'The amount at the moment in question.' },
    AT_CREATION: { description: 'The first amount in the history of the opportunity.' },
  },
});

export enum Comparison {
  PREVIOUS = 'PREVIOUS',
  LAST_YEAR = 'LAST_YEAR',
}
registerEnumType(Comparison, {
  name: 'Comparison',
  description: 'The window that `comparison` is about.',
  valuesConfig: {
    PREVIOUS: {
      description: 'The one before: of a named period the period before, of dates as many days before.',
    },
    LAST_YEAR: { description: 'The same a year before; of a week, 52 weeks before.' },
  },
});

export enum Interval {
  DAY = 'DAY',
  WEEK = 'WEEK',
  MONTH = 'MONTH',
  QUARTER = 'QUARTER',
  YEAR = 'YEAR',
  FISCAL_QUARTER = 'FISCAL_QUARTER',
  FISCAL_YEAR = 'FISCAL_YEAR',
}
registerEnumType(Interval, {
  name: 'Interval',
  description: 'The length of periods.',
  valuesConfig: {
    DAY: { description: 'Days.' },
    WEEK: { description: 'Weeks, from Monday.' },
    MONTH: { description: 'Calendar months.' },
    QUARTER: { description: 'Calendar quarters.' },
    YEAR: { description: 'Calendar years.' },
    FISCAL_QUARTER: { description: "Quarters of the organisation's fiscal year." },
    FISCAL_YEAR: { description: 'Fiscal years.' },
  },
});

export enum MetricDimension {
  ACCOUNT = 'ACCOUNT',
  TIER = 'TIER',
  INDUSTRY = 'INDUSTRY',
  TYPE = 'TYPE',
  COUNTRY = 'COUNTRY',
  JOURNEY_STAGE = 'JOURNEY_STAGE',
  OWNER = 'OWNER',
  TEAM = 'TEAM',
  STAGE = 'STAGE',
  SOURCE = 'SOURCE',
  CAMPAIGN = 'CAMPAIGN',
  CUSTOM_FIELD = 'CUSTOM_FIELD',
  DAY = 'DAY',
  WEEK = 'WEEK',
  MONTH = 'MONTH',
  QUARTER = 'QUARTER',
  YEAR = 'YEAR',
  FISCAL_QUARTER = 'FISCAL_QUARTER',
  FISCAL_YEAR = 'FISCAL_YEAR',
}
registerEnumType(MetricDimension, {
  name: 'MetricDimension',
  description:
    'What metrics of opportunities are grouped by. Periods: what was created goes by createdAt, everything else by closeDate.',
  valuesConfig: {
    ACCOUNT: { description: 'Their account.' },
    TIER: { description: 'The tier of their account.' },
    INDUSTRY: { description: 'The industry of their account, whatever its case and accents.' },
    TYPE: { description: 'The type of their account.' },
    COUNTRY: { description: 'The country of their account, whatever its case.' },
    JOURNEY_STAGE: { description: 'The journey stage of their account.' },
    OWNER: { description: 'Their owner.' },
    TEAM: { description: "Their owner's team." },
    STAGE: { description: 'Their stage.' },
    SOURCE: { description: 'Their source, whatever its case and accents.' },
    CAMPAIGN: { description: 'Their primary campaign.' },
    CUSTOM_FIELD: {
      description:
        'The value of the custom field that `customField` names; texts as they are written: `north` is not `North`.',
    },
    DAY: { description: 'Days.' },
    WEEK: { description: 'Weeks, from Monday.' },
    MONTH: { description: 'Calendar months.' },
    QUARTER: { description: 'Calendar quarters.' },
    YEAR: { description: 'Calendar years.' },
    FISCAL_QUARTER: { description: "Quarters of the organisation's fiscal year." },
    FISCAL_YEAR: { description: 'Fiscal years.' },
  },
});

export enum NamedWindow {
  TODAY = 'TODAY',
  THIS_WEEK = 'THIS_WEEK',
  LAST_WEEK = 'LAST_WEEK',
  THIS_MONTH = 'THIS_MONTH',
  LAST_MONTH = 'LAST_MONTH',
  THIS_QUARTER = 'THIS_QUARTER',
  LAST_QUARTER = 'LAST_QUARTER',
  THIS_YEAR = 'THIS_YEAR',
  LAST_YEAR = 'LAST_YEAR',
  THIS_FISCAL_QUARTER = 'THIS_FISCAL_QUARTER',
  LAST_FISCAL_QUARTER = 'LAST_FISCAL_QUARTER',
  THIS_FISCAL_YEAR = 'THIS_FISCAL_YEAR',
  LAST_FISCAL_YEAR = 'LAST_FISCAL_YEAR',
  LAST_30_DAYS = 'LAST_30_DAYS',
  LAST_90_DAYS = 'LAST_90_DAYS',
  LAST_12_MONTHS = 'LAST_12_MONTHS',
  ALL_TIME = 'ALL_TIME',
}
registerEnumType(NamedWindow, {
  name: 'NamedWindow',
  description:
    "A window relative to today, or to the day of `asOf`. THIS_… is the whole period, its future included; fiscal periods begin with the organisation's first fiscal month.",
  valuesConfig: {
    TODAY: { description: 'Today.' },
    THIS_WEEK: { description: 'Monday to Sunday of this week.' },
    LAST_WEEK: { description: 'Monday to Sunday of the week before this one.' },
    THIS_MONTH: { description: 'This calendar month.' },
    LAST_MONTH: { description: 'The calendar month before this one.' },
    THIS_QUARTER: { description: 'This calendar quarter.' },
    LAST_QUARTER: { description: 'The calendar quarter before this one.' },
    THIS_YEAR: { description: 'This calendar year.' },
    LAST_YEAR: { description: 'The calendar year before this one.' },
    THIS_FISCAL_QUARTER: { description: 'This quarter of the fiscal year.' },
    LAST_FISCAL_QUARTER: { description: 'The fiscal quarter before this one.' },
    THIS_FISCAL_YEAR: { description: 'This fiscal year.' },
    LAST_FISCAL_YEAR: { description: 'The fiscal year before this one.' },
    LAST_30_DAYS: { description: 'The 30 days that end with today.' },
    LAST_90_DAYS: { description: 'The 90 days that end with today.' },
    LAST_12_MONTHS: { description: 'The twelve months that end with today.' },
    ALL_TIME: { description: 'Without bounds: what an omitted window means.' },
  },
});
