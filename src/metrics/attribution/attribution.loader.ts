import type { Context } from '../../graphql/context.ts';
import type { Money } from '../../graphql/money.type.ts';
import { metricDefinition } from '../catalogue.ts';
import { exactMoney } from '../deals/deal-shapes.ts';
import { scopeSet } from '../deals/deal-sets.ts';
import { metricView } from '../metric-view.ts';
import { attributionKeys } from './attribution-definitions.ts';
import type { InfluenceArgs } from './attribution.inputs.ts';
import { influence, type InfluenceRow, touchedDeals } from './attribution.queries.ts';
import type { CampaignInfluence } from './attribution.type.ts';

const UNATTRIBUTED = 'UNATTRIBUTED';

/** Of each campaign that touched a deal in question, the most won first; what none touched comes last. */
export async function loadCampaignInfluence(
  context: Context,
  { model, scope, ...args }: InfluenceArgs,
): Promise<CampaignInfluence[]> {
  const set = scopeSet(context, scope, metricView(context, args));
  // its groups are campaigns, which only the touches tell
  const byCampaign = { ...set, linkedTo: undefined };
  const rows = await context.snapshot.query<InfluenceRow>(influence(set, model));
  const ofCampaigns = [...Map.groupBy(rows, ({ campaignUuid }) => campaignUuid).values()];
  return ofCampaigns.sort(byWeight(context.organization.currency)).map((own) => {
    const { campaignUuid } = own[0]!;
    return {
      ...influenceOf(own, context.organization.currency),
      definition: metricDefinition(attributionKeys[model]),
      origin: {
        ...{ set: byCampaign, group: campaignUuid ?? '' },
        counted: touchedDeals,
      },
    };
  });
}

const inCurrency = (rows: InfluenceRow[], home: string) => rows.find(({ currency }) => currency === home);

function byWeight(home: string) {
  return (a: InfluenceRow[], b: InfluenceRow[]): number => {
    if (a[0]!.campaignUuid === null || b[0]!.campaignUuid === null)
      return a[0]!.campaignUuid === null ? 1 : -1;
    for (const part of ['won', 'pipeline'] as const) {
      const [first, second] = [a, b].map((rows) => BigInt(inCurrency(rows, home)?.[part] ?? 0));
      if (first !== second) return first! > second! ? -1 : 1;
    }
    const [first, second] = [a, b].map((rows) => `${rows[0]!.label} ${rows[0]!.campaignUuid}`);
    return first! < second! ? -1 : 1;
  };
}

function influenceOf(rows: InfluenceRow[], home: string): Omit<CampaignInfluence, 'definition' | 'origin'> {
  const { touches, opportunities, amountMissing, campaignUuid, label, cost } = rows.find(
    ({ currency }) => currency === null,
  )!;
  const { won = '0', pipeline = '0' } = inCurrency(rows, home) ?? {};
  const foreign = rows
    .filter(({ currency }) => currency !== null && currency !== home)
    .sort((a, b) => (a.currency! < b.currency! ? -1 : 1));
  const unconverted = (part: 'won' | 'pipeline'): Money[] =>
    foreign.filter((row) => row[part] !== '0').map((row) => exactMoney(row[part], row.currency!));
  return {
    ...{ campaignUuid, touches, opportunities, amountMissing },
    label: label ?? UNATTRIBUTED,
    won: exactMoney(won, home),
    pipeline: exactMoney(pipeline, home),
    wonUnconverted: unconverted('won'),
    pipelineUnconverted: unconverted('pipeline'),
    roi: cost === null || cost === '0' ? null : Number(BigInt(won) - BigInt(cost)) / Number(cost),
  };
}
