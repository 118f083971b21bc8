import 'reflect-metadata';
import { families } from '../src/metrics/catalogue.ts';
import type { MetricUnit } from '../src/metrics/metric.enums.ts';

const UNITS: Record<MetricUnit, string> = {
  COUNT: 'records',
  MONEY: 'money',
  RATIO: 'ratio',
  DAYS: 'days',
  MONEY_PER_DAY: 'money per day',
  MINUTES: 'minutes',
  CATEGORY: 'a name',
};

const INTRODUCTION = `# Metrics: a guide for analysts

This page is made from the catalogue that computes the metrics (\`npm run generate\`): a formula here is the one that the field is
described by in the playground, that \`metricDefinitions\` lists, and that stands beside its SQL.

## Asking

| what                                                             | where                                                                          |
| ---------------------------------------------------------------- | ------------------------------------------------------------------------------ |
| all opportunities, or a scope of them                            | \`metrics(scope, window, asOf)\`                                                 |
| one account, with those below it if you like; a person; a campaign | \`Account.metrics(window, asOf, includeChildren)\`, \`User.metrics\`, \`Campaign.metrics\` |
| groups: by tier, owner, team, stage, source, month, …            | \`metricGroups(by, scope, window, asOf, orderBy, having, first)\`                |
| period by period                                                 | \`metricSeries(interval, scope, window)\`                                        |
| leads                                                            | \`leadMetrics\`, \`leadGroups\`, \`User.leadMetrics\`                                |
| how well target accounts are known                               | \`accountCoverage\`, \`Account.coverage\`, \`Account.journey\`                       |
| from one pipeline to another                                     | \`pipelineMovement(from, to, scope, closing)\`                                   |
| what campaigns brought                                           | \`campaignInfluence(model, scope, window, first)\`                               |
| what lies idle                                                   | \`stagnantRecords(types)\`                                                       |

The playground has an operation for each of them. Only what is selected is computed: one statement per family of metrics and request,
however many accounts or groups there are.

## Rules

- **Nothing to measure.** Sums and counts of nothing are 0. Rates, averages and medians of nothing are null, with numerator and
  denominator given: no deals is not the same as no success.
- **Windows** are half-open, \`from\` the first day and \`to\` the first day after; by dates or by name (\`THIS_QUARTER\`, fiscal ones, …), in
  the organisation's time zone or another. Without one: all time. What was created goes by \`createdAt\`, what was won or lost by
  \`closeDate\`. A window never restricts the open, weighted or slipped pipeline.
- **\`compare\`** (\`PREVIOUS\`, \`LAST_YEAR\`) fills \`comparison\` with the same metrics of the other window.
- **As of.** \`asOf\` shows the world as it was known then, from history: a deal won then and lost later counts as won. As of now is what
  the tables say now. What has no history (owner, account, source, custom fields, a lead's status) is as it is now; what was deleted since is left
  out at every moment.
- **Groups** are computed from the rows, never from other groups, and add up to the whole. Having no value is a group of its own. With
  \`first\` all further groups are one more (\`isOther\`, which takes a second statement); \`having\` leaves groups out. With \`compare\` a group
  that has something only in the other window is listed, too. Averages do not add up, and are not meant to; weighted amounts do up to
  the cents by which each is rounded; people can count in several groups, and engagement adds up only by what accounts have.
- **Groups by period.** What was created is in the period of \`createdAt\`, everything else, stages as well, in that of the close date. For
  what happened from month to month, and how things stood then, ask for a series.
- **Series.** What happened in a period, as known now; current-state values as of its last moment: what is slipped is judged by
  its last day. Coverage and forecast go by the close date and are as known now, so of a past period they show what is left of it; how
  they stood then, \`asOf\` tells.
- **Money** is exact. Amounts in other currencies are converted at the rate of the close date, each rounded to the minor unit. Without a
  rate they are not in the sum but listed in \`unconverted\`: a missing rate is never 1. A missing amount counts as a record, adds 0, is
  left out of averages, and is told by \`amountMissing\`.
- **Rows.** \`records\` lists exactly the records a metric counts; its \`totalCount\` is the count. Of a rate: the denominator's, and with
  \`inNumerator\` those of the numerator, or the others. A \`filter\` and an \`orderBy\` judge the records as they are now. Behind a movement
  stand the steps of deals, too: \`changes\`. Behind engagement stand activities, which have no filter.
- **Rights.** Metrics count only what you may read. Today every role may read all of its organisation, so \`scopeNote\` is null.
- **Settings** (limits, minutes per activity, buying roles, targets, rates, teams): [metric-settings.md](metric-settings.md). More on
  [leads](lead-metrics.md), and on [movement and attribution](movement-and-attribution.md).
`;

const WRONG = `## Not these

Numbers that look alike and are not what these metrics say; each has a test that shows the difference.

- won ÷ all deals, open ones included, called win rate: open deals are no losses.
- An average deal size with lost deals or missing amounts as zeros.
- The mean of groups' means: a small group would weigh as much as a large one.
- A weighted pipeline without ÷ 100, or rounded per deal.
- 0 for a rate over nothing.
- Leads whose status is called "converted" while they are not.
- Sources left out because they are empty.
- A rate of 1 where there is none.
`;

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(definitions: (typeof families)[number]['definitions']): string {
  const rows = Object.entries(definitions).map(
    ([name, { key = name, label, formula, unit, emptyValue }]) =>
      `| \`${key}\` | ${cell(label)} | ${cell(formula)} | ${UNITS[unit]} | ${emptyValue} |`,
  );
  return ['| key | name | formula | unit | over nothing |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** The text of docs/metrics.md. */
export function metricsGuide(): string {
  const catalogue = families.map(({ title, definitions }) => `### ${title}\n\n${table(definitions)}\n`);
  return `${INTRODUCTION}\n## The catalogue\n\n${catalogue.join('\n')}\n${WRONG}`;
}
