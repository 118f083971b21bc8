import 'reflect-metadata';
import { Field, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import type { MatchMethod } from '../leads/lead.enums.ts';

export enum UserErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  FORBIDDEN_FIELD = 'FORBIDDEN_FIELD',
  INVALID_INPUT = 'INVALID_INPUT',
  LEAD_CONVERTED = 'LEAD_CONVERTED',
  INVALID_CONVERTED_STATUS = 'INVALID_CONVERTED_STATUS',
  CONTACT_NOT_IN_ACCOUNT = 'CONTACT_NOT_IN_ACCOUNT',
  OPPORTUNITY_CLOSED = 'OPPORTUNITY_CLOSED',
  OPPORTUNITY_NOT_IN_ACCOUNT = 'OPPORTUNITY_NOT_IN_ACCOUNT',
  OWNER_REQUIRED = 'OWNER_REQUIRED',
  DUPLICATE_FOUND = 'DUPLICATE_FOUND',
  STALE_VERSION = 'STALE_VERSION',
  PLAN_EXPIRED = 'PLAN_EXPIRED',
  IDEMPOTENCY_KEY_REUSED = 'IDEMPOTENCY_KEY_REUSED',
  HUMAN_REVIEW_REQUIRED = 'HUMAN_REVIEW_REQUIRED',
  BATCH_ABORTED = 'BATCH_ABORTED',
  REVERT_BLOCKED = 'REVERT_BLOCKED',
  ALREADY_REVERTED = 'ALREADY_REVERTED',
  HANDOFF_PENDING = 'HANDOFF_PENDING',
  HANDOFF_DECIDED = 'HANDOFF_DECIDED',
  HANDOFF_FORBIDDEN = 'HANDOFF_FORBIDDEN',
  PROPOSAL_OPEN = 'PROPOSAL_OPEN',
  PROPOSAL_NOT_OPEN = 'PROPOSAL_NOT_OPEN',
  SELF_APPROVAL_FORBIDDEN = 'SELF_APPROVAL_FORBIDDEN',
}
registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why a business rule refused a mutation. Stable: programs decide by it.',
  valuesConfig: {
    NOT_FOUND: { description: 'No such record in this organisation (it may be deleted).' },
    FORBIDDEN_FIELD: { description: 'The caller may not set this field.' },
    INVALID_INPUT: { description: 'A value is missing, malformed or contradicts another.' },
    LEAD_CONVERTED: {
      description: 'The lead is converted and so read-only; the error carries the conversion.',
    },
    INVALID_CONVERTED_STATUS: {
      description: 'The status is not one flagged converted; the error lists those.',
    },
    CONTACT_NOT_IN_ACCOUNT: { description: 'The existing contact belongs to another account.' },
    OPPORTUNITY_CLOSED: { description: 'The existing opportunity is closed.' },
    OPPORTUNITY_NOT_IN_ACCOUNT: { description: 'The existing opportunity belongs to another account.' },
    OWNER_REQUIRED: { description: 'The lead belongs to a queue: name an owner for the new records.' },
    DUPLICATE_FOUND: {
      description:
        'The record to create seems to exist; choose a candidate with `existing`, or set `allowDuplicate`.',
    },
    STALE_VERSION: {
      description: 'The record has changed since `ifVersion`; the error carries the current version.',
    },
    PLAN_EXPIRED: {
      description: 'The plan is too old, or does not hold any longer; the error tells what changed.',
    },
    IDEMPOTENCY_KEY_REUSED: { description: 'The key was used before with another input.' },
    HUMAN_REVIEW_REQUIRED: { description: 'A person with the right to convert has to do this.' },
    BATCH_ABORTED: {
      description: 'Nothing was done, since another record of the batch (ALL_OR_NOTHING) was refused.',
    },
    REVERT_BLOCKED: {
      description:
        'The conversion was built upon, or imported, so that it cannot be undone; the error lists why.',
    },
    ALREADY_REVERTED: {
      description:
        'The conversion is undone already. As a warning: the one that a repeated `idempotencyKey` answers with.',
    },
    HANDOFF_PENDING: {
      description: 'The lead is handed over already, and not decided on; the error carries that hand-off.',
    },
    HANDOFF_DECIDED: {
      description: 'The hand-off was accepted, bounced or withdrawn before; the error carries it.',
    },
    HANDOFF_FORBIDDEN: {
      description:
        'Accepting and bouncing is for who the lead was handed to, withdrawing for who handed it over; both for an administrator.',
    },
    PROPOSAL_OPEN: {
      description:
        "Somebody else's proposal to convert the lead is open and still holds; the error carries it.",
    },
    PROPOSAL_NOT_OPEN: {
      description:
        'The proposal was decided or has expired; the error carries it and what became of the lead.',
    },
    SELF_APPROVAL_FORBIDDEN: {
      description: 'The organisation wants another person than the proposer to approve (`reviewPolicy`).',
    },
  },
});

