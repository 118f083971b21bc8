import type { Context } from '../../graphql/context.ts';
import { ratio } from '../../graphql/exact-decimal.ts';
import type { Money } from '../../graphql/money.type.ts';
import { metricDefinition } from '../catalogue.ts';
import { exactMoney } from '../deals/deal-shapes.ts';
import { scopeSet } from '../deals/deal-sets.ts';
import { OTHERS, requireGroupCount } from '../grouping.ts';
import { plainView } from '../metric-view.ts';
import { attributionKeys } from './attribution-definitions.ts';
import type { InfluenceArgs } from './attribution.inputs.ts';
import { influence, type InfluenceRow, touchedDeals, UNTOUCHED } from './attribution.queries.ts';
import type { CampaignInfluence } from './attribution.type.ts';

const LABELS: Record<string, string> = { [UNTOUCHED]: 'UNATTRIBUTED', [OTHERS]: 'OTHER' };

/** Of each campaign that touched a deal in question, the most won first; then of the others, and what none touched. */
export async function loadCampaignInfluence(
  context: Context,
  { model, scope, first, ...args }: InfluenceArgs,
): Promise<CampaignInfluence[]> {
  const set = scopeSet(context, scope, plainView(context, args));
  const rows = await context.snapshot.query<InfluenceRow>(influence(set, model, requireGroupCount(first)));
  const byCampaign = Map.groupBy(rows, ({ group }) => group);
  const campaigns = [...byCampaign.keys()].filter((group) => !(group in LABELS));
  // its groups are campaigns, which only the touches tell
  const grouped = { ...set, linkedTo: undefined };
  return [...byCampaign].map(([group, own]) => ({
    ...influenceOf(own, context.organization.currency),
    definition: metricDefinition(attributionKeys[model]),
    origin: { set: grouped, group, counted: (of) => touchedDeals(of, campaigns) },
  }));
}

function influenceOf(rows: InfluenceRow[], home: string): Omit<CampaignInfluence, 'definition' | 'origin'> {
  const { group, touches, opportunities, amountMissing, label, cost } = rows.find(
    ({ currency }) => currency === null,
  )!;
  const { won = '0', pipeline = '0' } = rows.find(({ currency }) => currency === home) ?? {};
  const foreign = rows
    .filter(({ currency }) => currency !== null && currency !== home)
    .sort((a, b) => (a.currency! < b.currency! ? -1 : 1));
  const unconverted = (part: 'won' | 'pipeline'): Money[] =>
    foreign.filter((row) => row[part] !== '0').map((row) => exactMoney(row[part], row.currency!));
  return {
    ...{ touches, opportunities, amountMissing },
    campaignUuid: group in LABELS ? null : group,
    label: LABELS[group] ?? label!,
    won: exactMoney(won, home),
    pipeline: exactMoney(pipeline, home),
    wonUnconverted: unconverted('won'),
    pipelineUnconverted: unconverted('pipeline'),
    roi: cost === null ? null : ratio(BigInt(won) - BigInt(cost), cost),
  };
}
