import sql, { type Sql } from 'sql-template-tag';
import type { MetricText } from '../catalogue.ts';
import { MetricUnit } from '../metric.enums.ts';
import { AttributionModel } from './attribution.enums.ts';

interface AttributionDefinition extends MetricText {
  /**
   * What a touch weighs, over the `touch` of a deal: its `place` from 1 on among `touches`, the places of the last touch
   * by the conversion (`converted_place`) and by the creation of the deal (`created_place`; 0: there is none), and the
   * days from it to the deal's last touch (`age`).
   */
  weight: Sql;
  /** The per cent that touches without weight share evenly, if there are any. */
  others: number;
}

const TOUCH =
  'A touch is the campaign membership of a person with a role on the opportunity: of the contact, or of a lead that became this contact (by a conversion that was not reverted); of each campaign and person the first. It counts when it came about by the end of the close date (in the time zone of the organisation), for open opportunities until now (until asOf). Touches stand in the order of time, those of one moment in that of campaign and contact id.';
const SHARED =
  'Amounts are shared per opportunity to the minor unit: what rounding down leaves goes to the largest remainders, of equal ones to earlier touches. Won: opportunities won with closeDate in the window; pipeline: the open pipeline, whatever the window. Opportunities without any touch are UNATTRIBUTED.';

const model = (label: string, rule: string, weight: Sql, others = 0): AttributionDefinition => ({
  label: `Campaign influence: ${label}`,
  formula: `${rule} ${TOUCH} ${SHARED}`,
  unit: MetricUnit.MONEY,
  emptyValue: '0',
  weight,
  others,
});

const isFirst = sql`(touch.place = 1)::int`;
const isLast = sql`(touch.place = touch.touches)::int`;

/** Every model: its words beside its weights. */
export const attributionDefinitions = {
  campaignInfluenceFirst: model('first touch', 'The whole amount to the first touch.', isFirst),
  campaignInfluenceLast: model('last touch', 'The whole amount to the last touch.', isLast),
  campaignInfluenceLinear: model('linear', 'The amount ÷ the number of touches to each.', sql`1`),
  campaignInfluenceUShaped: model(
    'U-shaped',
    '40 % to the first touch, 40 % to the last, 20 % evenly to those between; without any between, half to each; a single touch gets all.',
    sql`${isFirst} + ${isLast}`,
    20,
  ),
  campaignInfluenceWShaped: model(
    'W-shaped',
    "30 % to each of three milestones, 10 % evenly to the other touches. The milestones: the first touch; the last one by the first conversion of a lead to one of the opportunity's people (of conversions that were not reverted); the last one by the creation of the opportunity. A touch that holds several gets their sum; a milestone without a touch leaves its share to the other milestones, as does the 10 % when there are no others: in equal parts per milestone.",
    sql`${isFirst} + (touch.place = touch.converted_place)::int + (touch.place = touch.created_place)::int`,
    10,
  ),
  campaignInfluenceTimeDecay: model(
    'time decay',
    'In proportion to 2^(−days ÷ 7), with the days (dates in the time zone of the organisation) from the touch to the last touch: the same shares as with the days to the close.',
    // as many decimals as keep the shares exact
    sql`power(2::numeric(41, 40), -touch.age::numeric(60, 40) / 7)`,
  ),
  campaignRoi: {
    label: 'Campaign return on investment',
    formula:
      "(Won amount attributed to the campaign − its actual cost) ÷ its actual cost. A cost in another currency is converted at the rate of the campaign's last day (else of its first, else of its creation). Null without a cost, with a cost of 0, or without a rate for it.",
    unit: MetricUnit.RATIO,
    emptyValue: 'null',
  },
} as const satisfies Record<string, AttributionDefinition | MetricText>;

export const attributionKeys = {
  [AttributionModel.FIRST]: 'campaignInfluenceFirst',
  [AttributionModel.LAST]: 'campaignInfluenceLast',
  [AttributionModel.LINEAR]: 'campaignInfluenceLinear',
  [AttributionModel.U_SHAPED]: 'campaignInfluenceUShaped',
  [AttributionModel.W_SHAPED]: 'campaignInfluenceWShaped',
  [AttributionModel.TIME_DECAY]: 'campaignInfluenceTimeDecay',
} as const;