/** A candidate for a duplicate, by its ids; the record is loaded when a client selects it. */
export interface DuplicateCandidateData {
  kind: 'Account' | 'Contact';
  id: string;
  /** 0 to 1; 1 is an exact match. */
  score: number;
  matchedOn: string[];
  method: MatchMethod;
}

/** What keeps a conversion from being undone; `conversionId` stands for a record that is no more. */
export interface RevertBlockerData {
  type: 'Account' | 'Contact' | 'Opportunity' | 'Lead' | 'LeadConversion' | 'Activity';
  id: string;
  reason: string;
  conversionId: string;
}

/** One refusal or warning as services make it. The data beyond `path` chooses its GraphQL type. */
export interface UserErrorData {
  code: UserErrorCode;
  message: string;
  /** From the input's root: `["account", "existing"]`. */
  path?: string[] | null;
  conversionId?: string;
  candidates?: DuplicateCandidateData[];
  current?: number;
  allowed?: string[];
  changes?: string[];
  blockers?: RevertBlockerData[];
  handoffId?: string;
  /** UUID. */
  proposalId?: string;
}

/** Thrown inside a write by a business rule: everything rolls back, and the resolver answers with `userErrors`. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly errors: UserErrorData[];

  constructor(errors: UserErrorData | UserErrorData[]) {
    const list = Array.isArray(errors) ? errors : [errors];
    super(list.map((error) => error.message).join('; '));
    this.errors = list;
  }
}

/** The usual refusal: a field whose value won't do. */
export function invalidInput(path: string | string[], message: string): Refusal {
  return new Refusal({
    code: UserErrorCode.INVALID_INPUT,
    message,
    path: Array.isArray(path) ? path : [path],
  });
}

export function notFound(path: string | string[], message: string): Refusal {
  return new Refusal({ code: UserErrorCode.NOT_FOUND, message, path: Array.isArray(path) ? path : [path] });
}

/** The result of a write, or what the rules had against it. Other errors pass on. */
export async function orUserErrors<T>(
  write: Promise<T>,
): Promise<{ result: T; userErrors: [] } | { result: null; userErrors: UserErrorData[] }> {
  try {
    return { result: await write, userErrors: [] };
  } catch (error) {
    if (error instanceof Refusal) return { result: null, userErrors: error.errors };
    throw error;
  }
}

@InterfaceType('UserError', {
  description:
    'A business rule said no (in `userErrors`) or has a remark (in `warnings`). Concrete types carry data.',
  resolveType: (error: UserErrorData) => {
    if (error.proposalId !== undefined) return 'ProposalStateError';
    if (error.conversionId !== undefined) return 'LeadConvertedError';
    if (error.candidates !== undefined) return 'DuplicateFoundError';
    if (error.blockers !== undefined) return 'RevertBlockedError';
    if (error.changes !== undefined) return 'PlanExpiredError';
    if (error.handoffId !== undefined) return 'HandoffError';
    if (error.current !== undefined) return 'StaleVersionError';
    if (error.allowed !== undefined) return 'AllowedValuesError';
    return 'InputError';
  },
})
export abstract class UserError {
  @Field(() => UserErrorCode, { description: 'The rule; programs decide by it.' })
  code!: UserErrorCode;

  @Field(() => String, { description: 'One sentence for people.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The input field, from the root of `input`; null when the error is not about one field.',
  })
  path?: string[] | null;
}

@ObjectType('InputError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'An error without data of its own.',
})
export class InputError extends UserError {}

@ObjectType('StaleVersionError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'The record changed since it was read.',
})
export class StaleVersionError extends UserError {
  @Field(() => Int, { description: 'The version the record has now.' })
  current!: number;
}

@ObjectType('AllowedValuesError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'The value is not one of those possible.',
})
export class AllowedValuesError extends UserError {
  @Field(() => [String], { description: 'The values that are possible.' })
  allowed!: string[];
}
