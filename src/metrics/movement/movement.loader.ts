import type { Context } from '../../graphql/context.ts';
import { loadPage } from '../../graphql/load.ts';
import { type Order, type PageArguments, pageRequest } from '../../graphql/page.ts';
import { badInput } from '../../graphql/errors.ts';
import { metricDefinition } from '../catalogue.ts';
import { exactMoney } from '../deals/deal-shapes.ts';
import { scopeSet } from '../deals/deal-sets.ts';
import { metricView } from '../metric-view.ts';
import { metricWindow, refuseComparison } from '../metric-window.ts';
import { movementKey, type MovementName, movementNames } from './movement-definitions.ts';
import type { MovementArgs } from './movement.inputs.ts';
import {
  movedDeals,
  movementChanges,
  type MovementRequest,
  type MovementRow,
  movements,
} from './movement.queries.ts';
import {
  type Movement,
  MovementChangeConnection,
  type PipelineMovement,
  toMovementChange,
} from './movement.type.ts';

export async function loadPipelineMovement(context: Context, args: MovementArgs): Promise<PipelineMovement> {
  const request = movementRequest(context, args);
  const rows = await context.snapshot.query<MovementRow>(movements(request));
  const byName = Map.groupBy(rows, ({ kind }) => kind);
  const movement = (name: MovementName): Movement => ({
    ...amounts(byName.get(name) ?? [], context.organization.currency),
    definition: metricDefinition(movementKey(name)),
    ...{ name, request },
    origin: {
      ...{ set: request.set, group: '' },
      counted: (set) => movedDeals({ ...request, set }, name),
    },
  });
  return Object.fromEntries(movementNames.map((name) => [name, movement(name)]));
}

/** In time; a step that changed the amounts in two currencies has two. */
const inTime: Order[] = [
  { field: 'AT', descending: false, by: { column: 't.at', type: 'timestamptz' } },
  { field: 'CURRENCY', descending: false, by: { column: 't.currency', type: 'text' } },
];

const changeList = {
  connection: MovementChangeConnection,
  toNode: toMovementChange,
  always: ['uuid', 'opportunityUuid', 'value', 'currency'],
};

/** A page of what a movement's count and amounts are the sums of. */
export function loadMovementChanges(
  context: Context,
  { request, name }: Movement,
  args: PageArguments,
): Promise<MovementChangeConnection> {
  return loadPage(context, changeList, movementChanges(request, name), pageRequest(args, inTime));
}

function movementRequest(context: Context, { from, to, scope, closing }: MovementArgs): MovementRequest {
  const [begin, end] = [new Date(from), new Date(to)];
  if (begin > end)
    throw badInput('to', `must not lie before from (${begin.toISOString()}), got ${end.toISOString()}`);
  refuseComparison(closing, 'closing');
  const view = metricView(context, { asOf: to });
  return {
    set: scopeSet(context, scope, view),
    from: begin < view.moment ? begin : view.moment,
    closing: closing ? metricWindow(closing, context.organization, view.moment, 'closing') : null,
  };
}

function amounts(
  rows: MovementRow[],
  home: string,
): Pick<Movement, 'count' | 'deals' | 'amount' | 'amountMissing' | 'unconverted'> {
  const whole = rows.find(({ currency }) => currency === null);
  const own = rows.find(({ currency }) => currency === home);
  const foreign = rows
    .filter(({ currency }) => currency !== null && currency !== home)
    .sort((a, b) => (a.currency! < b.currency! ? -1 : 1));
  return {
    count: whole?.count ?? 0,
    deals: whole?.deals ?? 0,
    amountMissing: whole?.amountMissing ?? 0,
    amount: exactMoney(own?.amount ?? '0', home),
    unconverted: foreign.map(({ amount, currency }) => exactMoney(amount, currency!)),
  };
}
