import {
  type DuplicateCandidateData,
  Refusal,
  UserErrorCode,
  type UserErrorData,
} from '../graphql/user-error.ts';
import type { MatchMethod } from '../leads/lead.enums.ts';
import type { ConversionSettings } from './conversion-records.ts';

/** A record that may be the one about to be created. */
export interface Candidate {
  id: string;
  score: number;
  matchedOn: string[];
  method: MatchMethod;
  isExact: boolean;
}

type Kind = DuplicateCandidateData['kind'];

/** What is told of candidates. */
export function candidateData(kind: Kind, candidates: Candidate[]): DuplicateCandidateData[] {
  return candidates.map(({ id, score, matchedOn, method }) => ({ kind, id, score, matchedOn, method }));
}

function duplicateFound(kind: Kind, candidates: Candidate[], message: string): UserErrorData {
  return {
    code: UserErrorCode.DUPLICATE_FOUND,
    message,
    path: [kind.toLowerCase()],
    candidates: candidateData(kind, candidates),
  };
}

/** Tells that no record was created, since an earlier lead of the same batch has made it. */
export function joinedInstead(kind: Kind, candidates: Candidate[]): UserErrorData {
  const noun = kind.toLowerCase();
  return duplicateFound(
    kind,
    candidates,
    `An earlier lead of the batch made the ${noun}: this one joined it, and ${noun}.create was left aside`,
  );
}

/** Several records are it, and none is picked silently: refused whatever the policy. */
export function refuseTie(kind: Kind, exact: Candidate[]): Refusal {
  const noun = kind.toLowerCase();
  return new Refusal(
    duplicateFound(
      kind,
      exact,
      `${exact.length} ${noun}s match the lead equally well: name one as ${noun}.existing`,
    ),
  );
}

/**
 * Applies the organisation's policies to the candidates of a record about to be created: refuses it, or returns the
 * warning to give (none when there is nothing to tell). `allowDuplicate` turns a refusal into a warning.
 */
export function warnOrRefuse(
  kind: Kind,
  candidates: Candidate[],
  { duplicatePolicy, similarPolicy }: Pick<ConversionSettings, 'duplicatePolicy' | 'similarPolicy'>,
  allowDuplicate: boolean,
): UserErrorData[] {
  const policyFor = (candidate: Candidate) => (candidate.isExact ? duplicatePolicy : similarPolicy);
  const told = candidates.filter((candidate) => policyFor(candidate) !== 'ALLOW');
  if (told.length === 0) return [];
  const noun = kind.toLowerCase();
  const blocks = !allowDuplicate && told.some((candidate) => policyFor(candidate) === 'BLOCK');
  if (blocks)
    throw new Refusal(
      duplicateFound(
        kind,
        told,
        `The ${noun} seems to exist: name it as ${noun}.existing, or set allowDuplicate`,
      ),
    );
  return [duplicateFound(kind, told, `The new ${noun} may exist already`)];
}
